"""The parts of My page: what waits, what others said, what is owned, what was predicted. Each says it where empty."""

from collections.abc import Sequence

from kviboard.board.board import Board
from kviboard.board.kvis.reading import Reading
from kviboard.board.kvis.tiles import change_text, judged_text
from kviboard.board.okrs.views import KeyResultView, ObjectiveView
from kviboard.board.people.owned import Owned, owned_by
from kviboard.board.people.said import Said, said_to
from kviboard.board.people.waiting import Kind, Waiting, how_many
from kviboard.board.reviews.document import PredictionRecord
from kviboard.board.reviews.history import predictions_of, scored
from kviboard.caching import shared_cache
from kviboard.components.markup import and_form, apart, link, text
from kviboard.components.mentions import with_mentions
from kviboard.components.statuses import status
from kviboard.components.tiles import verdict
from kviboard.domain.formatting import format_day, format_value
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.reviews.predictions import Outcome, brier_score, hit_rate, prediction_quality
from kviboard.ui import known, session
from kviboard.ui.filters import first_views
from kviboard.ui.page import href
from kviboard.ui.people.page import MyPage
from kviboard.ui.style import draw_section

_ACTIONS = {
    Kind.CHECK_IN: "Check in",
    Kind.DECISION: "Done or dropped",
    Kind.CALL: "What came of it",
    Kind.CLOSE: "Close",
    Kind.DRAFT: "Go on",
}
_AT_ONCE = 12


def draw_waiting(page: MyPage) -> None:
    """What is due and what is open, the longest past due first, each with the form that does it."""
    found = known.waiting_for(page.name)
    whom = "you" if page.is_own else page.name
    note = how_many(found, whom)
    body = _some([_waiting(each) for each in found])
    draw_section("What waits", note, body, f"Nothing waits for {whom}: no check-in, decision or call is open.")


def draw_said(page: MyPage) -> None:
    """Where they are mentioned, and what others say about what they own."""
    found = _said(session.board_key(), page.context.store.history.newest(), page.names)
    body = _some([_line(each, page.people) for each in found])
    whom = "you" if page.is_own else page.name
    note = "Where the name stands after an @, and comments on what is owned; the newest first" if found else ""
    draw_section("What others say", note, body, f"Nobody has mentioned {whom} or commented on what is owned here yet.")


def draw_owned(page: MyPage) -> None:
    """Objectives and key results of the running cycle with where they stand, and KVIs."""
    found = owned_by(page.context, *page.names)
    body = _owned(page, found)
    draw_section("What is owned", f"In {found.cycle}" if found.cycle and body else "", body, _owns_nothing(page))


def draw_predictions(page: MyPage) -> None:
    """How sure they were against how right; nothing before a prediction could be measured."""
    found = _predictions(session.board_key(), page.context.store.history.newest(), page.names)
    measured = scored(record for _, record in found)
    score = brier_score(measured)
    quality = f" Prediction quality: {prediction_quality(score, len(measured))}." if score is not None else ""
    note = f"{hit_rate(measured).text} came true.{quality}" if measured else ""
    body = _some([_prediction(sprint, record) for sprint, record in found])
    draw_section("What was predicted", note, body, "No prediction in a closed review yet: an opening asks for them.")


@shared_cache(most=64)
def _said(key: session.Key, newest: int, names: tuple[str, ...]) -> tuple[Said, ...]:
    return said_to(session.context(), names, known.people())


@shared_cache(most=64)
def _predictions(key: session.Key, newest: int, names: tuple[str, ...]) -> tuple[tuple[str, PredictionRecord], ...]:
    return predictions_of(session.context(), *names)


def _some(items: Sequence[str]) -> str:
    """The first ones, the others behind their number."""
    if not items:
        return ""
    rest = items[_AT_ONCE:]
    more = f"<details><summary>{len(rest)} more</summary>{_list(rest)}</details>" if rest else ""
    return _list(items[:_AT_ONCE]) + more


def _list(items: Sequence[str]) -> str:
    return f'<ul class="okr-changes kvi-mine" role="list">{"".join(items)}</ul>'


