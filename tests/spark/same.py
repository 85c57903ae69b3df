"""Compares two published versions, table by table and row by row."""

from pathlib import Path

import duckdb

from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.versions import current_version, read_manifest, version_folder
from kviboard.workspace import load_workspace


def published(root: Path) -> tuple[Path, Manifest]:
    """The folder and the manifest of the version in use."""
    workspace = load_workspace(root)
    folder = version_folder(workspace, current_version(workspace))
    manifest = read_manifest(folder)
    assert manifest
    return folder, manifest


def differences(one: Path, other: Path) -> list[str]:
    """What differs between the versions in use of two workspaces: tables, columns, types, rows, and what was found.

    Sums of minutes are sums of doubles, whose last digits depend on the order of adding.
    """
    (folder, manifest), (other_folder, other_manifest) = published(one), published(other)
    told = ("tables", "provided", "reach", "dimensions", "files", "checks", "decisions")
    found = [name for name in told if getattr(manifest, name) != getattr(other_manifest, name)]
    with duckdb.connect() as connection:
        for table in manifest.tables.keys() & other_manifest.tables.keys():
            files, others = ([str(where / name) for name in which.files_of(table)] for where, which in
                             ((folder, manifest), (other_folder, other_manifest)))  # fmt: skip
            columns, other_columns = (
                [row[:2] for row in connection.execute("describe select * from read_parquet(?)", [paths]).fetchall()]
                for paths in (files, others)
            )
            if columns != other_columns:
                found.append(f"{table}: {columns} and {other_columns}")
                continue
            values = ", ".join(f'round("{name}", 6)' if kind == "DOUBLE" else f'"{name}"' for name, kind in columns)
            rows = f"select {values} from read_parquet(?)"
            for first, second in ((files, others), (others, files)):
                row = connection.execute(f"{rows} except all {rows}", [first, second]).fetchone()
                found += [f"{table}: {row}"] if row else []
    return found
