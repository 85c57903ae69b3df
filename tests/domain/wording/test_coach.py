"""The wording coach against a list of good and poor objectives, written before the rules.

`objectives.csv`: `tuning` rows were looked at while the rules were made, `held_out` rows were not. Figures for finding
the poor ones:

|          | rows | precision | recall | when first measured |
|----------|------|-----------|--------|---------------------|
| tuning   |  152 |      1.00 |   0.97 |                     |
| held_out |   91 |      1.00 |   0.98 | 1.00 and 0.96       |

List and rules come from the same hand, so a stranger's wording will fare worse: 50 more objectives, written to trip the
rules as they were then and now part of `tuning`, had first been judged with precision 0.95 and recall 0.84.
"""

import csv
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kviboard.board.wording.languages import language_named
from kviboard.domain.okrs.model import Measure
from kviboard.domain.wording import coach
from kviboard.domain.wording.coach import RULES

ENGLISH = language_named("en")
coach_objective = partial(coach.coach_objective, language=ENGLISH)
coach_vision = partial(coach.coach_vision, language=ENGLISH)
coach_key_result = partial(coach.coach_key_result, language=ENGLISH)

with (Path(__file__).parent / "objectives.csv").open(encoding="utf-8", newline="") as file:
    LISTED = list(csv.DictReader(file))

KNOWN_MISSES = {
    "Customers love Aurora more than any other tool",
    "Customers trust Helios with their data",
    "Fewer customers have to call us because the new invoice layout is clear",
}
"""Names that look like any other name; "layout" is not on the list of things we ship."""

RULE_OF = {
    "subject": "customer_is_subject",
    "ships": "outcome_for_them",
    "our gain": "outcome_for_them",
    "digits": "no_digits",
    "too short": "length",
    "too long": "length",
    "internal name": "no_internal_names",
}


def rules_found(text, **known):
    return {finding.rule for finding in coach_objective(text, **known)}


def quotes(text, rule):
    return [finding.quote for finding in coach_objective(text) if finding.rule == rule]


@pytest.mark.parametrize("part", ["tuning", "held_out"])
def test_poor_objectives_are_found_and_good_ones_left_alone(part):
    rows = [row for row in LISTED if row["part"] == part]
    found = {row["objective"] for row in rows if coach_objective(row["objective"])}
    poor = {row["objective"] for row in rows if row["verdict"] == "poor"}
    assert len(found & poor) / len(found) >= 0.98, sorted(found - poor)
    assert len(found & poor) / len(poor) >= 0.95, sorted(poor - found)


def test_the_list_is_long_balanced_and_a_third_of_it_is_held_out():
    assert len({row["objective"] for row in LISTED}) == len(LISTED) >= 200
    assert 0.45 < sum(row["verdict"] == "poor" for row in LISTED) / len(LISTED) < 0.55
    assert sum(row["part"] == "held_out" for row in LISTED) >= len(LISTED) / 3


def test_misses_are_known_by_name():
    missed = {r["objective"] for r in LISTED if r["verdict"] == "poor" and not coach_objective(r["objective"])}
    assert missed == KNOWN_MISSES


def test_a_poor_objective_is_found_for_the_reason_it_is_listed_for():
    named = [row for row in LISTED if row["verdict"] == "poor" and row["objective"] not in KNOWN_MISSES]
    wanted = [(row["objective"], rule) for row in named for why, rule in RULE_OF.items() if why in row["why"]]
    hits = [pair for pair in wanted if pair[1] in rules_found(pair[0])]
    assert len(hits) / len(wanted) >= 0.95, [pair for pair in wanted if pair not in hits]


@pytest.mark.parametrize(
    ("text", "rule", "quote"),
    [
        ("Launch the new mobile app", "outcome_for_them", "Launch"),
        ("Rolling out dark mode to every user", "outcome_for_them", "Rolling out"),
        ("Customers get our new mobile app", "outcome_for_them", "our new mobile app"),
        ("All customers are migrated to the new platform", "outcome_for_them", "are migrated"),
        ("Customers enjoy the things we have built", "outcome_for_them", "we have built"),
        ("Customers spend more money per order", "outcome_for_them", "spend more money per order"),
        ("90 % of customers rate us five stars", "no_digits", "90 %"),
        ("Customers finish onboarding in Q3", "no_digits", "Q3"),
        ("Twenty per cent fewer customers leave us", "no_digits", "Twenty per cent"),
        ("Customers see their tickets in Jira", "no_internal_names", "Jira"),
        ("Customers benefit from version 4.2 at once", "no_internal_names", "version 4.2"),
        ("Customers experience ShopFlow as seamless", "no_internal_names", "ShopFlow"),
        ("Customers are delighted by Project Phoenix", "no_internal_names", "Project Phoenix"),
        ("The website is fast and reliable", "customer_is_subject", "The website"),
        ("Help small businesses get paid faster", "customer_is_subject", "Help"),
        ("Happy customers", "length", "Happy customers"),
    ],
)
def test_a_finding_quotes_the_words_it_is_about(text, rule, quote):
    assert quote in quotes(text, rule)


