"""What customers said in a sprint, counted by hand: bands, first and last day, repeated and missing comments."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kviboard.board.board import Board
from kviboard.board.reviews.document import ReviewDocument
from kviboard.board.reviews.snapshot import Occasion, take_numbers
from kviboard.board.voice.follow_ups import answer_of, take_up
from kviboard.documents.review.agenda import in_one_line
from kviboard.documents.review.story import review_story
from kviboard.domain.periods import Sprint
from tests.board.conftest import CONFIG
from tests.board.okrs.given import an_author, context_on

HEAD = "response_id,customer_id,responded_at,score,survey,touchpoint,comment"
SPRINT = Sprint("Sprint 1", date(2026, 1, 5), date(2026, 1, 18))
FIVE = CONFIG + '\n[surveys]\nscale = "1-5"\n'

Heard = Callable[..., ReviewDocument]


@pytest.fixture
def heard(tiny: Callable[..., Board], tmp_path: Path) -> Heard:
    """The record of the sprint's closing; answers are "day,score,survey,touchpoint,comment", each of customer a."""

    def close(*answers: str, config: str = CONFIG) -> ReviewDocument:
        lines = [HEAD, *(f"r{number:02},a,{answer}" for number, answer in enumerate(answers))]
        context = context_on(tiny(responses="\n".join(lines) + "\n", config=config), tmp_path)
        document = take_numbers(context, Occasion("closing", SPRINT))
        context.store.close()
        return document

    return close


def said(document: ReviewDocument) -> list[tuple[str, str]]:
    return [(voice.band, voice.text) for voice in document.voices]


def test_six_detracts_seven_and_eight_are_passive_and_nine_promotes(heard: Heard) -> None:
    document = heard(*(f"2026-01-10,{score},,,It is {score}" for score in (0, 6, 7, 8, 9, 10)))
    assert document.answers == {"detractor": 2, "passive": 2, "promoter": 2}
    assert set(said(document)) == {
        ("detractor", "It is 0"), ("detractor", "It is 6"), ("passive", "It is 7"), ("passive", "It is 8"),
        ("promoter", "It is 9"), ("promoter", "It is 10"),
    }  # fmt: skip
    assert [band for band, _ in said(document)] == ["promoter"] * 2 + ["passive"] * 2 + ["detractor"] * 2


def test_a_five_of_five_promotes_a_four_is_passive_and_a_three_detracts(heard: Heard) -> None:
    document = heard(*(f"2026-01-10,{score},,,It is {score}" for score in (1, 2, 3, 4, 5)), config=FIVE)
    assert document.answers == {"detractor": 3, "passive": 1, "promoter": 1}
    assert {voice.text: voice.score for voice in document.voices} == {
        "It is 5": 10, "It is 4": 8, "It is 3": 6, "It is 2": 4, "It is 1": 2,
    }  # fmt: skip


def test_the_sprints_first_and_last_day_belong_to_it_and_the_days_beside_it_do_not(heard: Heard) -> None:
    document = heard(
        "2026-01-04 23:59,9,,,the evening before",
        "2026-01-05 00:00,9,,,as it began",
        "2026-01-18 23:59,9,,,as it ended",
        "2026-01-19 00:00,9,,,the night after",
    )
    assert document.answers == {"promoter": 2}
    assert said(document) == [("promoter", "as it ended"), ("promoter", "as it began")]  # the newest first


def test_an_answer_without_a_comment_counts_and_is_not_quoted(heard: Heard) -> None:
    document = heard("2026-01-10,3,,,", "2026-01-11,2,,,   ", "2026-01-12,1,,,Too slow", "2026-01-12,8,,,")
    assert document.answers == {"detractor": 3, "passive": 1}
    assert said(document) == [("detractor", "Too slow")]


def test_nobody_answered_is_said_where_no_answer_lies_in_the_sprint(heard: Heard) -> None:
    document = heard("2026-01-19,9,,,Too late")
    assert (document.answers, document.voices) == ({}, ())
    (step,) = [step for step in review_story(document).steps if step.name == "voices"]
    assert "Nobody answered." in str(step)


def test_an_export_that_ends_before_the_sprint_does_not_say_that_nobody_answered(heard: Heard) -> None:
    (step,) = [step for step in review_story(heard("2026-01-04,9,,,Early")).steps if step.name == "voices"]
    assert "The responses export ends on 4 Jan 2026, before the sprint." in str(step)
    (step,) = [step for step in review_story(heard("2026-01-05,9,,,In time")).steps if step.name == "voices"]
    assert "In time" in str(step)
    assert "before the sprint" not in str(step)


def test_what_was_said_most_often_goes_before_what_is_newer_and_ties_before_the_alphabet(heard: Heard) -> None:
    document = heard(
        "2026-01-06,9,,,Often",
        "2026-01-07,9,,, Often ",  # space around it makes no other comment
        "2026-01-10,9,,,Berta",
        "2026-01-10,9,,,Anton",
        "2026-01-11,9,,,Newest",
        "2026-01-05,5,,,Often",  # of another band
    )
    promoters = [text for band, text in said(document) if band == "promoter"]
    assert promoters == ["Often", "Newest", "Anton", "Berta"]
    assert [voice.day for voice in document.voices] == [
        date(2026, 1, 7), date(2026, 1, 11), date(2026, 1, 10), date(2026, 1, 10), date(2026, 1, 5),
    ]  # fmt: skip
    assert document.answers == {"promoter": 5, "detractor": 1}


