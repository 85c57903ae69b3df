"""What the databases say when they refuse, in sentences people can act on. Nothing below leaves the store otherwise."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import CheckConstraint, exc

from kviboard.errors import KviBoardError, StoreError
from kviboard.store.schema import metadata

# What the driver says -> what people read. Searched in order; the text comes from SQLite, psycopg or PostgreSQL.
SENTENCES = (
    (
        "database is locked|canceling statement due to lock timeout|LockNotAvailable",
        "Somebody else is saving for longer than usual; nothing was saved: try again in a moment.",
    ),
    (
        "readonly database|read-only transaction|permission denied",
        "{where} may not be written by this program: give it the right to write there, or name another store"
        " under [store] url in kviboard.toml.",
    ),
    (
        "unable to open database file",
        "{where} cannot be opened: see that its folder exists and may be written by this program.",
    ),
    (
        "disk is full|No space left|disk I/O error",
        "{where} has no room left or cannot write; nothing was saved: free some.",
    ),
    (
        "not a database|malformed|file is encrypted",
        "{where} is damaged or not a store of this program: put a backup in its place, or import an export file into a"
        " new one.",
    ),
    (
        "does not exist$|password authentication|no pg_hba.conf entry",
        "{where} refuses this program ({cause}): check [store] url in kviboard.toml.",
    ),
    (
        "connection|connect|server closed|terminating|timeout expired|could not translate|starting up|QueuePool",
        "{where} cannot be reached; nothing was saved: see that the server runs and try again.",
    ),
)
SQLITE_REFUSAL = re.compile(r"(CHECK|UNIQUE) constraint failed: (?:index ')?([^']+)'?")


@contextmanager
def as_sentences(where: str) -> Iterator[None]:
    """Turns whatever a database raises inside into a StoreError with a sentence; `where` names the store in it."""
    try:
        yield
    except exc.StatementError as error:
        if isinstance(error.orig, KviBoardError):  # a value the column kinds refuse
            raise error.orig from None
        raise StoreError(
            _refusal(error) if isinstance(error, exc.IntegrityError) else _failure(error, where)
        ) from error
    except OverflowError as error:
        raise StoreError("There is no number as large as that in the store: look again.") from error
    except exc.SQLAlchemyError as error:
        raise StoreError(_failure(error, where)) from error


def _failure(error: exc.SQLAlchemyError, where: str) -> str:
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    for pattern, sentence in SENTENCES:
        if re.search(pattern, cause):
            return sentence.format(where=where, cause=cause)
    return f"{where} could not do this: {cause}."


def _refusal(error: exc.IntegrityError) -> str:
    """The sentence of the rule that a row breaks."""
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    found = SQLITE_REFUSAL.search(str(error.orig))
    sentence = _rules().get(name or (found.group(2) if found else ""))
    if sentence:
        return sentence
    if "foreign key" in str(error.orig).lower():
        return "What this belongs to is not there any more: look again."
    return f"The store refuses this: {str(error.orig).splitlines()[0]}."


@cache
def _rules() -> dict[str, str]:
    """Every rule's sentence by its name; of unique indexes also by their columns, which is how SQLite names them."""
    tables = metadata.tables.values()
    checks = [part for table in tables for part in table.constraints if isinstance(part, CheckConstraint)]
    indexes = [index for table in tables for index in table.indexes if index.unique]
    columns = {", ".join(f"{index.table}.{column.name}" for column in index.columns): index for index in indexes}
    sentences = {str(check.name): check.info["sentence"] for check in checks}
    sentences |= {str(index.name): index.info["sentence"] for index in indexes}
    return sentences | {name: index.info["sentence"] for name, index in columns.items()}