def test_too_long_quotes_what_goes_beyond_eighteen_words():
    eighteen = "Customers " + " ".join(["really"] * 16) + " rejoice"
    assert "length" not in rules_found(eighteen)
    assert quotes(f"{eighteen} with us", "length") == ["with us"]


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("Help small businesses get paid faster", "“Small businesses get paid faster”"),
        ("Enable users to find the right doctor", "“Users find the right doctor”"),
        ("Make sure customers receive orders on time", "“Customers receive orders on time”"),
    ],
)
def test_the_rewrite_uses_the_writers_own_sentence_where_the_customer_is_in_it(text, pattern):
    assert any(pattern in finding.rewrite for finding in coach_objective(text))


@pytest.mark.parametrize(
    ("customers", "ourselves"),
    [
        ("Customers build a shop of their own in an hour", "We build shops for our customers"),
        ("Customers launch campaigns without asking anyone", "Launch campaigns for more customers"),
        ("Customers are served within minutes everywhere", "Customers are onboarded within minutes everywhere"),
        ("Facility managers find every fault before it hurts", "Product managers find every fault before it hurts"),
        ("Everyone in the city breathes clean air", "Everyone in the company breathes customer focus"),
        ("A customer with a question gets an answer", "A customer survey with a question gets answers"),
    ],
)
def test_the_same_words_are_read_by_who_does_them(customers, ourselves):
    assert not coach_objective(customers)
    assert coach_objective(ourselves)


def test_a_companys_own_customers_are_known_once_named():
    text = "Finance teams close the month without overtime"
    assert rules_found(text) == {"customer_is_subject"}
    assert not coach_objective(text, kinds_of_customers=["Finance teams"])
    assert not coach_objective("SMB-3 feels looked after by us", kinds_of_customers=["SMB-3"])


def test_nothing_typed_gives_no_finding():
    assert coach_objective("") == coach_objective("  … ") == coach_key_result("") == []


def test_every_finding_names_a_rule_that_is_explained():
    texts = [row["objective"] for row in LISTED]
    findings = [finding for text in texts for finding in [*coach_objective(text), *coach_key_result(text)]]
    findings += coach_vision("Customers understand their bill. We …")
    assert {finding.rule for finding in findings} == set(RULES)
    assert all(finding.explanation.endswith(".") and finding.rewrite for finding in findings)


PIECES = (
    "Customers",
    "our",
    "the new app",
    "launch of",
    "3 %",
    "SAP’s",
    "who —",
    ",",
    "'users'",
    "Ünal 木",
    "v2.",
    "\n",
)


@given(st.one_of(st.lists(st.sampled_from(PIECES)).map(" ".join), st.text(max_size=40)))
def test_any_text_is_read_and_each_quote_is_its_span(text):
    for finding in [
        *coach_objective(text, kinds_of_customers=["users"]),
        *coach_key_result(text),
    ]:
        assert text[finding.start : finding.end] == finding.quote != ""


@pytest.mark.parametrize("title", ["Launch the self-service portal", "Rolled out to all shops", "Conduct interviews"])
def test_a_task_is_no_key_result(title):
    (finding,) = coach_key_result(title)
    assert finding.rule == "measure_not_task"
    assert title.startswith(finding.quote)


@pytest.mark.parametrize(
    "title",
    ["Share of promoters among new customers", "Raise the share of promoters", "Complaints per 1,000 customers"],
)
def test_a_measure_with_baseline_and_target_is_left_alone(title):
    assert coach_key_result(title, measure=Measure("increase", 10, 20)) == []


def test_a_missing_target_and_a_milestone_are_mentioned():
    (missing,) = coach_key_result("Share of promoters", measure=Measure("increase", 10))
    (milestone,) = coach_key_result("Shops open on Sunday", measure=Measure("milestone"))
    assert "baseline and a target" in missing.explanation
    assert "milestone" in milestone.explanation


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("Customers leverage seamless synergies every day", ["leverage", "seamless", "synergies"]),
        ("Customers enjoy a world-class, end-to-end journey with us", ["world-class", "end-to-end"]),
        ("Klanten ervaren een naadloze reis bij ons", ["naadloze"]),
        ("Kunden erleben ganzheitliche Synergien im Alltag", ["ganzheitliche", "Synergien"]),
        ("Customers find help on the first try", []),
        ("Seamstresses find the leverage-free thread they need", []),  # words that only look alike
    ],
)
def test_empty_words_are_heard_in_every_language_of_the_company(text, empty):
    assert quotes(text, "plain_words") == empty
