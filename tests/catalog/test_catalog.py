"""The catalogue reads what is well written and says of the rest what, where and what to do."""

from pathlib import Path

import pytest

from kviboard.catalog import load_catalog
from kviboard.workspace import load_workspace

GOOD = """/*---
title: Happy days
customer_benefit: Customers have happy days.
company_value: Happy customers stay.
value: sum(orders) / sum(ordering_customers)
unit: number
better: up
needs: [orders]
---*/
-- one row per day
select * from daily
"""


@pytest.fixture
def workspace(tmp_path: Path):
    (tmp_path / "kviboard.toml").write_text("[surveys]\nanswer_counts_back_days = 60\n")
    for kind in ("kvis", "marts", "staging", "checks"):
        (tmp_path / "queries" / kind).mkdir(parents=True)
    return load_workspace(tmp_path)


def write(workspace, path: str, text: str) -> None:
    (workspace.root / "queries" / path).write_text(text)


def problems(workspace) -> list[str]:
    return [str(problem) for problem in load_catalog(workspace).problems]


def test_dropping_a_file_in_is_all_it_takes(workspace):
    write(workspace, "kvis/happy_days.sql", GOOD)
    catalog = load_catalog(workspace)
    kvi = catalog.kvis["happy_days"]
    assert (kvi.title, kvi.unit, kvi.tables) == ("Happy days", "number", ("orders",))
    assert kvi.sql == "-- one row per day\nselect * from daily"
    assert GOOD.splitlines()[kvi.body_line - 1] == "-- one row per day"
    assert not catalog.problems


def test_the_board_itself_has_no_problems(workspace):
    assert problems(workspace) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("unit: number", "unit: furlongs"), "line 6: unit: input should be"),
        (("unit: number", "unit: number\ncolour: red"), "line 7: colour is not a key of a KVI. Known are title,"),
        (("unit: number", "unit: number\nunit: days"), "unit is given twice"),
        (("needs: [orders]", "needs: [receipts]"), "line 8: needs: receipts is no export; known are customers"),
        (("needs: [orders]", "needs: [orders.colour]"), "orders has no column colour"),
        (("title: Happy days\n", ""), "title is missing"),
        (("sum(orders)", "orders"), "line 5: value: uses orders outside an aggregate"),
        (("better: up", "better: up\ninterval: nps(a, b)"), "line 8: interval: write nps(promoters, detractors, n)"),
        (("select * from daily", "select 1; select 2"), "line 10: has 2 statements"),
        (("select * from daily", "delete from daily"), "is not a SELECT"),
        (
            ("select * from daily", "with gone as (delete from daily returning *) select * from gone"),
            "line 10: changes rows with DELETE in one of its steps",
        ),
        (("select * from daily", "select from from"), "is not valid SQL"),
        (("select * from daily", "select 1 +"), "line 11: is not valid SQL: something is missing in it."),
        (("select * from daily", "select 'a"), "is not valid SQL: a quote or a comment in it does not end."),
        (("sum(orders)", "sum(orders) over ()"), "line 5: value: has over (…), which looks beyond the period"),
        (("sum(orders)", "sum(orders) filter (where true)"), "line 5: value: has filter (…); write sum(case when"),
        (("sum(orders)", "sum(orders) /"), "value: is not an expression: something is missing in it. Found"),
        (("sum(orders)", "sum('orders)"), "value: is not an expression: a quote or a comment in it does not end. Fou"),
        (
            ("better: up", "better: up\ngrains: []"),
            "line 8: grains: name at least one length of period, or leave it out",
        ),
        (("better: up", "better: up\ngrains: month"), "line 8: grains: write a list in brackets, as [month]. Found"),
        (("better: up", "better: up\nrange: [5]"), "line 8: range: write the lowest and the highest, as [0, 100]"),
        (
            ("better: up", "better: up\ncomplete_after: -1"),
            "line 8: complete_after: write a number of days, 0 or more,",
        ),
        (
            ("better: up", "better: up\njudged_after: soon"),
            "line 8: judged_after: write a number of days, 0 or more, or",
        ),
        (("needs: [orders]", "needs: orders"), "line 8: needs: write a list in brackets, as [orders]. Found"),
        (
            ("needs: [orders]", "needs: orders, responses"),
            "needs: write a list in brackets, as [orders, responses]. Fou",
        ),
        (("needs: [orders]", "needs: 7"), "line 8: needs: write a list in brackets. Found 7."),
        (("needs: [orders]", "needs: []"), "line 8: needs: name at least one. Found []."),
        (("title: Happy", "title: Happy: very"), "the front matter is not valid YAML"),
        (("/*---", "/*"), "line 1: has no front matter"),
    ],
)
def test_a_broken_file_is_named_with_its_line_and_the_others_keep_working(workspace, change, words):
    assert change[0] in GOOD
    write(workspace, "kvis/fine.sql", GOOD)
    write(workspace, "kvis/broken.sql", GOOD.replace(*change))
    catalog = load_catalog(workspace)
    assert "fine" in catalog.kvis
    assert "broken" not in catalog.kvis
    (found,) = [str(problem) for problem in catalog.problems]
    assert found.startswith("queries/kvis/broken.sql")
    assert words in found