def test_what_several_said_alike_has_day_score_and_place_of_the_one_who_said_it_last(heard: Heard) -> None:
    document = heard(
        "2026-01-07,8,,onboarding,Fine",
        "2026-01-09,7,,support,Fine",
        "2026-01-08,8,,billing,Fine",
        "2026-01-06,10,,support,Great",
        "2026-01-10,9,,,Great",
    )
    fine, great = sorted(document.voices, key=lambda voice: voice.text)
    assert (fine.day, fine.score, fine.touchpoint) == (date(2026, 1, 9), 7, "support")
    assert (great.day, great.score, great.touchpoint) == (date(2026, 1, 10), 9, "")


def test_six_comments_of_a_band_are_kept_and_all_its_answers_counted(heard: Heard) -> None:
    silent = ["2026-01-17,9,,,"] * 9  # said most often and newest, and yet no comment
    document = heard(*(f"2026-01-{day:02},9,,,Day {day}" for day in range(5, 13)), *silent)
    assert document.answers == {"promoter": 17}
    assert [text for _, text in said(document)] == [f"Day {day}" for day in (12, 11, 10, 9, 8, 7)]


def test_only_answers_that_count_towards_scores_are_heard(heard: Heard) -> None:
    given = (
        "2026-01-10,9,relationship,,A year with you",
        "2026-01-10,9,,,No survey named",
        "2026-01-10,2,transactional,Delivery,The parcel was late",
    )
    assert heard(*given, config=CONFIG + '\n[surveys]\nsurvey = "relationship"\n').answers == {"promoter": 2}
    every = heard(*given, config=CONFIG + '\n[surveys]\nsurvey = "any"\n')
    assert every.answers == {"promoter": 2, "detractor": 1}
    assert [voice.touchpoint for voice in every.voices] == ["", "", "Delivery"]


def test_the_minutes_say_how_many_answered_and_quote_three_of_each_band(heard: Heard) -> None:
    document = heard(*(f"2026-01-{day:02},7,,,Day {day}" for day in range(5, 10)), "2026-01-10,10,,Shop,Well done")
    (step,) = [step for step in review_story(document).steps if step.name == "voices"]
    told = [(block.title.replace("\u00a0", " "), block.quotes) for block in step.blocks]
    assert told == [
        ("Promoters (9–10): 1 answer", (("Well done", "score 10 · 10 Jan 2026 · Shop"),)),
        (
            "Passives (7–8): 5 answers",
            tuple((f"Day {day}", f"score 7 · {day} Jan 2026") for day in (9, 8, 7)),
        ),
    ]


def test_an_opening_says_whose_calls_are_open_without_the_customers(tiny: Callable[..., Board], tmp_path: Path) -> None:
    context = context_on(tiny(responses=f"{HEAD}\nr1,a,2026-01-10,3,,,Too slow\nr2,b,2026-01-12,2,,,\n"), tmp_path)
    opening = Occasion("opening", SPRINT)
    assert "calls" not in {step.name for step in review_story(take_numbers(context, opening)).steps}
    for number, due in (("r1", date(2026, 1, 5)), ("r2", date(2026, 3, 30))):
        take_up(context, answer_of(context, number), "Bo", due, author=an_author(key=number))
    document = take_numbers(context, opening)
    context.store.close()
    assert document.calls == ("Bo: 2 answers of customers, 1 past due",)
    (step,) = [step for step in review_story(document).steps if step.name == "calls"]
    assert in_one_line(step).startswith("2 answers of customers wait for a call, 1 of them past due.")
    assert "Too slow" not in repr(step)


def test_a_closing_quotes_who_waits_for_a_call_first_if_they_answered_in_the_sprint(
    tiny: Callable[..., Board], tmp_path: Path
) -> None:
    told = ("2026-01-04,1,,,Before it", "2026-01-18,3,,,On its last day", "2026-01-19,2,,,After it", "2026-01-05,4,,,")
    others = ("2026-01-18,5,,,Nobody calls", "2026-01-10,3,,,On its last day")  # somebody else said the same
    lines = [HEAD, *(f"r{number},a,{each}" for number, each in enumerate((*told, *others)))]
    context = context_on(tiny(responses="\n".join(lines) + "\n"), tmp_path)
    for number in range(4):
        answer = answer_of(context, f"r{number}")
        take_up(context, answer, "Bo", date(2026, 1, 5 + number), author=an_author(key=f"r{number}"))
    document = take_numbers(context, Occasion("closing", SPRINT))
    context.store.close()
    assert document.answers == {"detractor": 4}
    assert [(voice.text, bool(voice.waits)) for voice in document.voices] == [
        ("On its last day", True),
        ("Nobody calls", False),
    ]
