"""Three interests side by side: what moved for each, what its limits allow, where one may be bought with another."""

from collections.abc import Sequence

from kviboard.board.kvis.reading import Reading
from kviboard.board.outside_in.balance import Interest, Limit, balance_of, bought_with, says, stands
from kviboard.components.markup import link, quiet, text
from kviboard.components.quarters import quarters_svg
from kviboard.domain.formatting import counted, listed
from kviboard.domain.kvis.verdict_words import with_shape
from kviboard.ui.outside_in.page import OutsideInPage
from kviboard.ui.page import href
from kviboard.ui.style import draw_section

_NOTE = (
    "Bars: how many KVIs were unusual in a quarter, for the better above, for the worse below; the line: better less "
    "worse. Below, each KVI's latest complete period and the limits, which are guardrails of active objectives."
)

_TOO_EARLY = "Too early to say whether one gains while another loses: it takes KVIs of two of them that are judged."


def draw_balance(page: OutsideInPage) -> None:
    """The interests in columns, a sentence above them where one gains while another loses."""
    interests = balance_of(page.context, page.readings, page.results)
    lead = "".join(f"<p>{text(sentence)}</p>" for sentence in bought_with(interests))
    judged = sum(each.is_judged for each in interests)
    lead = lead or quiet("Nobody gains while another loses." if judged > 1 else _TOO_EARLY)
    most = max((max(each.better, each.worse) for interest in interests for each in interest.quarters), default=1)
    columns = "".join(f"<section>{_interest(page, each, most)}</section>" for each in interests)
    draw_section("Interests in balance", _NOTE, f'{lead}<div class="kvi-interests">{columns}</div>')


def _interest(page: OutsideInPage, interest: Interest, most: int) -> str:
    moved = [_kvi(page, each) for each in (*interest.worse, *interest.better)]
    limits = [_limit(limit) for limit in interest.limits]
    said = [f"<li>{text(says(each))}</li>" for each in interest.said]
    items = "".join([*moved, *said, *limits])
    others = {"as usual": interest.usual, "not judged yet": interest.unjudged}
    rest = "".join(_fold(f"{len(kvis)} {how}", kvis) for how, kvis in others.items() if kvis)
    return (
        f"<h4>{text(interest.title)}</h4>{_quarters(interest, most)}<p>{text(interest.in_words)}</p>"
        f'<ul role="list">{items}</ul>{rest}'
    )


def _fold(summary: str, kvis: Sequence[Reading]) -> str:
    names = listed([each.kvi.title for each in kvis])
    return f"<details><summary>{text(summary)}</summary><p>{text(names)}</p></details>"


def _quarters(interest: Interest, most: int) -> str:
    """The quarters drawn, all interests on one scale: nothing where no KVI stands for it, words where none moved."""
    if not interest.quarters:
        return ""
    if not any(each.better or each.worse for each in interest.quarters):
        return quiet(f"Nothing unusual in {counted(len(interest.quarters), 'quarter')}.") if interest.is_judged else ""
    drawn = [(each.short, each.better, each.worse, each.in_words) for each in interest.quarters]
    return quarters_svg(drawn, most, " ".join(each.in_words for each in interest.quarters))


def _kvi(page: OutsideInPage, reading: Reading) -> str:
    tone = "kvi-good" if reading.signal == "good" else "kvi-bad"
    name = link(reading.kvi.title, href("kvis", kvi=reading.kvi.name))
    now, verdict = text(stands(reading, page.context.currency)), text(with_shape(reading.verdict, reading.signal))
    return f'<li>{name} <b>{now}</b> <span class="{tone}">{verdict}</span></li>'


def _limit(limit: Limit) -> str:
    tone, word = ("kvi-bad", "✗ limit broken") if limit.breach else ("kvi-good", "✓ within its limit")
    if limit.stands == "no value yet":
        tone, word = "kvi-quiet", "◌ limit"
    name = link(limit.title, href("kvis", kvi=limit.kvi))
    return f'<li>{name} <b>{text(limit.stands)}</b>, {text(limit.band)} <span class="{tone}">{word}</span></li>'