def test_all_problems_of_a_file_are_reported_at_once(workspace):
    write(
        workspace, "kvis/broken.sql", GOOD.replace("better: up", "better: sideways").replace("unit: number", "unit: x")
    )
    assert len(problems(workspace)) == 2


def test_a_workspace_file_replaces_the_built_in_one_of_the_same_path(workspace):
    built_in = load_catalog(workspace).kvis["new_customers"]
    write(workspace, "kvis/new_customers.sql", GOOD)
    catalog = load_catalog(workspace)
    assert built_in.title != catalog.kvis["new_customers"].title == "Happy days"


def test_complete_after_may_name_the_setting_for_answers_that_count_back(workspace):
    write(workspace, "kvis/a.sql", GOOD.replace("better: up", "better: up\ncomplete_after: answer_counts_back_days"))
    write(workspace, "kvis/b.sql", GOOD.replace("better: up", "better: up\ncomplete_after: 90"))
    kvis = load_catalog(workspace).kvis
    assert (kvis["a"].complete_after, kvis["b"].complete_after) == (60, 90)


def test_judged_after_may_name_the_days_that_a_score_is_valid(workspace):
    write(workspace, "kvis/a.sql", GOOD.replace("better: up", "better: up\njudged_after: valid_days"))
    write(workspace, "kvis/b.sql", GOOD.replace("better: up", "better: up\njudged_after: 90"))
    kvis = load_catalog(workspace).kvis
    assert (kvis["a"].judged_after, kvis["b"].judged_after) == (365, 90)


def test_every_kvi_of_ours_says_in_prose_how_it_is_counted(workspace):
    """It is all that pages say of it: the formula stands with the SQL."""
    assert [kvi.name for kvi in load_catalog(workspace).kvis.values() if not kvi.description] == []


def test_marts_come_in_an_order_in_which_they_can_be_built(workspace):
    write(workspace, "marts/aaa.sql", "select * from zzz")
    write(workspace, "marts/zzz.sql", "with aaa_ as (select * from orders) select * from aaa_")
    names = list(load_catalog(workspace).marts)
    assert names.index("zzz") < names.index("aaa")


def test_what_cannot_be_built_leaves_all_other_marts(workspace) -> None:
    whole = load_catalog(workspace).marts
    own = {"itself": "itself", "one": "two", "two": "one", "fine": "daily", "orders": "daily"}
    for name, reads in own.items():
        write(workspace, f"marts/{name}.sql", f"-- One\nselect * from {reads}")
    catalog = load_catalog(workspace)
    assert catalog.marts.keys() == whole.keys() | {"fine"}
    said = sorted(str(problem) for problem in catalog.problems)
    assert said[0] == (
        "queries/marts/orders.sql: orders is a table that exports are read into. Give the mart another name."
    )
    assert [problem.partition(": ")[2][:50] for problem in said[1:]] == [
        "these read each other in a circle: itself → itself",
        "these read each other in a circle: one → two → one",
    ]


def test_marts_that_read_each_other_in_a_circle_are_named(workspace):
    write(workspace, "marts/hen.sql", "select * from egg")
    write(workspace, "marts/egg.sql", "select * from hen")
    (found,) = problems(workspace)
    assert "circle" in found
    assert "egg" in found


