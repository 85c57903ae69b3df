"""The sample's check, rewards and blind predictions: both planted disagreements are found, by the file alone."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from statistics import fmean, median

import pytest

from kviboard.board.board import Board
from kviboard.board.context import BoardContext, open_store_of
from kviboard.board.kvis.all_kvis import read_every_kvi
from kviboard.board.kvis.looks import ON_KVIS, note_looks
from kviboard.board.kvis.reading import View
from kviboard.board.outside_in.evidence import read_evidence
from kviboard.board.wording.languages import language_named
from kviboard.domain.outside_in.check import GROUPS, QUESTIONS, results, widest_gap
from kviboard.domain.outside_in.stages import OBJECTIVES, SAID_AND_SHOWN, conditions, disagreements
from kviboard.domain.wording.coach import coach_objective
from kviboard.workspace import SAMPLE_WORKSPACE

EXPORTED = json.loads((SAMPLE_WORKSPACE / "okrs.json").read_text(encoding="utf-8"))["tables"]


@pytest.fixture(scope="module")
def sample(sample_board: Board, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardContext]:
    workspace = sample_board.workspace.model_copy(update={"state": tmp_path_factory.mktemp("state")})
    own = replace(sample_board, workspace=workspace)
    store = open_store_of(own.workspace)
    yield BoardContext(own, store)
    store.close()


def grades(name: str, question: str) -> list[int]:
    """All grades of a question in a round, straight from the file."""
    (number,) = [each["id"] for each in EXPORTED["check_rounds"] if each["name"] == name]
    answers = [each["grades"] for each in EXPORTED["check_answers"] if each["round_id"] == number]
    return [each[question] for each in answers if question in each]


def test_there_are_two_rounds_whose_means_are_those_of_the_file(sample: BoardContext) -> None:
    newest, before = sample.store.check_rounds.all()
    assert (newest.name, before.name) == ("Autumn 2026", "Spring 2026")
    answers = [sample.store.check_rounds.answers_of(each.id) for each in (newest, before)]
    assert [len(each) for each in answers] == [34, 26]
    found = {each.question: each for each in results(*answers)}
    for question in QUESTIONS:
        wanted = grades("Autumn 2026", question)
        assert found[question].n == len(wanted)
        assert found[question].mean == pytest.approx(fmean(wanted))
        assert found[question].counts == tuple(Counter(wanted)[grade] for grade in range(1, 6))
    change = found["claims_easy"].change
    assert change.by == pytest.approx(
        fmean(grades("Autumn 2026", "claims_easy")) - fmean(grades("Spring 2026", "claims_easy"))
    )
    assert change.is_clear
    assert widest_gap(answers[0])[1].by > 0  # management sees it brighter
    assert {each.group for each in answers[0]} == {*GROUPS, None}


def test_of_all_signs_only_the_planted_disagreements_are_found_what_is_claimed_first(
    sample: BoardContext, today: date
) -> None:
    view = View(sample.board.usual_grain)
    readings = {name: found[0] for name, found in read_every_kvi(sample.board, view).items()}
    note_looks(sample.board, ["turnover"], ON_KVIS, today)
    shares = {sign.name: sign.share for sign in read_evidence(sample, readings)}
    assert None not in shares.values()
    assert {sign for signs in SAID_AND_SHOWN.values() for sign in signs} <= set(shares)
    newest = sample.store.check_rounds.all()[0]
    means = {each.question: each.mean for each in results(sample.store.check_rounds.answers_of(newest.id), [])}
    assert [(each.question, each.is_claimed) for each in disagreements(shares, means)] == [
        ("people_decisions", True),
        ("surveys_used", False),
    ]


def test_the_share_of_rewards_is_that_of_the_file(sample: BoardContext) -> None:
    (sign,) = [sign for sign in read_evidence(sample, {}) if sign.name == "rewards_of_customers"]
    kept = [each for each in EXPORTED["rewards"] if not each["archived_at"]]
    customers = sum(float(each["weight"]) for each in kept if each["is_customers"])
    assert sign.share == pytest.approx(customers / sum(float(each["weight"]) for each in kept))
    per_role: dict[str, float] = defaultdict(float)
    for each in kept:
        per_role[each["role"]] += float(each["weight"])
    assert set(per_role.values()) == {100.0}


def test_several_people_predicted_blind_and_nobody_is_named(sample: BoardContext) -> None:
    (poll,) = EXPORTED["polls"]
    answers = EXPORTED["poll_answers"]
    assert poll["revealed_at"] is not None
    assert len(answers) == 7
    assert {each["by"] for each in answers} == {None}
    review = sample.store.reviews.of_sprint("Sprint 38")
    (told,) = sample.store.reviews.whole(review.id).opening.document["polls"]
    middle = median(float(each["change"]) for each in answers)
    assert (told["answered"], middle) == (7, 0.015)
    assert told["middle_text"].replace("\u00a0", " ") == "+1.5 pp"
    assert told["lowest_why"] == ["The first cold bills come out"]


def test_every_condition_has_an_objective_worded_for_the_customer() -> None:
    assert set(OBJECTIVES) == {each.name for each in conditions({}, {})}
    for title in OBJECTIVES.values():
        assert coach_objective(title, language_named("en")) == []
