"""How old the data is: said from the eighth day on, by the company's clocks, on pages, in mails and on the terminal."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from kviboard.board.age import reach_text
from kviboard.cli import main
from kviboard.workspace.settings import Company
from tests.clocks import on_clocks_of


def board_in(timezone: str) -> Any:
    """What the age is read from: data to 12 March 2026."""
    company = Company(timezone=timezone)
    return SimpleNamespace(today=date(2026, 3, 12), workspace=SimpleNamespace(company=company))


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 3, 11, 12, tzinfo=UTC), ""),  # a day before the data's last, as clocks elsewhere may be
        (datetime(2026, 3, 10, 12, tzinfo=UTC), ", 2 days in the future"),  # as of what is only planned
        (datetime(2025, 3, 12, 12, tzinfo=UTC), ", 11 months in the future"),
        (datetime(2026, 3, 19, 12, tzinfo=UTC), ""),
        (datetime(2026, 3, 20, 12, tzinfo=UTC), ", 8 days old"),
        (datetime(2026, 4, 8, 12, tzinfo=UTC), ", 27 days old"),
        (datetime(2026, 5, 11, 12, tzinfo=UTC), ", 60 days old"),
        (datetime(2026, 5, 12, 12, tzinfo=UTC), ", 2 months old"),
        (datetime(2028, 3, 11, 12, tzinfo=UTC), ", 23 months old"),
        (datetime(2028, 3, 12, 12, tzinfo=UTC), ", 2 years old"),
        (datetime(2034, 3, 11, 12, tzinfo=UTC), ", 7 years old"),
        (datetime(2034, 3, 12, 12, tzinfo=UTC), ", 8 years old"),  # eight years to the day
    ],
)
def test_data_is_old_after_a_week_and_says_how_old_in_days_months_or_years(monkeypatch, moment, said):
    on_clocks_of(monkeypatch, moment)
    assert reach_text(board_in("Europe/London")) == f"data to 12 Mar 2026{said}"


def test_the_day_is_that_of_the_companys_clocks(monkeypatch):
    """Half past eleven in the evening of the 19th in London is the 20th in Auckland."""
    on_clocks_of(monkeypatch, datetime(2026, 3, 19, 23, 30, tzinfo=UTC))
    assert reach_text(board_in("Europe/London")) == "data to 12 Mar 2026"
    assert reach_text(board_in("Pacific/Auckland")) == "data to 12 Mar 2026, 8 days old"


def test_another_last_day_has_its_own_age(monkeypatch):
    on_clocks_of(monkeypatch, datetime(2026, 3, 20, tzinfo=UTC))
    assert reach_text(board_in("Europe/London"), date(2026, 2, 28)) == "data to 28 Feb 2026, 20 days old"


def test_the_terminal_says_it_beside_what_it_prints(tiny, monkeypatch, capsys):
    workspace = tiny().workspace.root
    for day, said in ((19, ""), (20, "note: data to 12 Mar 2026, 8 days old\n")):
        on_clocks_of(monkeypatch, datetime(2026, 3, day, 12, tzinfo=UTC))
        for command in (["kvi"], ["kvi", "turnover", "--format", "csv"], ["why", "turnover"], ["view"]):
            assert main([*command, "--workspace", str(workspace)]) == 0
            printed = capsys.readouterr()
            assert printed.err == said
            assert "days old" not in printed.out
