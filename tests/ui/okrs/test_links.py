"""What stands for a name in an address: every name its own, the same each time."""

from kviboard.ui.okrs.links import slugs


def test_teams_that_read_alike_in_an_address_stay_apart() -> None:
    teams = ["C++", "C#", "🚀", "🐛", "On call"]
    assert slugs(teams) == {"c": "C++", "c_2": "C#", "name": "🚀", "name_2": "🐛", "on_call": "On call"}
