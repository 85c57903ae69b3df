"""Stories written by hand: one with every kind of block, and the same with what nobody should have typed."""

from dataclasses import replace
from typing import Any

from kviboard.documents.blocks import Cell, Figure, Paragraph, Points, Quotes, Step, Story, Table

HOSTILE = {
    "markup": '</style></title><script>alert("x")</script><img src="http://evil.example/a.png" onerror=alert(1)>',
    "markdown": "# **b** | _i_ | `c` [x](javascript:alert(1)) ![y](http://evil.example/b.png) <b>z</b> &lt; $x$ ~~s~~",
    "lists": "- one\n+ two\n1. three\n> four\n=====\n-----\n    code\n```\nhttps://evil.example\nwww.evil.example",
    "controls": "a\x00b\x07c\x1bd\x85e\ud800f\ufffeg\u202eh\u2066i",
    "one word": "Donaudampfschiff" * 125,
    "long": "an honest sentence without an end, " * 58,
    "right to left": "مرحبا بالعالم",
    "emoji": "👩‍👩‍👧‍👦🎉 日本語",
    "only blanks": " \n\t ",
    "nothing": "",
}

VALUES = (0.41, 0.44, 0.43, 0.46, 0.42, 0.45, 0.47, 0.44, 0.43, 0.46, 0.45, 0.52, 0.50)


def history() -> dict[str, list[Any]]:
    """Thirteen sprints of two weeks; the last but one is a signal, the last is not over."""
    starts = [f"2026-{month:02d}-{day:02d}" for month in range(1, 8) for day in (1, 15)][:13]
    ends = [f"2026-{month:02d}-{day:02d}" for month in range(1, 8) for day in (14, 28)][:13]
    return {
        "period": starts,
        "ends_on": ends,
        "label": [f"Sprint {number}" for number in range(1, 14)],
        "value": list(VALUES),
        "value_text": [f"{value:.0%}" for value in VALUES],
        "change_text": ["▲ 1 pp"] * 13,
        "verdict": ["within normal variation"] * 11 + ["signal: up", "incomplete"],
        "complete": [True] * 12 + [False],
        "lower": [0.38] * 12 + [None],
        "centre": [0.44] * 12 + [None],
        "upper": [0.50] * 12 + [None],
        "target": [0.55] * 13,
        "signal": [None] * 11 + ["good", None],
    }


def figure(**changed: Any) -> Figure:
    """A large figure of an invented KVI."""
    plain = Figure(
        name="returning_guests",
        title="Guests who return",
        value="52.0\u00a0%",
        change="▲ 7.0 pp on Sprint 11 (45.0 %)",
        verdict="signal: up",
        tone="good",
        sentence="Guests who return rose to 52 % in Sprint 12: beyond the upper limit.",
        unit="percent",
        currency="EUR",
        grain="sprint",
        facts=(("opened at", "45.0 %"), ("predicted", "+1 to +3 pp, 70 % sure: missed")),
        history=history(),
        releases=(("2026-06-20", "Shorter check-in"), ("2020-01-01", "Long before")),
        large=True,
    )
    return replace(plain, **changed)


def decisions(count: int) -> Table:
    """A table of as many decisions."""
    rows = tuple(
        (Cell(f"Decision {number}: ask every guest at the door"), Cell("Head of Reception"), Cell(f"{number} Aug 2026"))
        for number in range(1, count + 1)
    )
    return Table("Decided today", ("What", "Owner", "Due"), rows, (2,))


def review() -> Story:
    """A story with every kind of block."""
    missed = Table(
        "What we predicted",
        ("KVI", "Came", "Outcome"),
        (
            (Cell("Guests who return"), Cell("▲ 7 pp"), Cell("✕ did not come true", "bad")),
            (Cell("Nights"), Cell("● 0"), Cell("no")),
        ),
        (1,),
    )
    small = (figure(title="Nights per guest", large=False), figure(title="Complaints", tone="bad", large=False))
    return Story(
        "Sprint 12 · Closing",
        "Inn at the Ford · 15 – 28 Jun 2026 · data to 28 Jun 2026",
        (
            Step(
                "vision", "Our vision", (Paragraph("Every traveller sleeps as at home.", "vision"),), note="Read aloud."
            ),
            Step("goal", "Our goal", (Paragraph("Guests check in within a minute.", "lead"), missed)),
            Step("kvi-returning", "Guests who return", (figure(),)),
            Step("others", "The others", small),
            Step("voices", "Voices", (
                Quotes("Promoters: 2 answers", "good", (("Slept like a stone.", "score 9 · 17 Jun 2026"),)),
                Quotes("Detractors: 1 answer", "bad", (("The stairs creak.", ""),)),
            )),
            Step("feedback", "Feedback", (
                Points(("Quieter stairs", "Breakfast"), "Wishes"), Paragraph("Live", "quiet"),
            )),
            Step("decisions", "Decisions", (Paragraph("Two today."), decisions(2))),
        ),
        "sprint-12-closing",
    )  # fmt: skip


def filled_with(text: str) -> Story:
    """The same kinds of blocks, all of whose texts are this one."""
    table = Table(text, (text, text, "n"), ((Cell(text), Cell(text, "bad"), Cell("1.2")),), (2,))
    said = {"title": text, "sentence": text, "change": text, "verdict": text, "facts": ((text, text),)}
    drawn = history() | {"label": [text[:60]] * 13, "value_text": [text[:60]] * 13}
    large = figure(**said, history=drawn, releases=(("2026-06-20", text),), tone="caution")
    blocks = (
        Paragraph(text, "vision"), Paragraph(text), Paragraph(text, "quiet"), Points((text, text), text), table, large,
        replace(large, large=False), replace(large, history={}), Quotes(text, "bad", ((text, text),)),
    )  # fmt: skip
    return Story(text, text, (Step("all", text, blocks, note=text), Step("again", text, ())))


EMPTY = Story(
    "", "", (Step("x", "", (Paragraph(""), Points(()), decisions(0), Quotes("", None, ()), figure(history={}))),)
)
