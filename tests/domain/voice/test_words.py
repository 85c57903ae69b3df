"""What is said of voices, in sentences."""

import pytest

from kviboard.domain.voice.words import change_in_words, theme_in_words


@pytest.mark.parametrize(
    ("verdict", "reason", "said"),
    [
        ("within normal variation", "", "Oct 2026: 4.1 %, the usual ups and downs."),
        ("signal: up", "outside 1–3 %", "Oct 2026: 4.1 %, unusually high: outside 1–3 %."),
        ("too little history (5 of 8)", "", "Oct 2026: 4.1 %. Too early to say (5 of 8 periods)."),
        ("too few answers (12)", "", "Oct 2026: 4.1 %. Too few comments (12)."),
    ],
)  # fmt: skip
def test_a_theme_says_whether_its_latest_period_is_news(verdict: str, reason: str, said: str) -> None:
    assert theme_in_words("Oct 2026", 0.041, verdict, reason).replace("\u00a0", " ") == said


def test_a_change_has_the_decimals_of_its_margin() -> None:
    assert change_in_words("better", 5.94, 2.97, 8.91) == "better by 5.9 (+3.0 to +8.9)"
    assert change_in_words("worse", -12.34, -20.0, -4.68) == "worse by 12.3 (−20.0 to −4.7)"
    assert change_in_words("may be chance", 1.0, -2.0, 4.0) == "may be chance"
