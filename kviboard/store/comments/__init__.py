"""Comments on objectives, key results and decisions, as they are kept."""