def _waiting(each: Waiting) -> str:
    tone, icon = ("bad", "▼") if each.is_late else ("calm", "◌")
    when = each.when or "no day set"
    day = f", {format_day(each.due_on)}" if each.due_on else ""
    mark = f'<span class="okr-status okr-{tone}"><span aria-hidden="true">{icon} </span>{text(when)}</span>'
    action = _ACTIONS[each.kind]
    html = link(action, href(each.page, do=each.form, of=str(each.of), person="", view=_view_of(each)))
    named = html.replace("<a ", f'<a aria-label="{text(f"{action}: {each.title}")}" ', 1)
    about = text(" · ".join(filter(None, (f"{each.kind}{day}", each.why))))
    return f'<li>{mark} <b>{apart(each.title)}</b> <span class="okr-notes">{about}{and_form(named)}</span></li>'


def _view_of(each: Waiting) -> str:
    return "decisions" if each.kind == Kind.DECISION else ""


def _line(said: Said, people: Sequence[str]) -> str:
    about = link(said.about, href(said.page, person="", **dict(said.address)))
    how = "mentions" if said.mentions else "on"
    facts = f"{text(f'{format_day(said.day)}, {said.by}')} · {how} {about}"
    return f'<li>{with_mentions(said.text, people)} <span class="okr-notes">{facts}</span></li>'


def _owned(page: MyPage, found: Owned) -> str:
    rows = [_objective(view) for view in found.objectives]
    rows += [_key_result(view, part) for view, part in found.key_results]
    board = page.context.board
    readings = session.every_reading(first_views(board)[0]) if found.kvis and board.kvis else {}
    return _some(rows + [_kvi(board, kvi, readings.get(kvi.name)) for kvi in found.kvis])


def _kvi(board: Board, kvi: Kvi, reading: Reading | None) -> str:
    """A KVI with where it stands, as on This week; or what it waits for."""
    named = link(kvi.title, href("kvis", kvi=kvi.name, person=""))
    if reading is None or reading.latest is None:
        why = "no complete period yet" if reading else board.waiting.get(kvi.name, "")
        return f'<li>{named} <span class="okr-notes">{text(" · ".join(filter(None, ("KVI", why))))}</span></li>'
    currency = board.workspace.company.currency
    value = f"{format_value(reading.value, kvi.unit, currency)} in {reading.latest['label']}"
    said = " · ".join(filter(None, ("KVI", value, change_text(reading, currency), judged_text(reading, currency))))
    mark = verdict(reading.verdict, reading.signal)  # type: ignore[arg-type]
    return f'<li>{mark} {named} <span class="okr-notes">{text(said)}</span></li>'


def _objective(view: ObjectiveView) -> str:
    named = link(view.record.title, href("okrs", objective=str(view.record.id), person=""))
    mark = status(view.status, is_close=view.is_close)
    return f'<li>{mark} <b>{named}</b> <span class="okr-notes">{text(view.reason)}</span></li>'


def _key_result(view: ObjectiveView, part: KeyResultView) -> str:
    named = link(part.record.title, href("okrs", objective=str(view.record.id), person=""))
    stands = f"{part.baseline_text} → {part.current_text} → {part.target_text} · {part.reason}"
    mark = status(part.status, part.badge is not None, part.is_close)
    return f'<li>{mark} {named} <span class="okr-notes">key result · {text(stands)}</span></li>'


def _owns_nothing(page: MyPage) -> str:
    whom = "You own" if page.is_own else f"{page.name} owns"
    return f"{whom} no objective, key result or KVI now; an owner is named in its form on OKRs, or in the KVI's file."


def _prediction(sprint: str, record: PredictionRecord) -> str:
    came = (record.outcome or Outcome.NOT_MEASURED).in_words
    actual = f" · actual {record.change_text}" if record.change_text else ""
    facts = f"{sprint} · {record.confidence} % sure{actual}"
    said = f"{record.title}: {record.expected_text}"
    return f'<li><b>{text(came)}</b> {text(said)} <span class="okr-notes">{text(facts)}</span></li>'
