"""What each slice contributed to a change: a table with a bar from zero per slice, pale where it is within noise."""

from collections.abc import Sequence
from dataclasses import dataclass

from kviboard.components.markup import link, text


@dataclass(frozen=True)
class Contribution:
    """One slice, ready to be shown. `size` is the effect over the largest one, from −1 to 1; `own` and `weight` are
    empty for a KVI that is no ratio."""

    slice: str
    href: str
    size: float
    effect: str
    share: str
    own: str
    weight: str
    verdict: str
    is_pale: bool


def contributions_table(rows: Sequence[Contribution], dimension: str, caption: str) -> str:
    """The slices of a dimension in their order, as HTML."""
    is_ratio = any(row.own for row in rows)
    heads = [(dimension, ""), ("", "kvi-bar"), ("Effect", "kvi-figure"), ("of the change", "kvi-figure")]
    heads += [("its own rate", "kvi-figure"), ("its weight", "kvi-figure")] if is_ratio else []
    head = "".join(_head(name, style) for name, style in [*heads, ("On its own", "")])
    body = "".join(_row(row, is_ratio) for row in rows)
    label = text(caption)
    return (
        f'<div class="kvi-wide" role="region" tabindex="0" aria-label="{label}"><table class="kvi-rows kvi-effects">'
        f"<caption>{label}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _head(name: str, style: str) -> str:
    return f'<th scope="col" class="{style}">{text(name)}</th>' if name else f'<td class="{style}"></td>'


def _row(row: Contribution, is_ratio: bool) -> str:
    parts = f'<td class="kvi-figure">{text(row.own)}</td><td class="kvi-figure">{text(row.weight)}</td>'
    width = round(abs(row.size) * 50, 1)
    start = 50 if row.size >= 0 else 50 - width
    bar = f'<i aria-hidden="true" style="margin-left:{start}%;width:{width}%"></i>'
    return (
        f'<tr class="{"kvi-pale" if row.is_pale else ""}"><th scope="row">{link(row.slice, row.href)}</th>'
        f'<td class="kvi-bar">{bar}</td><td class="kvi-figure">{text(row.effect)}</td>'
        f'<td class="kvi-figure">{text(row.share)}</td>{parts if is_ratio else ""}<td>{text(row.verdict)}</td></tr>'
    )
