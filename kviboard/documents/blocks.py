"""What a document says, whatever it is written as: steps of blocks, in texts ready to read.

The same blocks are shown on the big screen, printed as HTML, and written as slides and Markdown. All words are plain
text: whoever writes them out makes them safe in their own markup. Numbers are decided in `board`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Tone = Literal["good", "bad", "neutral", "caution"]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: the vision, the sentence that matters, or running text."""

    text: str
    style: Literal["vision", "lead", "body", "quiet"] = "body"


@dataclass(frozen=True)
class Points:
    """A short list, each point a sentence."""

    items: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table; a tone colours it, and its text says the same in words."""

    text: str
    tone: Tone | None = None


@dataclass(frozen=True)
class Table:
    """Rows under named columns; the first column names the row. `numeric` columns are aligned right."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True)
class Figure:
    """One KVI: its value, what it means, and its history.

    `history` has the columns that `charts.trend.trend_chart` reads, as lists of what JSON knows (days as 2026-11-03);
    empty where there is none. A `large` figure shows the trend, another one its sparkline. `facts` stand beside it:
    ("opened at", "48.7 %"), ("predicted", "+1 to +3 pp, 70 % sure: ✓ came true").
    """

    name: str
    title: str
    value: str
    change: str
    verdict: str
    tone: Tone | None
    sentence: str
    unit: str
    currency: str
    grain: str
    facts: tuple[tuple[str, str], ...] = ()
    history: Mapping[str, list[Any]] = field(default_factory=dict)
    releases: tuple[tuple[str, str], ...] = ()  # day as 2026-11-03, title
    large: bool = False


@dataclass(frozen=True)
class Quotes:
    """What customers said, in their words: text and where it comes from ("score 9 · 3 Nov 2026 · Billing")."""

    title: str
    tone: Tone | None
    quotes: tuple[tuple[str, str], ...]


Block = Paragraph | Points | Table | Figure | Quotes


@dataclass(frozen=True)
class Step:
    """One idea: a slide, a section, one screen of the meeting. `name` is its slug, unique in its story.

    `asks` says what is typed at this step of a meeting; `minutes` is its time box.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]
    note: str = ""
    asks: Literal["", "goal", "poll", "prediction", "feedback", "settle", "decision", "freeze"] = ""
    minutes: float = 0


@dataclass(frozen=True)
class Story:
    """A whole document: the minutes of a review, or what is on the screen in one."""

    title: str  # "Sprint 39 · Closing"
    subtitle: str  # "Marmot & Kettle · 28 Oct – 10 Nov 2026 · data to 10 Nov 2026"
    steps: tuple[Step, ...]
    file_name: str = "minutes"  # without its ending
