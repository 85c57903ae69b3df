"""The cohort triangle as an HTML table: a row per month in which customers came, a cell per month since then."""

from collections.abc import Sequence
from dataclasses import dataclass

from kviboard.components.markup import link, text
from kviboard.domain.formatting import counted, format_value

STEPS = 10  # of shading: one for each tenth of the customers


@dataclass(frozen=True)
class Cohort:
    """One row: what its month is called, where its customers are listed, how many there are, and by month since they
    came how many were still there, None where nobody knows."""

    name: str
    href: str
    customers: int
    counts: Sequence[int | None]


def triangle(cohorts: Sequence[Cohort], did: str, few: int) -> str:
    """The triangle; `did` says what is counted ("were active"), cohorts of under `few` customers are pale."""
    months = max((len(cohort.counts) for cohort in cohorts), default=0)
    heads = "".join(f'<th scope="col" class="kvi-figure">{month}</th>' for month in range(months))
    body = "".join(_row(cohort, months, did, few) for cohort in cohorts)
    label = f"Share of customers who {text(did)}, by month they came and months since then"
    return (
        f'<div class="kvi-wide" role="region" tabindex="0" aria-label="{label}"><table class="kvi-rows kvi-cohorts">'
        f'<caption>{label}</caption><thead><tr><th scope="col">Came in</th>'
        f'<th scope="col" class="kvi-figure">Customers</th>'
        f"{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(cohort: Cohort, months: int, did: str, few: int) -> str:
    cells = "".join(_cell(cohort, month, count, did) for month, count in enumerate(cohort.counts))
    rest = "<td></td>" * (months - len(cohort.counts))
    pale = ' class="kvi-pale"' if cohort.customers < few else ""
    head = f'<th scope="row">{link(cohort.name, cohort.href)}</th><td class="kvi-figure">{cohort.customers:,}</td>'
    return f"<tr{pale}>{head}{cells}{rest}</tr>"


def _cell(cohort: Cohort, month: int, count: int | None, did: str) -> str:
    if count is None or not cohort.customers:
        return '<td class="kvi-figure kvi-unknown">·</td>'
    share = count / cohort.customers
    told = f"{count:,} of {counted(cohort.customers, 'customer')} {did} in month {month}"
    step = min(int(share * STEPS), STEPS - 1)
    number = format_value(round(share, 2), "percent").replace("\u00a0%", "")
    return f'<td class="kvi-figure kvi-heat kvi-heat-{step}" title="{text(told)}">{text(number)}</td>'
