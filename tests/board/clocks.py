"""A day for the company's clocks to show, for tests of what says how old the data is."""

from datetime import datetime, tzinfo

import pytest

from kviboard.board import age


def on_clocks_of(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Whoever asks for the age of the data asks at `moment`."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":
            return cls.fromtimestamp(moment.timestamp(), tz)

    monkeypatch.setattr(age, "datetime", Clock)
