"""What minutes begin with, and the messages that stand over their steps."""

from datetime import date

from kviboard.board.reviews.document import DecisionRecord, KviRecord, ObjectiveRecord, PredictionRecord, ReviewDocument
from kviboard.documents.blocks import Paragraph, Points, Table
from kviboard.documents.review.result import result_step, with_message
from kviboard.documents.review.story import review_story
from kviboard.documents.review.tables import decision_table, prediction_table, prediction_text
from kviboard.domain.reviews.predictions import Outcome

DUE = date(2026, 11, 13)


def closing(**more: object) -> ReviewDocument:
    given = {"act": "closing", "company": "A company", "vision": "", "currency": "EUR", "data_through": None,
             "warehouse_version": "1",              "sprint": "Sprint 9", "starts_on": date(2026, 10, 14),
             "ends_on": date(2026, 10, 27), "goal": "Customers wait for nobody", **more}  # fmt: skip
    return ReviewDocument.model_validate(given)


def test_the_first_page_says_what_came_of_it_what_is_unusual_and_who_does_what() -> None:
    predicted = [
        PredictionRecord(
            id=number, kvi="nps", title="NPS", expected_text="+2", confidence=70, because="", by="Ada", outcome=outcome
        )
        for number, outcome in enumerate((Outcome.HIT, Outcome.MISSED, Outcome.NOT_MEASURED))
    ]
    kvi = KviRecord(
        name="csat", title="Satisfaction", unit="percent", grain="sprint", better="up", verdict="signal: down",
        sentence="Satisfaction fell to 60 %.",
    )  # fmt: skip
    decided = DecisionRecord(id=1, text="Call every customer", kind="decision", owner="Bo", due_on=DUE, state="open")
    step = result_step(closing(predictions=predicted, kvis=[kvi], decisions=[decided], reviewed_by=("Ada", "Bo")))
    assert step.title == "1 of 2 predictions came true, 1 KVI unusual, 1 decision"
    goal, unusual, table, people = step.blocks
    assert goal == Paragraph("Customers wait for nobody", "lead")
    assert unusual == Points(("Satisfaction fell to 60 %.",), "Unusual for customers")
    assert isinstance(table, Table)
    assert [cell.text for cell in table.rows[0]] == ["Call every customer", "decision", "Bo", "13 Nov 2026", "○ open"]
    assert people == Paragraph("Reviewed by Ada, Bo.", "quiet")


def test_an_open_decision_says_how_long_it_is_past_due_and_a_settled_one_what_came_of_it() -> None:
    made = [
        DecisionRecord(id=1, text="Call", kind="decision", owner="Bo", due_on=date(2026, 10, 27), state="open"),
        DecisionRecord(id=2, text="Write", kind="decision", owner="Bo", due_on=date(2026, 10, 31), state="open"),
        DecisionRecord(
            id=3,
            text="Ask",
            kind="decision",
            owner="Bo",
            due_on=date(2026, 10, 1),
            state="done",
            outcome="Nobody waits",
        ),
        DecisionRecord(
            id=4,
            text="Try",
            kind="experiment",
            owner="Bo",
            due_on=date(2026, 10, 30),
            state="open",
            outcome="Bo is ill",
        ),
    ]
    table = decision_table(made, closing(data_through=date(2026, 10, 31)), "Decided")
    assert [(row[-1].text, row[-1].tone) for row in table.rows] == [
        ("▲ open, 4 days past due", "bad"),
        ("○ open", None),
        ("✓ done: Nobody waits", "good"),
        ("▲ open, 1 day past due: Bo is ill", "bad"),
    ]
    assert decision_table(made[:1], closing(), "Decided").rows[0][-1].text == "○ open"  # before anything was exported


def test_a_bare_review_says_so() -> None:
    assert result_step(closing(goal="")).title == "No KVI unusual, nothing decided"


def test_the_title_of_a_step_is_its_message() -> None:
    moved = [
        ObjectiveRecord(id=n, title=f"O{n}", team="A", status=status, was="On track", reason="", progress_text="")
        for n, status in enumerate(("At risk", "On track", "On track"))
    ]
    document = closing(objectives=moved, cycle="Q4 2026")
    titles = [with_message(document, step).title for step in review_story(document).steps]
    assert "1 of 3 objectives changed its status · Q4 2026" in titles


def test_okrs_of_a_review_are_those_of_its_sprints_last_day_or_first_and_say_so() -> None:
    stood = [ObjectiveRecord(id=1, title="O", team="A", status="At risk", was="On track", reason="", progress_text="")]
    whole = closing(objectives=stood, cycle="Q4 2026", data_through=date(2026, 10, 31))

    def titles(document: ReviewDocument) -> set[str]:
        steps = review_story(document).steps
        return {title for step in steps for title in (step.title, with_message(document, step).title)}

    assert {
        "What moved in our OKRs · Q4 2026, as of 27 Oct 2026",
        "1 of 1 objective changed its status · Q4 2026, as of 27 Oct 2026",
    } <= titles(whole)
    assert "What moved in our OKRs · Q4 2026, as of 20 Oct 2026" in titles(
        whole.model_copy(update={"data_through": date(2026, 10, 20)})
    )
    assert "Where our OKRs stand · Q4 2026, as of 14 Oct 2026" in titles(whole.model_copy(update={"act": "opening"}))


def test_no_line_breaks_between_how_sure_somebody_is_and_its_percent_sign() -> None:
    made = PredictionRecord(id=1, kvi="nps", title="NPS", expected_text="+2", confidence=70, because="", by="Ada")
    assert prediction_text(made) == "+2, 70\u00a0% sure"
    (row,) = prediction_table(closing(predictions=[made])).rows
    assert row[2].text == "70\u00a0%"
