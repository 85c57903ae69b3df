"""What people say: the results of a round, how to ask, and the rounds before."""

from collections.abc import Sequence

import segno
import streamlit as st

from kviboard.components.markup import link, on_phone_folded, quiet, text
from kviboard.domain.formatting import counted, format_day
from kviboard.domain.outside_in.check import FEW, FEWEST, HIGHEST, LOWEST, QUESTIONS, Change, Result, widest_gap
from kviboard.store import CheckRound
from kviboard.ui.outside_in.page import OutsideInPage
from kviboard.ui.page import address_of, href
from kviboard.ui.style import draw_html, draw_section
from kviboard.ui.url_state import widget_key

_NOTE = (
    "Average of 1 (not at all) to 5 (fully); the bars count the answers 1 to 5; the change is on the round before, ± "
    "how far chance can reach (95 % for all questions together)."
)


def draw_results(page: OutsideInPage) -> None:
    """The round shown: its results, how it is asked while it runs, and what people wrote."""
    form = link("Open a round", href("outside_in", do="open_round"))
    draw_section("What people say", _NOTE if page.results else "", f'<p class="okr-links">{form}</p>')
    for each in page.running:
        _draw_asking(page, each)
    if not page.rounds:
        draw_html(_first_round())
    if len(page.over) > 1:
        names = {str(each.id): each.name for each in page.over}
        chosen = widget_key("round", str(page.shown.id) if page.shown else None, next(iter(names)))
        st.selectbox("Round", list(names), format_func=names.__getitem__, width=240, **chosen)
    if page.shown:
        _draw_round(page, page.shown)


def _first_round() -> str:
    """What a round asks, takes and gives, for who has never held one."""
    takes = "Nobody was asked yet. A round takes everybody two minutes, by a link or a QR code, without a name."
    gives = (
        f"When it is over, from {FEWEST} answers on, it shows where people agree least, where management sees it "
        "otherwise and where our records show something else; from the second one on also what changed."
    )
    asks = f"How true is each of these, from {LOWEST} (not at all) to {HIGHEST} (fully)?"
    sentences = "".join(f"<li>{text(question)}</li>" for question in QUESTIONS.values())
    return f'<p>{text(takes)} {text(gives)}</p>{quiet(asks)}<ol class="kvi-sentences">{sentences}</ol>'


def _draw_round(page: OutsideInPage, shown: CheckRound) -> None:
    said = f"{shown.name}: {counted(len(page.answers), 'answer')}, closed on {format_day(shown.closes_on)}."
    draw_html(f"<p>{text(said)}</p>")
    if page.results:
        draw_html(f"<p>{text(_in_words(page.results))}</p>{on_phone_folded('Every question', _table(page.results))}")
        _draw_gap(page)
        _draw_comments(page)
    elif page.answers:
        draw_html(quiet(f"Results are shown from {FEWEST} answers on, so that nobody can be told apart."))


def _in_words(found: Sequence[Result]) -> str:
    """Where people agree least, and what changed beyond chance."""
    least = min(found, key=lambda result: result.mean)
    says = f"People agree least, with {least.mean:.1f} of {HIGHEST}: “{QUESTIONS[least.question]}”"
    changed = [each for each in found if each.change and each.change.is_clear]
    return says + "".join(
        f" Clearly {'better' if each.change.by > 0 else 'worse'}, {_by(each.change)}: “{QUESTIONS[each.question]}”"
        for each in changed if each.change
    )  # fmt: skip


def _draw_asking(page: OutsideInPage, asked: CheckRound) -> None:
    """How many have answered a round that runs, and how to ask for more."""
    given = len(page.context.store.check_rounds.answers_of(asked.id))
    said = f"{asked.name}: {counted(given, 'answer')} so far, open until {format_day(asked.closes_on)}."
    why = f"Results are shown when it is over, from {FEWEST} answers on: before, each would be told by what it changes."
    draw_html(f"<p>{text(said)}</p>{quiet(why)}")
    address = address_of("outside_in", f"answer={asked.id}")
    code = segno.make(address, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff")
    forms = (("Close it now", "close_round"), ("Change the closing day", "move_round"))
    links = " · ".join(link(label, href("outside_in", do=form, of=str(asked.id))) for label, form in forms)
    with st.expander("Ask people: link and QR code", expanded=not given):
        draw_html(f'<div class="kvi-ask"><div aria-hidden="true">{code}</div><p class="okr-links">{links}</p></div>')
        st.code(address, language=None, wrap_lines=True)


def _table(found: Sequence[Result]) -> str:
    rows = "".join(_row(result) for result in found)
    label = "What people say, by question"
    heads = "".join(
        f'<th scope="col" class="kvi-figure">{head}</th>' for head in ("Average", "1 to 5", "Answers", "Change")
    )
    return (
        f'<div class="kvi-wide" role="region" tabindex="0" aria-label="{label}"><table class="kvi-rows kvi-check">'
        f'<caption>{label}</caption><thead><tr><th scope="col">How true is it?</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(result: Result) -> str:
    few = "<small>few</small>" if result.n < FEW else ""
    return (
        f'<tr><th scope="row">{text(QUESTIONS[result.question])}</th>'
        f'<td class="kvi-figure"><b>{result.mean:.1f}</b></td><td class="kvi-figure">{_bars(result)}</td>'
        f'<td class="kvi-figure">{result.n:,}{few}</td><td class="kvi-figure">{_change(result.change)}</td></tr>'
    )


def _bars(result: Result) -> str:
    """The counts of the grades as five small bars."""
    most = max(result.counts)
    bars = "".join(f'<i style="height:{max(2, round(20 * count / most))}px"></i>' for count in result.counts)
    said = ", ".join(f"{grade}: {count}" for grade, count in enumerate(result.counts, 1))
    return f'<span class="kvi-grades" role="img" aria-label="{text(said)}" title="{text(said)}">{bars}</span>'


def _change(change: Change | None) -> str:
    if change is None:
        return "–"
    tone = ("kvi-good" if change.by > 0 else "kvi-bad") if change.is_clear else "kvi-quiet"
    words = "clear" if change.is_clear else "may be chance"
    return f'<span class="{tone}">{change_text(change)}</span><small>{words}</small>'


def change_text(change: Change) -> str:
    """ "+1.0 ± 0.7"; with more digits where those would not tell on which side of chance it is: "+0.83 ± 0.78"."""
    margin = change.high - change.by
    digits = next((each for each in (1, 2) if round(abs(change.by), each) != round(margin, each)), 3)
    return f"{_by(change, digits)} ± {margin:.{digits}f}"


def _by(change: Change, digits: int = 1) -> str:
    return f"{change.by:+.{digits}f}".replace("-", "−") if round(change.by, digits) else f"±{0:.{digits}f}"


def _draw_gap(page: OutsideInPage) -> None:
    gap = widest_gap(page.answers)
    if gap is None:
        return
    question, change = gap
    who = "higher" if change.by > 0 else "lower"
    sure = "" if change.is_clear else ", which may be chance"
    says = (
        f"Management sees it {abs(change.by):.1f} of {HIGHEST} {who} than everybody else{sure}: {QUESTIONS[question]}"
    )
    draw_html(f"<p>{text(says)}</p>")


def _draw_comments(page: OutsideInPage) -> None:
    comments = [answer.comment for answer in page.answers if answer.comment]
    if comments:
        with st.expander(f"What people wrote ({len(comments)})"):
            draw_html("".join(f"<blockquote>{text(comment)}</blockquote>" for comment in comments))
