"""This week: real changes first, then what misses its target, then what to leave alone."""

from kviboard.charts.tiles import table, wall
from kviboard.ui.look import draw_section
from kviboard.ui.okr_week import changed_okrs, since
from kviboard.ui.page import open_page
from kviboard.ui.week import arrivals, read_week

page = open_page("This week", slices=False)
week = read_week(page)

draw_section(
    "Signals",
    "Real changes, the worse ones first",
    wall(week.signals),
    otherwise="No signals: nothing changed beyond normal variation. Leave the system alone.",
)
draw_section(
    "Below target, predictable",
    "Normal variation will not reach these targets: they need a better system, not a chase",
    wall(week.below_target),
    otherwise="No KVI predictably misses its target.",
)
draw_section(
    "Within normal variation",
    "Leave these alone: their ups and downs are the usual ones",
    table(week.normal, "KVIs within normal variation"),
    otherwise="No KVI is within normal variation.",
)
draw_section(
    "OKRs that changed their status",
    since(),
    changed_okrs(),
    otherwise="No objective and no key result changed its status.",
)
if week.unjudged:
    draw_section(
        "Not to be judged yet",
        "Too little history, too few answers, or no basis in the latest complete period",
        table(week.unjudged, "KVIs that cannot be judged yet"),
    )
draw_section("How far the data reaches", "", arrivals(page.board))
