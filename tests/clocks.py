"""A moment for the company's clocks to show."""

from datetime import date, datetime, tzinfo

import pytest

from kviboard.workspace import settings

TODAY = date(2026, 11, 26)  # where the clocks stand still: the fixture `today`


def on_clocks_of(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Whoever asks for the present moment or day on the company's clocks asks at `moment`, of a board that stays on
    some day, too."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":
            return cls.fromtimestamp(moment.timestamp(), tz)

    monkeypatch.setattr(settings, "datetime", Clock)
    monkeypatch.setattr(settings.Company, "today", lambda company: company.now().date())
