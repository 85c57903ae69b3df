"""Marks of which 1 is the best are warned of where the export is German, with the query that turns them round."""

from pathlib import Path

import pytest

from tests.warehouse.company import company, query
from tests.warehouse.staged import published, refreshed

GERMAN = ("Antwort", "Kundennummer", "Datum")
FRENCH = ("Réponse", "Client", "Date de réponse")


def marks(folder: Path, heads: tuple[str, ...], name: str, scale: str, *given: int) -> list[str]:
    """What is said of a column `name` beside `heads`, which holds the marks `given`."""
    feeds = dict(zip((*heads, name), ("response_id", "customer_id", "responded_at", "score"), strict=True))
    renames = ", ".join(f'"{theirs}" = "{ours}"' for theirs, ours in feeds.items())
    toml = f'[sources.responses]\nfiles = "exports/responses.csv"\nscale = "{scale}"\nrename = {{ {renames} }}\n'
    text = ",".join((*heads, name)) + "\n"
    text += "".join(f"R{n},c{n},2026-01-0{n},{mark}\n" for n, mark in enumerate(given, 1))
    said = refreshed(company(folder, toml, responses_csv=text)).decisions
    return [str(each) for each in said if "German marks" in each.what or "1 is the best" in each.what]


@pytest.mark.parametrize(
    ("name", "scale", "given", "scores"),
    [
        ("Schulnote", "0-10", (1, 2, 3, 4, 5, 6), [10, 8, 6, 4, 2, 0]),  # 2 is good, and very satisfied
        ("Note", "1-5", (1, 2, 3, 5), [10, 8, 6, 2]),
        ("Note (1-5)", "1-5", (1, 2), [10, 8]),
    ],
)
def test_german_marks_are_warned_of_and_can_be_turned_round(
    tmp_path: Path, name: str, scale: str, given: tuple[int, ...], scores: list[int]
) -> None:
    (said,) = marks(tmp_path, GERMAN, name, scale, *given)
    assert f'score is called "{name}", from 1 to {max(given)}, and read with the highest as the best' in said
    query(tmp_path, "staging/responses.sql", said.partition("staging/responses.sql: ")[2])
    assert marks(tmp_path, GERMAN, name, scale, *given) == []
    assert published(company(tmp_path), "select score from responses order by response_id") == [(s,) for s in scores]


@pytest.mark.parametrize(
    ("heads", "name", "given"),
    [(FRENCH, "Note", (1, 5)), (GERMAN, "Bewertung", (1, 5)), (GERMAN, "Note", (1, 9)), (GERMAN, "Note", (0, 5))],
)
def test_what_is_the_better_the_higher_is_no_doubt(
    tmp_path: Path, heads: tuple[str, ...], name: str, given: tuple[int, ...]
) -> None:
    assert marks(tmp_path, heads, name, "0-10", *given) == []


@pytest.mark.parametrize(
    ("name", "scale", "given", "scores"),
    [
        ("Satisfied? 1 = very satisfied; 5 = very dissatisfied", "1-5", (1, 2, 5), [10, 8, 2]),
        ("Zufrieden? 1: sehr zufrieden – 10: gar nicht", "1-10", (1, 2, 10), [10, 9, 1]),
    ],
)
def test_a_question_that_calls_1_the_best_is_warned_of(
    tmp_path: Path, name: str, scale: str, given: tuple[int, ...], scores: list[int]
) -> None:
    (said,) = marks(tmp_path, FRENCH, name, scale, *given)
    assert f'score is called "{name}", of which 1 is the best, and read with the highest as the best.' in said
    query(tmp_path, "staging/responses.sql", said.partition("staging/responses.sql: ")[2])
    assert marks(tmp_path, FRENCH, name, scale, *given) == []
    assert published(company(tmp_path), "select score from responses order by response_id") == [(s,) for s in scores]


@pytest.mark.parametrize("name", ["1 = very dissatisfied; 5 = very satisfied", "Likely? (1-10)", "1 - not satisfied"])
def test_a_question_that_calls_1_the_worst_is_no_doubt(tmp_path: Path, name: str) -> None:
    assert marks(tmp_path, FRENCH, name, "0-10", 1, 5) == []
