"""Takes exports from where only Spark reaches them: files of a lake byte for byte, tables of its catalogue as Parquet.

They come to lie where `files` of their source looks, so that everything else is as with any other export. Files that
are there already are not copied again; those that are gone from the lake go here, too.
"""

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kviboard.errors import Problem, RefreshError
from kviboard.files import write_atomically
from kviboard.warehouse.files.discovery import absolute_pattern
from kviboard.warehouse.spark.cluster import Cluster, found_at
from kviboard.warehouse.spark.session import in_words
from kviboard.workspace import Workspace
from kviboard.workspace.settings import TABLE, Source

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

_MAGIC = re.compile(r"[*?{\[]")
Places = dict[str, tuple[str, list[int]]]  # by the name of a file here: its address, its bytes and when it was changed


def take_all(workspace: Workspace, say: Callable[[str], None]) -> None:
    """Take what the sources name. Raises RefreshError where something cannot be taken."""
    sources = {name: source for name, source in workspace.sources.items() if source.lake}
    if not sources:
        return
    folder = workspace.state / "lake"
    folder.mkdir(parents=True, exist_ok=True)
    with closing(Cluster(workspace.engine, folder, say)) as cluster:
        for name, source in sources.items():
            target = Path(absolute_pattern(workspace, source.patterns[0])).parent
            target.mkdir(parents=True, exist_ok=True)
            try:
                take = _take_table if source.lake.startswith(TABLE) else _take_files
                take(cluster, name, source, target, folder / f"{name}.json")
            except RefreshError:
                raise
            except Exception as error:  # pyspark, Java and gRPC have each their own
                is_nothing = "PATH_NOT_FOUND" in str(error)
                what = f"nothing is at {source.lake}." if is_nothing else in_words(error)
                problem = Problem(f"kviboard.toml, [sources.{name}] lake", what)
                raise RefreshError(f"The refresh was not published: {problem}", [problem]) from error


def _take_files(cluster: Cluster, name: str, source: Source, target: Path, known: Path) -> None:
    """Copy the files of an address that are new, in the cluster's tasks."""
    cluster.session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "1")  # each holds a whole file
    reader = cluster.session.read.format("binaryFile").option("recursiveFileLookup", "true")
    listed = reader.load(source.lake)
    rows = cluster.wait(f"the list of {name}", listed.select("path", "length", "modificationTime").collect)
    found: Places = {
        _name_of(row.path, source.lake): (row.path, [row.length, int(row.modificationTime.timestamp() * 1000)])
        for row in rows
        if row.length
    }
    if not found:
        raise RefreshError(f"The refresh was not published: [sources.{name}] lake: nothing is at {source.lake}.")
    before = _known(known)
    new = {
        file: place
        for file, (place, stamp) in found.items()
        if before.get(file) != stamp or not (target / file).is_file()
    }
    if new:
        _copy(
            cluster,
            name,
            reader.load([found_at(place) for place in new.values()]),
            {place: file for file, place in new.items()},
            target,
        )
    lacking = [file for file, (_, (length, _)) in found.items() if _length(target / file) != length]
    if lacking:
        what = f"Spark copied {lacking[0]} where this machine does not find it: {target}"
        raise RefreshError(f"The refresh was not published: {what}; let it lie where both see it.")
    for gone in before.keys() - found.keys():
        (target / gone).unlink(missing_ok=True)
    _remember(known, {file: stamp for file, (_, stamp) in found.items()})


def _copy(cluster: Cluster, name: str, frame: "DataFrame", names: Mapping[str, str], target: Path) -> None:
    from pyspark import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    copied = frame.select("path", "content").mapInArrow(_writing(dict(names), str(target)), "path string")
    cluster.wait(name, copied.collect)


def _writing(names: dict[str, str], target: str) -> Callable[[Iterable["pa.RecordBatch"]], Iterator["pa.RecordBatch"]]:
    """What a task does with the files that it was given; nothing of the board is needed there."""

    def run(batches: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        import os

        for batch in batches:
            for path, content in zip(batch.column(0), batch.column(1), strict=True):
                place = os.path.join(target, names[path.as_py()])
                with open(f"{place}.part", "wb") as file:
                    file.write(content.as_buffer())
                os.replace(f"{place}.part", place)
            yield batch.select([0])

    return run


def _take_table(cluster: Cluster, name: str, source: Source, target: Path, known: Path) -> None:
    """Write a table of the catalogue as Parquet, in the place of what was taken before."""
    parts = cluster.write(name, cluster.session.table(source.lake.removeprefix(TABLE)))
    files = {f"{name}-{number:05}.parquet": part for number, part in enumerate(parts, start=1)}
    for file, part in files.items():
        shutil.move(part, target / file)
    for gone in _known(known).keys() - files.keys():
        (target / gone).unlink(missing_ok=True)
    _remember(known, {file: [] for file in files})


def _name_of(path: str, address: str) -> str:
    """What a file is called here: its path below the part of the address that has no star, in one name."""
    fixed = _MAGIC.split(address)[0].rpartition("/")[0] if _MAGIC.search(address) else address.rstrip("/")
    below = re.sub("^[a-z0-9]+:/*", "", path).removeprefix(re.sub("^[a-z0-9]+:/*", "", fixed)).strip("/")
    return (below or path.rpartition("/")[2]).replace("/", "_")


def _length(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1


def _known(place: Path) -> dict[str, Any]:
    try:
        held: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return held


def _remember(place: Path, found: dict[str, Any]) -> None:
    with write_atomically(place) as unfinished:
        unfinished.write_text(json.dumps(found), encoding="utf-8")
