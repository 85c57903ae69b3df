"""Which invitations were answered. Cases worked by hand."""

from tests.queries.staged import Row, answer, build, invited, rows, stage

COUNTS = (
    "select touchpoint, count(*), cast(sum(answered) as bigint) from invitations_answered "
    "group by touchpoint order by touchpoint"
)


def counts(invitations: list[Row], responses: list[Row]) -> list[tuple]:
    return rows(build(stage(invitations=invitations, responses=responses), "invitations_answered"), COUNTS)


def at(touchpoint: str | None, row: Row) -> Row:
    return {**row, "touchpoint": touchpoint}


def test_an_answer_within_14_days_answers_and_one_day_later_it_does_not() -> None:
    asked = [invited("anna", "2026-01-01 08:00"), invited("bo", "2026-01-01 08:00")]
    told = [answer("r1", "anna", "2026-01-15 23:00", 9), answer("r2", "bo", "2026-01-16 00:00", 9)]
    assert counts(asked, told) == [("", 2, 1)]


def test_an_answer_before_the_question_answers_nothing() -> None:
    asked = [invited("anna", "2026-01-01 08:00"), invited("bo", "2026-01-01 08:00")]
    told = [answer("r1", "anna", "2026-01-01 07:59", 9), answer("r2", "bo", "2026-01-01 08:00", 9)]
    assert counts(asked, told) == [("", 2, 1)]


def test_an_answer_counts_once_for_the_last_invitation_before_it() -> None:
    asked = [invited("anna", "2026-01-01 08:00"), invited("anna", "2026-01-05 08:00")]
    told = [answer("r1", "anna", "2026-01-06", 9), answer("r2", "anna", "2026-01-07", 8)]
    assert counts(asked, told) == [("", 2, 1)]


def test_customer_survey_and_touchpoint_must_be_the_same() -> None:
    asked = [
        invited("anna", "2026-01-01", "transactional", "Visit "),
        invited("bo", "2026-01-01", "transactional", "Chat"),
        invited("cy", "2026-01-01", "transactional", "Visit"),
        invited("di", "2026-01-01", "relationship"),
    ]
    told = [
        at(" Visit", answer("r1", "anna", "2026-01-02", 9, "transactional")),
        at("Visit", answer("r2", "bo", "2026-01-02", 9, "transactional")),
        at("Visit", answer("r3", "cy", "2026-01-02", 9, "relationship")),
        answer("r4", "di", "2026-01-02", 9),  # who names no survey answers the relationship survey
        answer("r5", None, "2026-01-02", 9),
    ]
    assert counts(asked, told) == [("", 1, 1), ("Chat", 1, 0), ("Visit", 2, 1)]


def test_who_answers_is_told_by_the_score_held_the_day_before() -> None:
    asked = [invited("anna", "2026-03-01"), invited("anna", "2026-03-20"), invited("bo", "2026-03-01")]
    told = [answer("r1", "anna", "2026-01-01", 9), answer("r2", "anna", "2026-03-02", 3)]
    built = build(stage(invitations=asked, responses=told), "score_periods", "invitations_answered")
    found = rows(built, "select day, band_before, answered from invitations_answered order by day, band_before")
    assert [row[1:] for row in found] == [("promoter", 1), ("unscored", 0), ("detractor", 0)]


def test_the_time_to_answer_is_over_when_the_answers_reach_14_days_on() -> None:
    asked = [invited("anna", "2026-01-01"), invited("anna", "2026-01-02")]
    told = [answer("r1", "bo", "2026-01-15", 9)]
    built = build(stage(invitations=asked, responses=told), "invitations_answered")
    assert rows(built, "select is_over from invitations_answered order by day") == [(True,), (False,)]


def test_nobody_was_asked() -> None:
    assert counts([], [answer("r1", "anna", "2026-01-06", 9)]) == []


def test_what_only_one_of_the_exports_names_tells_no_answers_apart() -> None:
    asked = [invited("anna", "2026-01-01 08:00"), invited("bo", "2026-01-01 08:00")]
    told = [at("Visit", answer("r1", "anna", "2026-01-02 09:00", 9, "transactional"))]
    assert counts(asked, told) == [("", 2, 1)]
    asked = [invited(each, "2026-01-01 08:00", "transactional", "Visit") for each in ("anna", "bo")]
    assert counts(asked, [answer("r1", "anna", "2026-01-02 09:00", 9)]) == [("Visit", 2, 1)]


def test_an_answer_without_a_time_of_day_answers_the_question_of_that_day() -> None:
    asked = [invited("anna", "2026-01-01 08:00"), invited("bo", "2026-01-02 08:00")]
    told = [answer("r1", "anna", "2026-01-01", 9), answer("r2", "bo", "2026-01-01", 9)]
    assert counts(asked, told) == [("", 2, 1)]
