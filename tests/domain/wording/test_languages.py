"""The coach in four languages against sentences with the findings that a person would expect, and its rewrites.

`sentences.csv`: `tuning` rows were looked at while the rules were made, `held_out` rows were not, `afresh` rows were
written when the rules were done and are judged with what was learned of them. Precision and recall of the findings:

|    | tuning    | held_out  | held_out at first | afresh    | afresh at first |
|----|-----------|-----------|-------------------|-----------|-----------------|
| en | 1.00 1.00 | 0.83 1.00 | 0.83 1.00         |           |                 |
| nl | 1.00 1.00 | 0.96 1.00 | 0.96 0.92         | 1.00 1.00 | 0.67 0.80       |
| de | 1.00 1.00 | 0.93 1.00 | 0.92 0.96         | 1.00 1.00 | 0.62 0.80       |
| da | 1.00 1.00 | 0.96 1.00 | 0.96 0.92         | 1.00 1.00 | 0.54 0.70       |

List and rules come from the same hand. What `afresh` was at first is nearest to a stranger's wording: rare kinds of
customers are what the rules knew least.
"""

import csv
import re
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kviboard.board.wording.languages import known_languages, language_named
from kviboard.board.wording.stories import coach_stories
from kviboard.domain.wording.coach import coach_key_result, coach_objective, coach_vision
from kviboard.domain.wording.languages import spoken_in
from kviboard.domain.wording.rewriting import rewrite_key_result, rewrite_sentence

with (Path(__file__).parent / "sentences.csv").open(encoding="utf-8", newline="") as file:
    LISTED = list(csv.DictReader(file))

COACHES = {"objective": coach_objective, "vision": coach_vision, "key_result": coach_key_result}


def found(row):
    if row["kind"] == "story":
        (coached,) = coach_stories([("1", row["text"])])
        return {finding.rule for finding in coached.findings}
    findings = COACHES[row["kind"]](row["text"], language_named(row["language"]))
    assert all(row["text"][each.start : each.end] == each.quote for each in findings)
    return {finding.rule for finding in findings}


def rewritten(kind, text, language):
    coach = partial(COACHES[kind], language=language)
    return (
        rewrite_key_result(text, language, coach) if kind == "key_result" else rewrite_sentence(text, language, coach)
    )


@pytest.mark.parametrize("language", ["en", "nl", "de", "da"])
@pytest.mark.parametrize(("part", "least"), [("tuning", 1.0), ("held_out", 0.8), ("afresh", 0.9)])
def test_what_a_person_would_find_is_found(language, part, least):
    counts = Counter()
    for row in LISTED:
        if (row["language"], row["part"]) == (language, part):
            expected, got = set(row["expected"].split()), found(row)
            counts.update(hits=len(expected & got), extra=len(got - expected), missed=len(expected - got))
    if counts:
        assert counts["hits"] / (counts["hits"] + counts["extra"]) >= least, counts
        assert counts["hits"] / (counts["hits"] + counts["missed"]) >= least, counts


def test_each_language_has_sixty_sentences_of_every_kind_half_of_them_held_out():
    for language in ("nl", "de", "da"):
        rows = [row for row in LISTED if row["language"] == language and row["part"] != "afresh"]
        assert len({row["text"] for row in rows}) >= 60
        assert {row["kind"] for row in rows} == {"objective", "key_result", "vision", "story"}
        assert sum(row["part"] == "held_out" for row in rows) * 2 == len(rows)


def test_a_sentence_is_read_in_the_language_it_is_in():
    english = language_named("en")
    for row in LISTED:
        if row["language"] == "en":
            assert spoken_in(row["text"], english, known_languages()) is english, row["text"]
            assert not rewritten("objective", "", english)
    assert spoken_in("Klanten ervaren een naadloze reis bij ons", english, known_languages()).code == "nl"
    assert spoken_in("Die Kunden finden Hilfe, ohne zu suchen", english, known_languages()).code == "de"


@pytest.mark.parametrize("row", [row for row in LISTED if row["kind"] != "story"], ids=lambda row: row["text"])
def test_a_rewrite_invents_no_number_and_leaves_nothing_but_what_is_open(row):
    language = language_named(row["language"])
    new = rewritten(row["kind"], row["text"], language)
    assert bool(new) <= bool(found(row))
    if new:
        assert new != row["text"]
        assert not set(re.findall(r"\d+", new)) - set(re.findall(r"\d+", row["text"]))
        left = {each.rule for each in COACHES[row["kind"]](new, language)}
        assert left <= {"nothing_left_open", "length"}, new
        assert not rewritten(row["kind"], new, language) or "length" in left


@pytest.mark.parametrize(
    ("language", "kind", "text", "new"),
    [
        ("en", "objective", "Help small businesses get paid faster", "Small businesses get paid faster"),
        ("en", "objective", "Launch the new app for small businesses", "Small businesses can …"),
        ("en", "objective", "90 % of customers rate us five stars", "Customers rate us five stars"),
        (
            "en",
            "objective",
            "Customers finish onboarding within 5 days without a call",
            "Customers finish onboarding without a call",
        ),
        ("en", "objective", "Customers enjoy a seamless offer every day", "Customers enjoy an offer every day"),
        ("en", "objective", "Customers find help on the first try", ""),
        ("en", "key_result", "Launch the portal for 20 customers", "Share of customers who …"),
        ("en", "key_result", "Share of promoters", ""),
        ("en", "vision", "We grow. Customers understand their bill.", "Customers understand their bill."),
        ("de", "objective", "95 % der Kunden finden Hilfe sofort", "Kunden finden Hilfe sofort"),
        ("de", "objective", "Neue App für kleine Betriebe einführen", "Kleine Betriebe können …"),
        ("nl", "objective", "Klanten krijgen een uniek en innovatief aanbod", "Klanten krijgen een aanbod"),
        ("da", "key_result", "Lancere ny portal i 2027", "Andel af kunder, der …"),
        # of a single customer neither "können" nor "kunnen" can be said
        ("de", "objective", "Den Umsatz pro Kunde steigern", "Kunden können …"),
        ("nl", "objective", "De omzet per klant verhogen", "Klanten kunnen …"),
        ("da", "objective", "Øge omsætningen pr. kunde i Norden", "Kunder kan …"),
        ("de", "objective", "Neues Portal für Studenten ausrollen", "Studenten können …"),
    ],
)
def test_a_rewrite_is_the_writers_own_sentence_as_far_as_it_goes(language, kind, text, new):
    assert rewritten(kind, text, language_named(language)) == new


@given(st.text(max_size=60), st.sampled_from(["en", "nl", "de", "da"]), st.sampled_from(sorted(COACHES)))
def test_any_text_can_be_coached_and_rewritten(text, code, kind):
    language = language_named(code)
    new = rewritten(kind, text, language)
    assert set(re.findall(r"\d", new)) <= set(re.findall(r"\d", text))
