"""Forgets one customer: nothing that the board keeps names them any more, and no later export brings them back.

What they are called and what they said is looked up first, then taken out of frozen reviews, then their id's hash is
put on the list, and a refresh without them replaces every version. Interrupted, it is finished by doing it again.
"""

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from kviboard.board.exports.actor import BY_OWNER, Actor
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.uploads import remove_all_uploads
from kviboard.domain.contract import EVENT_TABLES
from kviboard.domain.formatting import counted, listed, plural
from kviboard.errors import BusyError, KviBoardError, RefreshError, UsageError
from kviboard.store import Store
from kviboard.warehouse.aliases import ids_of
from kviboard.warehouse.forgotten import files_with_forgotten, keep_forgotten, read_forgotten
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.versions import list_versions
from kviboard.workspace import CONFIG_NAME, Workspace

TakeOut = Callable[[dict[str, Any], frozenset[str], frozenset[str]], int]
"""Takes the voices of answers (by their ids, or by their texts) out of a frozen document; how many it took."""

_PATIENCE = 600.0  # seconds to wait for a refresh that is running
_SHORTEST = 4  # letters of a name that are looked for in what people typed


@dataclass
class Known:
    """What the kept versions know of a customer: names, ids of their answers, and what they wrote."""

    names: set[str] = field(default_factory=set)
    response_ids: set[str] = field(default_factory=set)
    comments: set[str] = field(default_factory=set)
    rows: int = 0


def forget(
    workspace: Workspace,
    store: Store,
    customer_id: str,
    take_out: TakeOut,
    actor: Actor = BY_OWNER,
    progress: Callable[[str, float], None] | None = None,
) -> tuple[str, ...]:
    """Forget a customer; returns what was done and what is left to do, as sentences.

    Raises NotAllowedError where `actor` may not, UsageError without an id, RefreshError where the exports cannot be
    read without the customer: what was in use then still has them, until a refresh succeeds.
    """
    wanted = customer_id.strip()
    if not wanted:
        raise UsageError("Say which customer, by the id that the exports have.")
    actor.begin("forgot a customer")
    ids = ids_of(workspace, wanted)
    known = _known_of(workspace, ids)
    voices = store.reviews.redact(
        lambda document: take_out(document, frozenset(known.response_ids), frozenset(known.comments))
    )
    followed = store.follow_ups.forget(known.response_ids)
    store.quotes.forget(known.response_ids)
    words = [word for word in (*known.names, *ids) if len(word) >= _SHORTEST]
    said = [*known.response_ids, *known.comments]
    unsaved = store.drafts.forget(known.response_ids, [*words, *(word for word in said if len(word) >= _SHORTEST)])
    store.scrub()
    mentioned = [*store.mentions(words), *_files_that_name(workspace, words)]
    uploads = remove_all_uploads(workspace)
    _keep_on_list(workspace, ids)
    decisions = _refresh_when_free(workspace, progress)
    return _report(known, voices, followed, unsaved, uploads, mentioned, files_with_forgotten(decisions))


def _known_of(workspace: Workspace, ids: Collection[str]) -> Known:
    """All versions know, also one that is no longer in use."""
    known = Known()
    for manifest in list_versions(workspace):
        with suppress(KviBoardError):  # a damaged version is removed with the others
            reader = Reader(workspace, manifest.version, in_memory=False)
            tables = {"customers", *EVENT_TABLES} & {"customers", *manifest.provided}
            for table, customer_id in product(tables, ids):
                found = reader.rows_of_customer(table, customer_id)
                known.rows += len(found)
                known.names |= _texts(found, "name")
                if table == "responses":
                    known.response_ids |= _texts(found, "response_id")
                    known.comments |= _texts(found, "comment")
    return known


def _files_that_name(workspace: Workspace, words: Collection[str]) -> list[str]:
    """Files that people wrote and the board reads, in which one of `words` stands, whatever its capitals."""
    found = []
    for path in (workspace.root / CONFIG_NAME, *workspace.own_queries, *workspace.story_files):
        with suppress(OSError):
            text = path.read_text(encoding="utf-8", errors="replace").casefold()
            if any(word.casefold() in text for word in words):
                found.append(path.relative_to(workspace.root).as_posix())
    return found


def _texts(frame: Any, column: str) -> set[str]:
    values = frame[column].dropna() if column in frame else ()
    return {str(value).strip() for value in values} - {""}


def _keep_on_list(workspace: Workspace, ids: Collection[str]) -> None:
    try:
        keep_forgotten(workspace.state, read_forgotten(workspace.state).adding(*ids))
    except OSError as error:
        raise RefreshError(
            f"{workspace.state} cannot be written ({error.strerror}); nobody was forgotten. Make room or give write "
            "access, then do it again."
        ) from error


def _refresh_when_free(workspace: Workspace, progress: Callable[[str, float], None] | None) -> tuple[Any, ...]:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return refresh_now(workspace, progress).decisions
        except BusyError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        except RefreshError as error:
            raise RefreshError(
                "The customer is on the list, and what is in use still has them, because no version without them could "
                f"be made. Fix this, then refresh or do it again:\n{error}",
                error.problems,
            ) from error


def _report(
    known: Known, voices: int, followed: int, unsaved: int, uploads: int, mentioned: list[str], exported: list[str]
) -> tuple[str, ...]:
    found = f"{counted(known.rows, 'row')} of this customer {plural(known.rows, 'was', 'were')} found"
    lines = [f"{found} in what was kept; no version has any now, and no later export brings them back."]
    if voices:
        lines.append(f"{counted(voices, 'voice')} {plural(voices, 'was', 'were')} removed from frozen reviews.")
    if followed:
        lines.append(
            f"What was noted of {counted(followed, 'follow-up')} was removed; that they took place stays counted."
        )
    if unsaved:
        lines.append(f"{counted(unsaved, 'text')} that nobody saved {plural(unsaved, 'was', 'were')} removed.")
    if uploads:
        lines.append(
            f"{counted(uploads, 'file')} that waited or had been replaced {plural(uploads, 'was', 'were')} removed."
        )
    if mentioned:
        lines.append(f"What people typed may still name them, see {listed(mentioned)}.")
    if exported:
        lines.append(f"These exports still have rows of forgotten customers: {listed(exported)}. Remove them there.")
    return (*lines, "Back-ups, mails and minutes that left the board before may still name them.")