def test_a_target_for_a_kvi_that_does_not_exist_is_a_problem(tmp_path):
    (tmp_path / "kviboard.toml").write_text('[[targets]]\nkvi = "nosuch"\nvalue = 1\n')
    (found,) = problems(load_workspace(tmp_path))
    assert "nosuch" in found


@pytest.mark.parametrize(
    ("kvi", "value", "said"),
    [
        ("promoter_revenue_share", 0.55, ""),
        ("promoter_revenue_share", 1, ""),
        ("promoter_revenue_share", 55, "is 55, and 5,500 % is more than 100 %, the most it can be. Percentages are fr"),
        ("promoter_revenue_share", -0.1, "is -0.1, and −10 % is less than 0 %, the least it can be."),
        ("net_revenue_retention", 1.1, ""),
        ("net_revenue_retention", 110, "is 110, and 11,000 % is hardly meant."),
        ("net_promoter_score", 120, "is 120, and 120 is more than 100, the most it can be. Fix the value."),
        ("daily_active_users", 4000, ""),
    ],
)
def test_a_target_that_can_never_be_reached_is_questioned(tmp_path, kvi, value, said):
    (tmp_path / "kviboard.toml").write_text(f'[[targets]]\nkvi = "{kvi}"\nvalue = {value}\n')
    found = problems(load_workspace(tmp_path))
    assert [said in problem.replace("\u00a0", " ") for problem in found] == ([True] if said else []), found


@pytest.mark.parametrize("key", ["coverage", "mirrors"])
def test_another_kvi_that_is_none_is_named_and_the_kvi_is_computed(workspace, key: str) -> None:
    write(workspace, "kvis/happy_days.sql", GOOD.replace("better: up", f"better: up\n{key}: sad_days"))
    (found,) = problems(workspace)
    assert found.startswith(
        f"queries/kvis/happy_days.sql: {key}: sad_days is not a KVI. Known are average_order, below"
    )
    assert "happy_days" in load_catalog(workspace).kvis


def test_a_target_for_what_a_supervisor_requires_is_questioned(workspace):
    (workspace.root / "kviboard.toml").write_text('[[targets]]\nkvi = "happy_days"\nvalue = 9\n')
    write(workspace, "kvis/happy_days.sql", GOOD.replace("better: up\n", "better: up\ninterest: regulator\n"))
    (found,) = problems(load_workspace(workspace.root))
    assert "a limit that must hold, no target to be raised. Keep it by a guardrail" in found


@pytest.mark.parametrize(
    "head",
    [
        "a: &a [x, x]\nb: *a",
        "title: " + "[" * 5_000,
        "? [a, b]\n: c",
        "title: 2026-99-99",
        "title: !!python/object:os.system x",
    ],
    ids=["a reference", "depth", "a list as key", "no date", "a tag"],
)
def test_odd_front_matter_is_named_with_its_file(workspace, head: str) -> None:
    write(workspace, "kvis/odd.sql", f"/*---\n{head}\n---*/\nselect 1")
    (problem,) = problems(workspace)
    assert problem.startswith("queries/kvis/odd.sql, line ")
    assert "is not valid YAML" in problem


def test_a_query_too_long_or_too_deep_is_named_and_left_out(workspace):
    write(workspace, "checks/deep.sql", "-- Deep\nselect " + "(" * 20_000 + "1" + ")" * 20_000)
    write(workspace, "checks/long.sql", "-- Long\nselect 1 -- " + "x" * 200_000)
    write(workspace, "kvis/deep.sql", GOOD.replace("select *", "select " + "(" * 20_000 + "1" + ")" * 20_000 + " as x"))
    kvi, deep, long = problems(workspace)
    assert kvi.startswith("queries/kvis/deep.sql, line 10: is nested too deeply.")
    assert deep == "queries/checks/deep.sql, line 1: is nested too deeply. Split it into steps: with … as (…)."
    assert long.startswith("queries/checks/long.sql: has more than 200,000 characters.")


def test_of_a_file_longer_than_any_query_not_all_is_read(workspace):
    write(workspace, "kvis/long.sql", GOOD + "-- " + "x" * 1_000_000)
    (said,) = problems(workspace)
    assert said.startswith("queries/kvis/long.sql: cannot be read (it has more than 1,000,000 characters).")
