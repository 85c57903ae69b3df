"""Keeps the warehouse up to date and says what it found: refresh, check, go back. What is in it is for `exports`."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kviboard.board.board import Board, open_board
from kviboard.board.context import store_place
from kviboard.board.exports.actor import BY_OWNER, Actor
from kviboard.board.exports.own_kvis import kvis_of_first_products
from kviboard.board.exports.row_outcomes import corrected_text, each_file_once, outcome_word, shown_outcomes
from kviboard.board.exports.uploads import remove_expired
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_grains
from kviboard.board.kvis.segments import within_segment
from kviboard.board.kvis.tables import NO_SPRINTS, unknown_in
from kviboard.catalog import load_catalog
from kviboard.domain.formatting import counted, format_day, plural
from kviboard.domain.kvis.kvi import Kvi
from kviboard.errors import KviBoardError, NotBuiltError, Problem, RefreshError, StoreError, UsageError
from kviboard.store import reach
from kviboard.warehouse.fetching import fetch_all
from kviboard.warehouse.manifest import ExportDecision, Manifest
from kviboard.warehouse.origin import needs_refresh
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.versions import current_version, finish_publishing, roll_back
from kviboard.workspace import Workspace
from kviboard.workspace.mail_settings import DigestSettings

Progress = Callable[[str, float], None]
WhatFails = Callable[[Board], tuple[Problem, ...]]
_ASKED_AGAIN = 900.0  # seconds, of an address that failed


@dataclass(frozen=True)
class MaintenanceReport:
    """What a refresh or check says: lines for the reader, what is wrong, what is sound but should be known, and how
    the exports were read where they can be read in two ways."""

    lines: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    decisions: tuple[ExportDecision, ...] = ()


def refresh_now(workspace: Workspace, progress: Progress | None = None) -> MaintenanceReport:
    """Read the exports and publish a new version. Raises RefreshError, the version before staying in use."""
    from kviboard.warehouse.refresh import refresh

    remove_expired(workspace)
    stale = fetch_all(workspace)
    catalog = load_catalog(workspace)
    manifest = refresh(workspace, catalog, progress)
    board = Board(workspace, catalog, Reader(workspace, manifest.version, in_memory=False))
    lines = (f"Version {manifest.version} is in use.", *_summary(manifest), *_waiting(board))
    warnings = _once((*stale, *manifest.problems, *broken_checks(manifest)))
    return MaintenanceReport(lines, _once(board.problems), warnings, manifest.decisions)


def refresh_if_needed(workspace: Workspace, progress: Progress | None = None) -> bool:
    """Refresh where exports, settings or queries changed; whether it did. Raises RefreshError."""
    finish_publishing(workspace)
    remove_expired(workspace)
    catalog = load_catalog(workspace)
    if not needs_refresh(workspace, catalog):
        return False
    from kviboard.warehouse.refresh import refresh  # takes a tenth of a start to load, and most starts need none

    refresh(workspace, catalog, progress)
    return True


def watch(workspace: Callable[[], Workspace], say: Callable[[str], None], seconds: float = 5, rounds: int = 0) -> None:
    """Refresh whenever exports, settings or queries change, until it is interrupted; `rounds`: so often only. What a
    refresh refuses is said once, and tried again when something changes. What is fetched once a day is fetched on each
    new day; what could not be is said, and asked for again a quarter of an hour later."""
    done, refused, asks_at = 0, "", 0.0
    while not rounds or done < rounds:
        done += 1
        try:
            here = workspace()
            if time.monotonic() >= asks_at and (missing := fetch_all(here)):
                asks_at = time.monotonic() + _ASKED_AGAIN
                say("\n".join(map(str, missing)))
            if refresh_if_needed(here):
                say(f"Refreshed: version {current_version(here)} is in use.")
            refused = ""
        except KviBoardError as error:
            if str(error) != refused:
                refused = str(error)
                say(refused)
        if not rounds or done < rounds:
            time.sleep(seconds)


def refresh_if_possible(workspace: Workspace, progress: Progress | None = None) -> str:
    """Like refresh_if_needed, but a refusal leaves the version before in use and is returned as a sentence. Raises
    RefreshError where there is no version yet."""
    try:
        refresh_if_needed(workspace, progress)
    except RefreshError as error:
        try:
            version = current_version(workspace)
        except NotBuiltError:
            raise error from None
        return f"{error}\nVersion {version} stays in use."
    return ""


def check(
    workspace: Workspace, progress: Progress | None = None, what_else: WhatFails = lambda board: ()
) -> MaintenanceReport:
    """Everything wrong with settings, queries and data, and `what_else` finds on the board of them. Builds a version to
    look at and publishes nothing.

    Raises RefreshError where it could not look, because another refresh is running or nothing can be written.
    """
    from kviboard.warehouse.refresh import refresh

    catalog = load_catalog(workspace)
    settings = (*store_out_of_reach(workspace), *catalog.problems)
    failing: list[Problem] = []
    try:
        manifest = refresh(
            workspace, catalog, progress, lambda version: failing.extend(_what_fails(workspace, what_else, version))
        )
    except RefreshError as error:
        if not error.problems:
            raise
        refused = "A refresh would not publish these exports."
        return MaintenanceReport((refused,), _once((*error.problems, *settings, *_what_fails(workspace, what_else))))
    problems = _once((*settings, *failing, *manifest.problems))
    warnings = _once((*broken_checks(manifest), *kvis_of_first_products(catalog, manifest)))
    in_doubt = any(decision.level == "warning" for decision in manifest.decisions)
    fine = () if problems or warnings or in_doubt else ("Nothing is wrong.",)
    return MaintenanceReport((*_summary(manifest), *fine), problems, warnings, manifest.decisions)


def go_back(workspace: Workspace, version: str, actor: Actor = BY_OWNER) -> None:
    """Use another version again. Raises RefreshError where it is gone, NotAllowedError where `actor` may not."""
    actor.begin("put in use", version=version)
    roll_back(workspace, version)


def broken_checks(manifest: Manifest) -> tuple[Problem, ...]:
    """Rules that this version breaks; those no version may break are never published."""
    return tuple(
        Problem(
            f"Check {result.check_name}",
            f"{result.rows_broken:,} {_rows(result.rows_broken)} its rule: {result.title}.",
            f"One of them: {result.example}.",
        )
        for result in manifest.checks
        if result.rows_broken
    )


def _rows(count: int) -> str:
    return plural(count, "row breaks", "rows break")


def store_out_of_reach(workspace: Workspace) -> tuple[Problem, ...]:
    """Why what people write cannot be kept at the [store] url; without one it lies in the state folder."""
    if workspace.store.url is None:
        return ()
    try:
        reach(store_place(workspace))
    except StoreError as error:
        return (Problem("kviboard.toml, [store] url", str(error)),)
    return ()


def _what_fails(workspace: Workspace, what_else: WhatFails, version: str = "") -> tuple[Problem, ...]:
    """KVI files, digests and segments that a version cannot answer, the one in use unless given, and what else fails on
    it; none before the first refresh."""
    try:
        board = open_board(workspace, in_memory=False, version=version)
    except NotBuiltError:
        return ()
    own = own_kvis_that_fail(board) + what_else(board)
    return board.broken + own + digests_that_fail(board) + segments_without_customers(board)


def own_kvis_that_fail(board: Board) -> tuple[Problem, ...]:
    """Files of the company's own KVIs that cannot be computed in the grain they are judged in: what is wrong with a
    value shows only then."""
    asked: dict[str, list[Kvi]] = {}
    for kvi in board.kvis.values():
        if kvi.is_own:
            asked.setdefault(board.judged_grain(kvi), []).append(kvi)
    found = read_grains(board, asked, View())
    troubles = [readings[0].trouble for by_name in found.values() for readings in by_name.values()]
    return tuple(Problem(*trouble.split(": ", 1)) for trouble in troubles if trouble)


def digests_that_fail(board: Board) -> tuple[Problem, ...]:
    """What [[mail.digests]] name and this board does not have: dimensions, their values, sprints."""
    problems = []
    for digest in board.workspace.mail.digests:
        sentences = unknown_in(board, View(by=digest.by, where=digest.filters))
        sentences += _no_such_segment(board, digest)
        sentences += [NO_SPRINTS] if digest.grain == "sprint" and not board.calendar.sprints else []
        called = f" “{digest.name}”" if digest.name else ""
        problems += [Problem(f"kviboard.toml, [[mail.digests]]{called}", sentence) for sentence in sentences]
    return tuple(problems)


def _no_such_segment(board: Board, digest: DigestSettings) -> list[str]:
    try:
        within_segment(board.workspace, digest.segment, digest.filters)
    except UsageError as error:
        return [str(error)]
    return []


def segments_without_customers(board: Board) -> tuple[Problem, ...]:
    """Values of [segments.NAME] that no customer has."""
    return tuple(
        Problem(f"kviboard.toml, [segments.{name}]", sentence)
        for name, segment in board.workspace.segments.items()
        for sentence in unknown_in(board, View(where=tuple(segment.chosen.items())))
    )


def _once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problems))


def _summary(manifest: Manifest) -> tuple[str, ...]:
    files = each_file_once(manifest.files)
    rows, used = ([row for row in files if (row.role == "lookup") is looked_up] for looked_up in (False, True))
    read, looked_up = sum(row.rows_read for row in files), sum(row.rows_read for row in used)
    counts = {name: sum(getattr(row, name) for row in rows) for name in shown_outcomes(rows)}
    terms = [f"{count:,} {outcome_word(name, count)}" for name, count in counts.items()]
    terms += [f"{looked_up:,} looked up or added up by queries"] if looked_up else []
    holding = sum(not check.rows_broken for check in manifest.checks)
    reach = max((span.data_through for span in manifest.reach.values()), default=None)
    return (
        f"{counted(read, 'row')} of {counted(len(files), 'file')} read = {' + '.join(terms)}.",
        *filter(None, [corrected_text(files)]),
        f"The data reaches {format_day(reach)}." if reach else "No export has dated rows.",
        f"{holding} of {len(manifest.checks)} checks hold.",
    )


def _waiting(board: Board) -> tuple[str, ...]:
    """One line per export that is not there and the KVIs that need it."""
    lines = []
    for lack in sorted(set(board.waiting.values())):
        names = [board.catalog.kvis[name].title for name, needs in board.waiting.items() if needs == lack]
        needs = lack if len(names) == 1 else lack.replace("needs", "need", 1)
        lines.append(f"Waiting: {', '.join(names)} {needs}.")
    return tuple(lines)
