"""A step of a review in one line: written out by hand for each kind of block."""

import pytest

from kviboard.documents.blocks import Block, Cell, Figure, Paragraph, Points, Quotes, Step, Table
from kviboard.documents.review.agenda import in_one_line

FIGURE = Figure(
    "csat", "Satisfaction", "60.6 %", "▲ 1.4 pp on Sprint 37", "signal: down", "bad", "It fell.", "percent", "EUR",
    "sprint",
)  # fmt: skip


def table(*names: str) -> Table:
    return Table("Names", ("Name",), tuple((Cell(name),) for name in names))


@pytest.mark.parametrize(
    ("blocks", "line"),
    [
        ((), ""),
        ((Paragraph("Nothing is decided yet.", "quiet"),), "Nothing is decided yet."),
        ((Points(("First.", "Second.")),), "First. Second."),
        ((FIGURE,), "60.6 % · ● Unusually low (bad) · ▲ 1.4 pp on Sprint 37"),
        ((table("a", "b", "c"),), "a, b, c"),
        ((table("a", "b", "c", "d"),), "4 lines: a, b, c …"),
        ((Quotes("Promoters: 2 answers", "good", ()), Quotes("Detractors: 1 answer", "bad", ())),
         "Promoters: 2 answers; Detractors: 1 answer"),
        ((Paragraph("5 of 8 were called back."), Quotes("Promoters: 2 answers", "good", ()), Points(("One",))),
         "5 of 8 were called back. Promoters: 2 answers; One"),
        ((Paragraph("Two\nlines", "quiet"),), "Two lines"),
    ],
)  # fmt: skip
def test_a_step_is_one_line(blocks: tuple[Block, ...], line: str) -> None:
    assert in_one_line(Step("x", "X", blocks)) == line


def test_25000_letters_are_cut() -> None:
    assert len(in_one_line(Step("x", "X", (Paragraph("word " * 5000, "quiet"),)))) <= 140
