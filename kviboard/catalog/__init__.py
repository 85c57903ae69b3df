"""The only reader of queries/: what the board can compute, and every problem in how it is written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeVar

from kviboard.catalog import files
from kviboard.catalog.files import QueryFile
from kviboard.catalog.kvi_file import read_kvi
from kviboard.catalog.theme_file import Theme, read_theme
from kviboard.catalog.view_file import ViewFile, read_view
from kviboard.domain.contract import CONTRACT
from kviboard.domain.formatting import format_value
from kviboard.domain.kvis.kvi import AS_A_LIMIT, Kvi, beyond_limits
from kviboard.errors import Problem
from kviboard.workspace import APP_ROOT, Workspace

_LARGEST_SHARE = 10  # as a target: 1,000 %
Kind = TypeVar("Kind")

__all__ = ["Catalog", "QueryFile", "Theme", "ViewFile", "catalog_fingerprint", "load_catalog"]


@dataclass(frozen=True)
class Catalog:
    """All query files of a workspace; what is broken is left out and listed in `problems`."""

    staging: dict[str, QueryFile]
    marts: dict[str, QueryFile]  # in the order in which they can be built
    checks: dict[str, QueryFile]
    views: dict[str, ViewFile]
    kvis: dict[str, Kvi]
    themes: dict[str, Theme]
    problems: tuple[Problem, ...]


def load_catalog(workspace: Workspace) -> Catalog:
    """Read queries/ of the board with the workspace's own laid over it."""
    roots = _roots(workspace)
    problems: list[Problem] = []
    surveys = workspace.surveys
    days = (surveys.answer_counts_back_days, surveys.valid_days)
    kvis = _read(files.find_files(roots, "kvis"), lambda file: read_kvi(file, *days), problems)
    views = _read(files.find_files(roots, "views"), read_view, problems)
    themes = _read(files.find_files(roots, "themes", ".txt"), read_theme, problems)
    sound = {kind: _sound(files.find_files(roots, kind), problems) for kind in ("staging", "marts", "checks")}
    problems += [*_unknown_kvis(kvis), *_strange_targets(workspace, kvis)]
    marts = _in_build_order(sound["marts"], problems)
    return Catalog(sound["staging"], marts, sound["checks"], views, kvis, themes, tuple(problems))


def catalog_fingerprint(workspace: Workspace) -> str:
    """Changes when any query file changes, so that a running board reads it again."""
    return files.fingerprint(_roots(workspace))


def _roots(workspace: Workspace) -> tuple[Path, Path]:
    return (APP_ROOT / "queries", workspace.root / "queries")


def _read(
    found: dict[str, QueryFile],
    read: Callable[[QueryFile], tuple[Kind | None, tuple[Problem, ...]]],
    problems: list[Problem],
) -> dict[str, Kind]:
    sound = {}
    for name, file in found.items():
        made, wrong = (None, file.read_problems) if file.unreadable else read(file)
        problems += wrong
        if made:
            sound[name] = made
    return sound


def _sound(found: dict[str, QueryFile], problems: list[Problem]) -> dict[str, QueryFile]:
    sound = {}
    for name, file in found.items():
        wrong = file.read_problems or files.select_problems(file.path, file.sql)
        problems += wrong
        if not wrong:
            sound[name] = file
    return sound


def _in_build_order(marts: dict[str, QueryFile], problems: list[Problem]) -> dict[str, QueryFile]:
    """The marts, each after those that it reads. Left out is what cannot be built: all others stay, for every KVI
    reads some of them."""
    left = {name: mart for name, mart in marts.items() if name not in CONTRACT}
    for name in marts.keys() - left.keys():
        what = f"{name} is a table that exports are read into."
        problems.append(Problem(marts[name].path, what, "Give the mart another name."))
    while True:
        needs = {name: files.tables_read(mart.sql) & left.keys() for name, mart in left.items()}
        try:
            return {name: left[name] for name in TopologicalSorter(needs).static_order()}
        except CycleError as error:
            *circle, _ = error.args[1]
            what = f"these read each other in a circle: {' → '.join(error.args[1])}."
            problems.append(Problem("queries/marts", what, "Let one of them read something else."))
            for name in [name for name in circle if not left[name].built_in] or circle:
                del left[name]


def _unknown_kvis(kvis: dict[str, Kvi]) -> Iterator[Problem]:
    """What a KVI's file names as another KVI and is none: it would be left out without a word."""
    for kvi in kvis.values():
        for key, name in (("coverage", kvi.coverage), ("mirrors", kvi.mirrors)):
            if name and name not in kvis:
                yield Problem(kvi.path, f"{key}: {name} is not a KVI.", f"Known are {', '.join(sorted(kvis))}.")


def _strange_targets(workspace: Workspace, kvis: dict[str, Kvi]) -> Iterator[Problem]:
    """Targets of kviboard.toml for what is no KVI, or that it can never reach: mostly 55 for 55 %."""
    for target in workspace.targets:
        where, kvi = f"kviboard.toml, [[targets]] {target.kvi}", kvis.get(target.kvi)
        if kvi is None:
            yield Problem(where, "is not a KVI.", f"Known are {', '.join(sorted(kvis))}.")
            continue
        if kvi.no_target:
            yield Problem(where, kvi.no_target, AS_A_LIMIT)
        why = beyond_limits(kvi, target.value, workspace.company.currency)
        if kvi.unit == "percent" and not why and target.value > _LARGEST_SHARE:
            why = "is hardly meant."
        if why:
            hint = "Percentages are fractions here: 0.55 is 55 %." if kvi.unit == "percent" else "Fix the value."
            shown = format_value(target.value, kvi.unit, workspace.company.currency)
            yield Problem(where, f"is {target.value:g}, and {shown} {why}", hint)
