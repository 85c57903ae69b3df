"""The only reader of queries/: what the board can compute, and every problem in how it is written."""

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from kviboard.catalog import files
from kviboard.catalog.files import QueryFile
from kviboard.catalog.front_matter import read_kvi
from kviboard.domain.kvi import Kvi
from kviboard.errors import Problem
from kviboard.workspace import APP_ROOT, Workspace

__all__ = ["Catalog", "QueryFile", "catalog_fingerprint", "load_catalog"]


@dataclass(frozen=True)
class Catalog:
    """All query files of a workspace; what is broken is left out and listed in `problems`."""

    staging: dict[str, QueryFile]
    marts: dict[str, QueryFile]  # in the order in which they can be built
    checks: dict[str, QueryFile]
    views: dict[str, QueryFile]
    kvis: dict[str, Kvi]
    problems: tuple[Problem, ...]


def load_catalog(workspace: Workspace) -> Catalog:
    """Read queries/ of the board with the workspace's own laid over it."""
    roots = _roots(workspace)
    problems: list[Problem] = []
    kvis = {}
    for name, file in files.find_files(roots, "kvis").items():
        kvi, found = read_kvi(file, workspace.surveys.answer_counts_back_days)
        problems += found
        if kvi:
            kvis[name] = kvi
    sound = {kind: _sound(files.find_files(roots, kind), problems) for kind in ("staging", "marts", "checks", "views")}
    problems += _unknown_targets(workspace, kvis)
    marts = _in_build_order(sound["marts"], problems)
    return Catalog(sound["staging"], marts, sound["checks"], sound["views"], kvis, tuple(problems))


def catalog_fingerprint(workspace: Workspace) -> str:
    """Changes when any query file changes, so that a running board reads it again."""
    return files.fingerprint(_roots(workspace))


def _roots(workspace: Workspace) -> tuple:
    return (APP_ROOT / "queries", workspace.root / "queries")


def _sound(found: dict[str, QueryFile], problems: list[Problem]) -> dict[str, QueryFile]:
    sound = {}
    for name, file in found.items():
        wrong = files.select_problems(file.path, file.sql)
        problems += wrong
        if not wrong:
            sound[name] = file
    return sound


def _in_build_order(marts: dict[str, QueryFile], problems: list[Problem]) -> dict[str, QueryFile]:
    needs = {name: files.tables_read(file.sql) & marts.keys() for name, file in marts.items()}
    try:
        return {name: marts[name] for name in TopologicalSorter(needs).static_order()}
    except CycleError as error:
        circle = " → ".join(error.args[1])
        problems.append(Problem("queries/marts", f"these read each other in a circle: {circle}.", "Break it."))
        return {}


def _unknown_targets(workspace: Workspace, kvis: dict[str, Kvi]) -> list[Problem]:
    return [
        Problem(f"kviboard.toml, [[targets]] {target.kvi}", "is not a KVI.", f"Known are {', '.join(sorted(kvis))}.")
        for target in workspace.targets
        if target.kvi not in kvis
    ]
