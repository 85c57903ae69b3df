"""The only DuckDB: reads exports, builds, publishes and queries the warehouse."""
