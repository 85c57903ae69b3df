"""The words of the workspace's themes as a table that marts read."""

from collections.abc import Iterable

import duckdb

from kviboard.catalog import Theme
from kviboard.warehouse.engine import insert_rows


def create_theme_words(connection: duckdb.DuckDBPyConnection, themes: Iterable[Theme]) -> None:
    """Create theme_words (theme, word), a word as it is looked for in `comments.words`."""
    connection.execute("create table theme_words (theme varchar, word varchar)")
    insert_rows(connection, "theme_words", [[theme.name, word] for theme in themes for word in theme.words])
