"""The outside-in check and the rewards in the store: who answered cannot be told, and each browser answers once."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kviboard.domain.outside_in.check import MANAGEMENT, Answer
from kviboard.errors import NotAllowedError, StoreError
from kviboard.store import CheckRound, NewCheckRound, NewReward, Store
from tests.store.given import COLLEAGUE, OWNER

TODAY = date(2026, 11, 3)
GOOD, POOR = Answer({"own_part": 5}, MANAGEMENT, "We meet them"), Answer({"own_part": 1, "claims_easy": 2})


@pytest.fixture
def asked(store: Store) -> CheckRound:
    return store.check_rounds.add(NewCheckRound(name="Autumn", closes_on=date(2026, 11, 30)), author=OWNER)


def test_answers_come_back_as_they_were_given(store: Store, asked: CheckRound) -> None:
    for browser, answer in (("a", GOOD), ("b", POOR)):
        assert store.check_rounds.answer(asked.id, answer, browser, TODAY)
    found = store.check_rounds.answers_of(asked.id)
    assert sorted(found, key=lambda answer: answer.comment) == [POOR, GOOD]
    assert store.check_rounds.answered() == 2


def test_a_browser_answers_a_round_once_and_the_next_round_again(store: Store, asked: CheckRound) -> None:
    assert store.check_rounds.answer(asked.id, GOOD, "a", TODAY)
    assert not store.check_rounds.answer(asked.id, POOR, "a", TODAY)
    again = store.check_rounds.add(NewCheckRound(name="Spring", closes_on=date(2027, 4, 1)), author=OWNER)
    assert store.check_rounds.answer(again.id, POOR, "a", TODAY)
    assert [len(store.check_rounds.answers_of(each.id)) for each in (asked, again)] == [1, 1]


def test_the_last_day_counts_and_the_day_after_is_refused(store: Store, asked: CheckRound) -> None:
    assert store.check_rounds.answer(asked.id, GOOD, "a", date(2026, 11, 30))
    with pytest.raises(StoreError, match="“Autumn” closed on 30 Nov 2026"):
        store.check_rounds.answer(asked.id, GOOD, "b", date(2026, 12, 1))


def test_nothing_in_any_table_tells_who_answered_or_when(store: Store, asked: CheckRound, tmp_path: Path) -> None:
    """Every table of the store is read: an answer stands in one of them, with nothing that leads from or to it."""
    before = _tables(store, tmp_path / "before.json")
    store.check_rounds.answer(asked.id, GOOD, "the secret of a browser", TODAY)
    after = _tables(store, tmp_path / "after.json")
    assert {name for name in after if after[name] != before[name]} == {"check_answers", "check_participants"}
    (answer,), (participant,) = after["check_answers"], after["check_participants"]
    assert answer.keys() == {"drawn", "round_id", "grades", "of_group", "comment"}
    assert participant.keys() == {"browser", "round_id"}
    assert re.fullmatch("[0-9a-f]{32}", answer["drawn"])
    assert answer["drawn"] not in participant["browser"]
    assert "secret" not in json.dumps(after)


def test_whoever_may_not_answer_is_refused_by_the_store(store: Store, asked: CheckRound) -> None:
    def refuse(act: str) -> None:
        raise NotAllowedError(f"Not done: {act}.")

    store.guard(refuse)
    with pytest.raises(NotAllowedError, match="answer"):
        store.check_rounds.answer(asked.id, GOOD, "a", TODAY)
    assert store.check_rounds.answers_of(asked.id) == []


def test_rewards_are_by_role_the_heaviest_first_and_each_metric_once(store: Store) -> None:
    for role, metric, weight in (("Sales", "Revenue", "70"), ("Care", "NPS", "20"), ("Care", "Calls", "80.5")):
        new = NewReward(role=role, metric=metric, weight=Decimal(weight), is_customers=metric == "NPS")
        store.rewards.add(new, author=OWNER)
    assert [(each.role, each.metric) for each in store.rewards.all()] == [
        ("Care", "Calls"),
        ("Care", "NPS"),
        ("Sales", "Revenue"),
    ]
    with pytest.raises(StoreError, match="This role has this metric already"):
        store.rewards.add(NewReward(role="Care", metric="NPS", weight=Decimal(1), is_customers=True), author=COLLEAGUE)
    with pytest.raises(StoreError, match="between 0 % and 100 %"):
        store.rewards.add(
            NewReward(role="Care", metric="CSAT", weight=Decimal(101), is_customers=True), author=COLLEAGUE
        )


def _tables(store: Store, file: Path) -> dict[str, list[dict[str, str]]]:
    store.export_json(file)
    return json.loads(file.read_text(encoding="utf-8"))["tables"]
