"""What all sprint reviews say together: goals, hit rate, how sure people were; and the decisions, carried on."""

from collections.abc import Sequence

import streamlit as st

from kviboard.board.kvis.did_it_work import name_of
from kviboard.board.reviews.history import History, SprintLine, read_past
from kviboard.caching import shared_cache
from kviboard.charts.hit_rate import hit_rate_chart
from kviboard.components.markup import link, text
from kviboard.domain.formatting import counted, format_day, format_value
from kviboard.domain.kvis.intervals import CHANCE
from kviboard.domain.periods import title_of_sprint
from kviboard.domain.reviews.predictions import Calibration, prediction_quality
from kviboard.store import Comment, Decision
from kviboard.ui import session
from kviboard.ui.draw import draw_chart
from kviboard.ui.forms.talk import thread
from kviboard.ui.page import href
from kviboard.ui.reviews.page import ReviewPage
from kviboard.ui.style import draw_section


def draw_history(page: ReviewPage) -> None:
    """Draw the closed reviews and what their predictions say together."""
    past = _past(session.board_key(), page.context.store.history.newest(), page)
    lead = f"{past.rate.text}." if past.rate.measured else "No prediction has been measured yet."
    draw_section("Predictions that came true", lead, "", otherwise=_quality(past))
    if past.rate.measured:
        draw_chart(hit_rate_chart(past.sprints), key="hit-rate")
        said = f"Share of a sprint's predictions that came true; lines show {CHANCE}"
        st.markdown(f'<p class="kvi-key">{text(said)}</p>', unsafe_allow_html=True)
        note = "When people say 70 %, seven in ten should come true"
        draw_section("Were we as sure as we should be?", note, _calibration(past.calibration))
    draw_section(
        "Sprints",
        "Closed reviews, the newest first",
        _sprints(page, past.sprints),
        otherwise="No review is closed yet.",
    )


def draw_decisions(page: ReviewPage) -> None:
    """Draw the decisions: open ones by due day, then those settled."""
    made = page.context.store.decisions.all()
    names = {review.id: review.sprint for review in page.context.store.reviews.all()}
    still = [each for each in made if each.state == "open"]
    settled = sorted((each for each in made if each.state != "open"), key=lambda each: each.changed_at, reverse=True)
    today = page.context.board.clock_day
    past_due = sum(each.due_on < today for each in still)
    note = f"{len(still)} open, {past_due} past due on {format_day(today)}"
    draw_section("Open decisions and experiments", note, _decisions(page, still, names), otherwise="Nothing is open.")
    st.markdown(
        f'<p class="okr-links">{link("Write down a decision", href("review", do="decide"))}</p>',
        unsafe_allow_html=True,
    )
    draw_section(
        "Done or dropped",
        "The newest first",
        _decisions(page, settled, names),
        otherwise="Nothing is done or dropped yet.",
    )


def _quality(past: History) -> str:
    if past.brier is None:
        return "Predict in an opening; the closing says what came of it."
    return f"Prediction quality: {prediction_quality(past.brier, past.rate.measured)}."


def _calibration(bands: Sequence[Calibration]) -> str:
    rows = [
        (
            text(band.label),
            text(format_value(band.mean_confidence, "percent")),
            text(band.rate.text),
            text(band.verdict),
        )
        for band in bands
    ]
    return _table("Calibration", ("People said", "On average", "Came true", "Verdict"), rows)


def _sprints(page: ReviewPage, lines: Sequence[SprintLine]) -> str:
    slugs = {each.review.id: each.slug for each in page.sprints if each.review}
    rows = [
        (
            link(_title(line), href("review", sprint=slugs.get(line.review_id, ""), view="")),
            text(line.goal or "–"),
            text("left out: opened after the fact" if line.opened_late else line.rate.text),
            str(line.decisions),
            text(", ".join(line.reviewed_by) or "–"),
        )
        for line in lines
    ]
    return _table("Closed reviews", ("Sprint", "Goal", "Predictions", "Decisions", "Reviewed by"), rows)


def _table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells that are HTML already, the first of which names its row; nothing where there are none.

    The roles are said outright because the cards on a phone would otherwise hide that this is a table.
    """
    if not rows:
        return ""
    heads = "".join(f'<th role="columnheader" scope="col">{name}</th>' for name in columns)
    body = "".join(f'<tr role="row">{_cells(columns, row)}</tr>' for row in rows)
    return (
        f'<table class="review-table" role="table"><caption>{caption}</caption><thead role="rowgroup">'
        f'<tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _cells(columns: Sequence[str], row: Sequence[str]) -> str:
    first, *others = row
    cells = (
        f'<td role="cell" data-name="{name}"><span>{html}</span></td>'
        for name, html in zip(columns[1:], others, strict=True)
    )
    return f'<th role="rowheader" scope="row">{first}</th>{"".join(cells)}'


def _title(line: SprintLine) -> str:
    return title_of_sprint(line.sprint, line.team)


def _decisions(page: ReviewPage, made: Sequence[Decision], names: dict[int, str]) -> str:
    talk: dict[int, list[Comment]] = {}
    for comment in page.context.store.comments.of("decision_id", [each.id for each in made]):
        talk.setdefault(comment.decision_id or 0, []).append(comment)
    rows = [_decision(page, each, names, talk.get(each.id, [])) for each in made]
    return _table("Decisions", ("What", "Owner", "Due", "Made in", "Status"), rows)


def _decision(page: ReviewPage, made: Decision, names: dict[int, str], comments: Sequence[Comment]) -> tuple[str, ...]:
    stands = {"open": "○ open", "done": "✓ done", "dropped": "✕ dropped"}[made.state]
    outcome = f"{stands}: {text(made.outcome)}" if made.outcome else stands
    settle = link(
        "Mark done or dropped" if made.state == "open" else "Change", href("review", do="settle", of=str(made.id))
    )
    comment = link("Comment", href("review", do="comment_decision", of=str(made.id)))
    what = f"{text(name_of(page.context.board.catalog, made))} <small>{text(made.kind)}</small>"
    return (
        f"{what}{thread(comments, 'review')}",
        text(made.owner),
        f"{text(format_day(made.due_on))} {_late(page, made)}",
        text(names.get(made.review_id or 0, "–")),
        f'{outcome} <span class="okr-links">{settle} · {comment}</span>',
    )


def _late(page: ReviewPage, made: Decision) -> str:
    late = (page.context.board.clock_day - made.due_on).days
    if made.state != "open" or late <= 0:
        return ""
    return f'<b class="review-late">▲ {text(counted(late, "day"))} past due</b>'


@shared_cache(most=4, by=2)
def _past(key: session.Key, newest: int, page: ReviewPage) -> History:
    return read_past(page.context)
