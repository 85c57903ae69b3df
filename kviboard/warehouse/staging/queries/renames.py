"""Under which of our names a column of an export is read: as renamed, as it is called, or as it is all but called."""

from collections.abc import Iterable, Mapping, Sequence, Set

from kviboard.domain.names import likeness, plain_name
from kviboard.errors import Problem
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.missing_columns import some_names
from kviboard.workspace.settings import Source


def given_names(source: Source) -> dict[str, str]:
    """The renames of the settings: names as exported, folded, with ours."""
    return {plain_name(old).casefold(): new for old, new in source.rename.items()}


def new_names(source: Source, tables: Iterable[Sequence[str]], used: Iterable[str]) -> dict[str, str]:
    """Columns, folded, with the names that they are read under where it is another; `tables`: the columns of each file.

    A column that has another name than any that is `used`, but for capitals, blanks and the like, is read as that one
    where nothing else in its file is.
    """
    files = [{column.casefold() for column in columns} for columns in tables]
    renames, known = given_names(source), set(used)
    alike = {likeness(name): name for name in sorted(known, reverse=True)}
    found: dict[str, str] = {}
    for column in sorted({column for file in files for column in file} - renames.keys() - known):
        target = alike.get(likeness(column))
        if target and all(_is_only(column, target, file, renames, alike) for file in files if column in file):
            found[column] = target
    return {**renames, **found}


def _is_only(column: str, target: str, file: Set[str], renames: Mapping[str, str], alike: Mapping[str, str]) -> bool:
    """Whether no other column of its file is read as `target` or called like it."""
    return all(
        (renames[other].casefold() if other in renames else alike.get(likeness(other))) != target
        for other in file - {column}
    )


def said_of_names(name: str, source: Source, columns: Sequence[str], names: Mapping[str, str]) -> list[ExportDecision]:
    """One note for all columns of a source that are read under a name that no setting gives."""
    given = given_names(source)
    own = names.keys() - given.keys()
    read = [(column, names[column.casefold()]) for column in columns if column.casefold() in own]
    if not read:
        return []
    told = ", ".join(f'"{column}" as {new}' for column, new in read)
    setting = f"[sources.{name}] rename decides otherwise."
    return [
        ExportDecision(
            where=f"The files of {name}", what=f"have columns under names like ours: {told}.", setting=setting
        )
    ]


def unused_renames(name: str, source: Source, columns: Sequence[str]) -> list[Problem]:
    """Renames of columns that no file has."""
    known = {column.casefold() for column in columns}
    where = f"kviboard.toml, [sources.{name}] rename"
    return [
        Problem(
            where,
            f'no file has a column "{old}".',
            f"Found: {some_names(columns, [old])}. Correct the name, or remove it there.",
        )
        for old in source.rename
        if plain_name(old).casefold() not in known
    ]
