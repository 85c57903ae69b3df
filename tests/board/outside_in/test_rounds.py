"""Rounds and rewards as people type them: every problem is named, a CSV goes out and comes back the same."""

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kviboard.board.context import BoardContext
from kviboard.board.outside_in.rounds import (
    RewardForm,
    give_answer,
    new_token,
    open_round,
    read_rewards,
    rewards_csv,
    save_reward,
    take_rewards,
)
from kviboard.errors import StoreError
from kviboard.store import Author, open_store
from tests.store.given import OWNER


@pytest.fixture
def context(sample_context: BoardContext) -> BoardContext:
    return sample_context


def test_a_round_needs_a_name_and_a_day_to_come(context: BoardContext, today: date) -> None:
    with pytest.raises(StoreError, match=r"Name: is empty.*Closing day: is missing or over"):
        open_round(context, " ", today - timedelta(days=1), author=OWNER)
    assert open_round(context, " Autumn ", today, author=OWNER).name == "Autumn"


def test_an_answer_without_grades_or_with_a_novel_is_refused(context: BoardContext, today: date) -> None:
    asked = open_round(context, "Autumn", today, author=OWNER)
    with pytest.raises(StoreError, match="Answer at least one question"):
        give_answer(context, asked.id, {}, None, "", new_token())
    with pytest.raises(StoreError, match=r"longer than 2,000 characters"):
        give_answer(context, asked.id, {"own_part": 3}, None, "x" * 2_001, new_token())
    assert context.store.check_rounds.answers_of(asked.id) == []


def test_a_reward_names_every_problem_and_a_kvi_for_customers_is_the_customers(context: BoardContext) -> None:
    with pytest.raises(StoreError, match=r"Weight: “much” is not a number.*Role: is empty.*Metric: is empty"):
        save_reward(context, RewardForm(weight="much"), None, author=OWNER)
    with pytest.raises(StoreError, match="outside 0 to 100"):
        save_reward(context, RewardForm(role="Care", metric="NPS", weight="120"), None, author=OWNER)
    with pytest.raises(StoreError, match="there is no KVI happiness"):
        save_reward(context, RewardForm(role="Care", metric="NPS", weight="1", kvi="happiness"), None, author=OWNER)
    typed = RewardForm(role="Care", metric="NPS", weight="37,5 %", kvi="net_promoter_score")
    saved = save_reward(context, typed, None, author=OWNER)
    assert (saved.weight, saved.is_customers) == (Decimal("37.5"), True)
    changed = save_reward(context, replace(typed, weight="40"), saved, author=OWNER)
    assert (changed.id, changed.weight) == (saved.id, Decimal(40))


def written(folder: Path, content: bytes) -> Path:
    file = folder / "rewards.csv"
    file.write_bytes(content)
    return file


def test_a_csv_of_rewards_comes_back_as_it_went_out(context: BoardContext, tmp_path: Path) -> None:
    wanted = [
        RewardForm(role="Care", metric="=Calls", weight="60"),
        RewardForm(role="Care", metric="NPS", weight="40", kvi="net_promoter_score"),
        RewardForm(role="Sales; north", metric="Turnover, net", weight="100"),
    ]
    for typed in wanted:
        save_reward(context, typed, None, author=Author("the owner", OWNER.at))
    before = context.store.rewards.all()
    text = rewards_csv(context)
    assert "'=Calls" in text
    again = read_rewards(context, written(tmp_path, text.encode()))
    assert take_rewards(context, again, author=OWNER) == 3
    assert context.store.rewards.all() == before


def test_rewards_go_with_the_board_from_machine_to_machine(context: BoardContext, tmp_path: Path) -> None:
    """What `kviboard okrs export` writes and `okrs import` reads: weights, KVIs, versions, what was taken off, who."""
    for metric, weight, kvi in (("NPS", "37,5 %", "net_promoter_score"), ("Calls per hour", "62.5", None)):
        made = save_reward(context, RewardForm(role="Care", metric=metric, weight=weight, kvi=kvi), None, author=OWNER)
    save_reward(context, RewardForm(role="Care", metric="Calls per hour", weight="60"), made, author=OWNER)
    gone = save_reward(context, RewardForm(role="Care", metric="Releases", weight="2.5"), None, author=OWNER)
    context.store.rewards.archive(gone, author=OWNER)
    context.store.export_json(tmp_path / "board.json")
    with closing(open_store(tmp_path / "other.sqlite")) as other:
        other.import_json(tmp_path / "board.json")
        assert [
            (each.metric, each.weight, each.is_customers, each.kvi, each.version) for each in other.rewards.all()
        ] == [
            ("Calls per hour", Decimal(60), False, None, 2),
            ("NPS", Decimal("37.5"), True, "net_promoter_score", 1),
        ]
        assert other.rewards.all() == context.store.rewards.all()
        assert other.rewards.get(gone.id).archived_at is not None
        now, before = rewards_csv(BoardContext(context.board, other)), rewards_csv(context)
        assert now == before
        assert other.history.of_table("rewards") == context.store.history.of_table(
            "rewards"
        )  # of which trends are made


def test_a_spreadsheet_of_rewards_is_read_as_any_export(context: BoardContext, tmp_path: Path) -> None:
    """An older spreadsheet's CSV: semicolons, no Unicode, a decimal comma, a heading above the header."""
    text = "Bonus 2026;;\nrole;metric;weight\nVerkäufer;NPS;37,5\nVerkäufer;Umsatz;62,5\n"
    found = read_rewards(context, written(tmp_path, text.encode("latin-1")))
    assert [(each.role, each.metric, each.weight) for each in found] == [
        ("Verkäufer", "NPS", Decimal("37.5")),
        ("Verkäufer", "Umsatz", Decimal("62.5")),
    ]


def test_a_csv_with_mistakes_is_refused_whole_with_the_line_of_each(context: BoardContext, tmp_path: Path) -> None:
    text = "role;metric;weight;is_customers\nCare;NPS;40;yes\nCare;;x;no\nSales;Turnover;30;perhaps\nA;B;1;no;9\n"
    said = r"Line 5: cannot be read: has 5 columns.*Line 3, Weight.*Line 3, Metric.*Line 4, is_customers: “perhaps”"
    with pytest.raises(StoreError, match=said):
        read_rewards(context, written(tmp_path, text.encode()))
    with pytest.raises(StoreError, match="has no column metric and no column weight"):
        read_rewards(context, written(tmp_path, b"role,name\n"))
    with pytest.raises(StoreError, match=r"^The file is larger than 1 MB: it needs a line per metric and no more\.$"):
        read_rewards(context, written(tmp_path, b"role,metric,weight\n" + b"Care,NPS,40\n" * 90_000))
    assert context.store.rewards.all() == []


def test_a_metric_that_a_table_has_twice_is_named_and_nothing_is_taken(context: BoardContext, tmp_path: Path) -> None:
    before = context.store.rewards.all()
    said = r"^Not saved. Line 3: Care has NPS in line 2, too"
    with pytest.raises(StoreError, match=said):
        read_rewards(
            context, written(tmp_path, b"role,metric,weight\nCare,NPS,40\nCare, NPS ,60\nSales,Turnover,100\n")
        )
    assert context.store.rewards.all() == before
