"""What each slice contributed to a change: a table with a bar from zero per slice, pale where it is within noise."""

from collections.abc import Sequence
from dataclasses import dataclass

from kviboard.components.markup import link, text


@dataclass(frozen=True)
class Contribution:
    """One slice, ready to be shown. `size` is the effect over the largest one, from −1 to 1; `weight` is its share of
    the whole and `mix` what of the effect came from a change of that, empty where it is not worth a column."""

    slice: str
    href: str
    size: float
    effect: str
    mix: str
    weight: str
    verdict: str
    is_pale: bool


def contributions_table(rows: Sequence[Contribution], dimension: str, caption: str) -> str:
    """The slices of a dimension in their order, as HTML."""
    has_mix = any(row.mix for row in rows)
    heads = [(dimension, ""), ("", "kvi-bar"), ("Moved the whole by", "kvi-figure")]
    heads += [("of that, as it grew or shrank", "kvi-figure kvi-mix")] if has_mix else []
    heads += [("Share of the whole", "kvi-figure"), ("By itself", "")]
    head = "".join(_head(name, style) for name, style in heads)
    body = "".join(_row(row, has_mix) for row in rows)
    label = text(caption)
    return (
        f'<div class="kvi-wide" role="region" tabindex="0" aria-label="{label}"><table class="kvi-rows kvi-effects">'
        f"<caption>{label}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _head(name: str, style: str) -> str:
    return f'<th scope="col" class="{style}">{text(name)}</th>' if name else f'<td class="{style}"></td>'


def _row(row: Contribution, has_mix: bool) -> str:
    figures = [(row.effect, ""), *([(row.mix, " kvi-mix")] if has_mix else []), (row.weight, "")]
    parts = "".join(f'<td class="kvi-figure{style}">{text(figure)}</td>' for figure, style in figures)
    width = round(abs(row.size) * 50, 1)
    start = 50 if row.size >= 0 else 50 - width
    bar = f'<i aria-hidden="true" style="margin-left:{start}%;width:{width}%"></i>'
    return (
        f'<tr class="{"kvi-pale" if row.is_pale else ""}"><th scope="row">{link(row.slice, row.href)}</th>'
        f'<td class="kvi-bar">{bar}</td>{parts}<td>{text(row.verdict)}</td></tr>'
    )
