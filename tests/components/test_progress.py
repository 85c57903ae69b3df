"""The progress bar: where its fill begins and ends, counted by hand on a scale from −25 % to 100 %."""

import re

import pytest

from kviboard.components.progress import progress_bar


def fill(raw: float | None) -> tuple[float, float] | None:
    """Left end and width of the fill in per cent of the bar."""
    found = re.search(r'okr-fill" style="left:([\d.]+)%;width:([\d.]+)%', progress_bar(raw, None, "good", "x"))
    return (float(found[1]), float(found[2])) if found else None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, None),
        (0.0, None),
        (0.5, (20, 40)),  # zero stands at 25 of 125 parts
        (1.0, (20, 80)),
        (1.7, (20, 80)),  # past the target the bar is full
        (-0.125, (10, 10)),
        (-0.93, (0, 20)),  # farther back than it can show
    ],
)
def test_the_fill_runs_from_zero_to_where_it_stands(raw: float | None, expected: tuple[float, float] | None) -> None:
    assert fill(raw) == expected


def test_the_mark_stands_where_it_is_expected_today() -> None:
    assert 'okr-mark" style="left:60.0%"' in progress_bar(0.1, 0.5, "good", "x")
    assert "okr-mark" not in progress_bar(0.1, None, "good", "x")
