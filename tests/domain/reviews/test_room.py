"""A meeting's room, minute by minute: who chairs, who follows, what the clock says when the chair is gone."""

import pytest

from kviboard.domain.reviews.room import AWAY_AFTER, EMPTY_FOR, MOST_PEOPLE, QUIET_FOR, Phones, Room


def opened(*names: str, at: float = 0.0) -> Room:
    """A room in which these people are, in this order; the key is the name in small letters."""
    room = Room()
    for name in names:
        room.enter(name.lower(), name, may_chair=True, now=at, step="vision")
    return room


def test_whoever_comes_first_chairs_and_later_ones_follow() -> None:
    room = opened("Ada", "Bo")
    room.move("ada", "kvi-nps", 5)
    room.move("bo", "close", 6)
    assert room.seen_by("bo", 6)["step"] == "kvi-nps"
    assert (room.seen_by("ada", 6)["chairs"], room.seen_by("bo", 6)["chairs"]) == (True, False)


def test_a_viewer_never_chairs_and_the_first_who_may_begins_where_their_browser_was() -> None:
    room = Room()
    room.enter("guest", "Guest", may_chair=False, now=0, step="okrs")
    assert (room.chair, room.step) == ("", "")
    room.take("guest", 1)
    assert room.chair == ""
    room.enter("ada", "Ada", may_chair=True, now=2, step="goal")
    assert (room.chair, room.step) == ("ada", "goal")


def test_after_a_restart_those_who_followed_leave_the_chair_to_whoever_had_it() -> None:
    room = Room()
    room.enter("bo", "Bo", True, 0, follows=True, step="okrs")
    assert (room.chair, room.seen_by("bo", 0)["may_take"]) == ("", True)
    room.enter("ada", "Ada", True, 1, step="okrs", spent={"okrs": 30})
    assert (room.chair, room.step, room.spent["okrs"]) == ("ada", "okrs", 30)


def test_the_first_brings_along_what_their_browser_had_counted_as_far_as_it_can_be_true() -> None:
    room = Room()
    odd = {"vision": 61.0, "bad": -1, "odd": "x", "yes": True, "long": 1e9}
    room.enter("ada", "Ada", may_chair=True, now=2, step="goal", spent=odd)
    assert room.seen_by("ada", 2)["spent"] == {"vision": 61.0}


def test_the_chair_away_keeps_the_step_and_stops_the_clock_until_somebody_takes_it() -> None:
    room = opened("Ada", "Bo")
    room.move("ada", "goal", 3)
    for now in (5, 10, 15, 20):
        room.enter("bo", "Bo", True, now)
    seen = room.seen_by("bo", 20)
    assert (seen["chaired"], seen["may_take"], seen["step"]) == (False, True, "goal")
    assert [each["name"] for each in seen["here"]] == ["Bo"]
    assert seen["chair"] == "Ada"
    assert seen["spent"] == {"vision": 3.0, "goal": 7.0}  # 3 to 10: ten seconds after Ada was last heard
    room.take("bo", 20)
    room.enter("bo", "Bo", True, 25)
    room.move("bo", "close", 25)
    assert room.seen_by("bo", 25)["spent"]["goal"] == 12.0
    room.enter("ada", "Ada", True, 26)
    assert room.seen_by("ada", 26)["step"] == "close"
    assert not room.seen_by("ada", 26)["chairs"]


def test_the_chair_is_not_taken_from_somebody_who_is_here() -> None:
    room = opened("Ada", "Bo")
    room.take("bo", 1)
    assert room.chair == "ada"
    before = room.version
    room.enter("ada", "Ada", True, AWAY_AFTER)
    room.take("bo", AWAY_AFTER)  # exactly at the limit Bo still counts, and so does Ada
    assert (room.chair, room.version) == ("ada", before)


def test_the_chair_comes_back_to_their_own_chair_and_step() -> None:
    room = opened("Ada", "Bo")
    room.move("ada", "okrs", 2)
    room.enter("bo", "Bo", True, 30)
    room.enter("ada", "Ada", True, 31, step="vision")  # a new browser window begins at the start
    assert room.seen_by("ada", 31)["chairs"]
    assert room.step == "okrs"


def test_a_lost_connection_of_all_gives_the_chair_to_nobody_else() -> None:
    room = opened("Ada", "Bo")
    room.enter("bo", "Bo", True, QUIET_FOR - 1)
    room.enter("cy", "Cy", True, QUIET_FOR)
    assert room.chair == "ada"
    room.enter("di", "Di", True, 2 * QUIET_FOR + 1)
    assert room.chair == "di"


def test_handing_over_names_somebody_who_is_here_and_may_chair() -> None:
    room = opened("Ada", "Bo")
    room.enter("guest", "Guest", False, 0)
    ids = {each["name"]: each["id"] for each in room.seen_by("ada", 1)["here"]}
    assert set(ids) == {"Ada", "Bo", "Guest"}
    assert "bo" not in ids.values()  # nobody's key is shown
    room.hand_over("ada", ids["Guest"], 1)
    room.hand_over("bo", ids["Bo"], 1)
    assert room.chair == "ada"
    room.hand_over("ada", ids["Bo"], 1)
    assert room.chair == "bo"


def test_every_change_that_people_should_see_has_a_version_of_its_own() -> None:
    room = opened("Ada")
    seen = [room.version]
    room.enter("ada", "Ada", True, 1)
    seen.append(room.version)
    assert seen[0] == seen[1]
    room.move("ada", "goal", 1)
    seen.append(room.version)
    room.tell()
    seen.append(room.version)
    room.enter("bo", "", True, 2)
    seen.append(room.version)
    room.enter("bo", "Bo", True, 2)
    seen.append(room.version)
    room.look(AWAY_AFTER + 1.5)  # Ada was heard at 1
    seen.append(room.version)
    room.leave("bo", AWAY_AFTER + 1.6)
    seen.append(room.version)
    assert seen[1:] == sorted(set(seen[1:]))
    assert room.news == 1


def test_a_room_that_everybody_left_long_ago_is_another_meeting() -> None:
    room = opened("Ada")
    room.move("ada", "close", 60)
    room.enter("bo", "Bo", True, EMPTY_FOR - 1, step="vision")
    assert (room.step, room.chair) == ("close", "bo")  # nobody else is here, and the meeting goes on
    room.enter("cy", "Cy", True, 2 * EMPTY_FOR, step="vision")
    assert (room.step, room.chair, room.spent) == ("vision", "cy", {})


@pytest.mark.parametrize("name", ["", "x" * 500])
def test_names_may_be_missing_and_are_cut(name: str) -> None:
    room = Room()
    room.enter("a", name, True, 0)
    assert [len(each["name"]) for each in room.seen_by("a", 0)["here"]] == [min(60, len(name))]


def test_a_crowd_beyond_measure_is_not_let_in() -> None:
    room = Room()
    for number in range(MOST_PEOPLE + 5):
        room.enter(str(number), "", False, 0)
    assert len(room.people) == MOST_PEOPLE


def test_phones_are_counted_once_each_while_they_look_and_not_for_ever() -> None:
    phones = Phones()
    for key, now in (("a", 0.0), ("b", 1.0), ("a", 4.0)):
        phones.look(key, now)
    assert phones.here(4.0) == 2
    assert phones.here(1.0 + AWAY_AFTER + 0.5) == 1  # b has gone
    assert phones.here(4.0 + AWAY_AFTER + 0.5) == 0
    for number in range(MOST_PEOPLE + 5):
        phones.look(str(number), 100.0)
    assert phones.here(100.0) == MOST_PEOPLE
