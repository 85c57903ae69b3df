"""Where we stand: where check and records disagree, the stage with its reasons, and what the next one asks for."""

from collections.abc import Sequence

from kviboard.board.outside_in.sign import Sign
from kviboard.components.markup import link, on_phone_folded, text
from kviboard.components.sparkline import Spark, sparkline_svg
from kviboard.domain.formatting import format_share
from kviboard.domain.outside_in.check import HIGHEST, QUESTIONS
from kviboard.domain.outside_in.stages import MEANS, Condition, Disagreement, disagreements, next_stage, stage_of
from kviboard.ui.access import may
from kviboard.ui.outside_in.page import OutsideInPage
from kviboard.ui.page import href
from kviboard.ui.style import draw_html, draw_section

_SHOWN = 2  # disagreements that stand open
_MARKS = {True: ("kvi-good", "✓ met"), False: ("kvi-bad", "✗ not yet"), None: ("kvi-quiet", "◌ not known")}


def draw_lead(page: OutsideInPage) -> None:
    """The stage in one line; then where what people say and what records show disagree, what is only claimed first."""
    draw_html(f'<p class="kvi-lead">{text(_stage_in_words(page.conditions))}</p>')
    titles = {sign.name: sign for sign in page.signs}
    found = [f"<li>{_worded(each, titles)}</li>" for each in disagreements(page.shares, page.means)]
    if found:
        shown, rest = "".join(found[:_SHOWN]), "".join(found[_SHOWN:])
        more = f"<details><summary>{len(found) - _SHOWN} more</summary><ul>{rest}</ul></details>" if rest else ""
        body = f'<ul class="kvi-disagreements" role="list">{shown}</ul>{more}'
        draw_section("Where people and records disagree", "", body)


def _stage_in_words(found: list[Condition]) -> str:
    stage = stage_of(found)
    wanted = next_stage(stage)
    asked = [condition for condition in found if condition.stage == wanted]
    met = f"{sum(condition.is_met is True for condition in asked)} of {len(asked)} conditions met"
    if stage is None:
        return f"We are on the way to being {wanted}: {met}."
    return f"We are {stage}. {MEANS[stage]}" + (f" For {wanted}: {met}." if wanted else "")


def _worded(found: Disagreement, signs: dict[str, Sign]) -> str:
    only, other = ("", "show something else") if found.is_claimed else ("only ", "show more")
    says = f"People give {only}{found.mean:.1f} of {HIGHEST} to “{QUESTIONS[found.question]}”"
    shown = "; ".join(f"{signs[name].title}: {signs[name].says}" for name in found.signs)
    return f"<b>{text(says)}</b><small>{text(f'The records {other}. {shown}.')}</small>"


def draw_signs(page: OutsideInPage) -> None:
    """What the board's own records show."""
    items = "".join(f"<li>{_sign(sign)}</li>" for sign in page.signs)
    note = (
        "Counted from reviews, OKRs, decisions, exports and the rewards below; each opens what is behind it. A KVI is "
        "looked at when its page is open or a review’s meeting has a step for it, not in tiles and tables of many."
    )
    signs = on_phone_folded(f"All {len(page.signs)}", f'<ul class="kvi-signs" role="list">{items}</ul>')
    draw_section("What our records show", note, signs)


def _sign(sign: Sign) -> str:
    path, _, query = sign.page.partition("?")
    chosen = dict(part.split("=", 1) for part in query.split("&") if part)
    share = "–" if sign.share is None else format_share(sign.share)
    label = f"{sign.title}, {len(sign.before)} values before" if sign.before else sign.title
    spark = sparkline_svg(Spark(sign.before), label) if len(sign.before) > 2 else ""
    title = link(sign.title, href(path, **chosen)) if path != "outside_in" else text(sign.title)
    return f"<b>{share}</b><span>{title}<small>{text(sign.says)}</small></span>{spark}"


def draw_next(page: OutsideInPage) -> None:
    """What the next stage asks for, each to be turned into an objective."""
    found = page.conditions
    wanted = next_stage(stage_of(found))
    if wanted is None:
        return
    asked = [condition for condition in found if condition.stage == wanted]
    open_ = sum(condition.is_met is not True for condition in asked)
    note = f"{MEANS[wanted]} {len(asked) - open_} of {len(asked)} met."
    draw_section(f"What being {wanted} asks for", note, _list(asked))


def _list(asked: Sequence[Condition]) -> str:
    items = "".join(f"<li>{_condition(condition)}</li>" for condition in asked)
    return f'<ul class="kvi-remarks" role="list">{items}</ul>'


def _condition(condition: Condition) -> str:
    tone, mark = _MARKS[condition.is_met]
    question = QUESTIONS.get(condition.name)
    words = (
        f"{question} {condition.asks[0].upper()}{condition.asks[1:]}."
        if question
        else condition.asks.capitalize() + "."
    )
    make = ""
    if condition.is_met is not True and may("write"):
        make = " " + link("Make it an objective", href("okrs", do="add_objective", of=condition.name))
    return f'<span class="kvi-mark {tone}">{mark}</span> <span>{text(words)}{make}</span>'
