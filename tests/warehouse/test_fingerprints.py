"""Which queries give the same rows whenever they read the same ones, told from their words."""

from pathlib import Path

import pytest

from kviboard.warehouse.fingerprints import is_settled

MARTS = sorted((Path(__file__).parents[2] / "queries" / "marts").glob("*.sql"))


@pytest.mark.parametrize("mart", MARTS, ids=lambda path: path.stem)
def test_every_built_in_mart_is_settled(mart: Path) -> None:
    """Else no refresh takes it over, and one more day costs as much as all of them."""
    assert is_settled(mart.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "changing",
    [
        *("now()", "current_date", "today()", "age(day)", "ago(interval 1 day)", "current_timestamp", "localtime"),
        *("random()", "uuid()", "nextval('numbers')", "get_current_timestamp()", "current_setting('TimeZone')"),
    ],
)
def test_the_clock_and_chance_are_never_settled(changing: str) -> None:
    assert not is_settled(f"select {changing} as found from orders")


@pytest.mark.parametrize("steady", ["day + 1", "day - 1", "month(day)", "date_trunc('week', day)", "sum(amount)"])
def test_functions_with_an_overload_for_zoned_times_are_settled(steady: str) -> None:
    assert is_settled(f"select {steady} as found from orders")


def test_a_sample_is_never_settled() -> None:
    assert not is_settled("select day from orders using sample 10")
