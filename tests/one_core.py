"""DuckDB as tests open it: their workers have all cores at work already."""

from pathlib import Path

import duckdb

CONNECT = duckdb.connect
Config = dict[str, str | bool | int | float | list[str]]


def connect(
    database: str | Path = ":memory:", read_only: bool = False, config: Config | None = None
) -> duckdb.DuckDBPyConnection:
    """To share out a few rows among threads, and to hand them on to be written, takes a seventh more of a refresh, a
    quarter more of opening the sample."""
    return CONNECT(database, read_only, {"threads": 1, "async_threads": 0, **(config or {})})
