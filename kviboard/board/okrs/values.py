"""A value of a key result and a check-in, as they read. What else a card shows is in `views`."""

from dataclasses import dataclass
from decimal import Decimal

from kviboard.domain.formatting import NO_VALUE
from kviboard.domain.okrs.model import Show
from kviboard.store import CheckIn


@dataclass(frozen=True)
class Current:
    """Where a key result or guardrail stands. From the data: the latest complete period with its n and 95 % interval;
    typed: the day of the check-in."""

    value: float
    when: str  # "Oct 2026" or "3 Nov 2026"
    show: Show
    n_text: str = ""  # "based on 89"; empty where the value rests on no sample
    low: float | None = None
    high: float | None = None
    is_provisional: bool = False  # of a period that still runs

    @property
    def text(self) -> str:
        return self.show(self.value)

    @property
    def interval_text(self) -> str:
        """ "41.2 % to 48.0 %"; empty where the value has none."""
        return "" if self.low is None or self.high is None else f"{self.show(self.low)} to {self.show(self.high)}"

    @property
    def text_with_interval(self) -> str:
        """ "44.6 % (41.2 % to 48.0 % by chance)"; without an interval where the value has none."""
        return f"{self.text} ({self.interval_text} by chance)" if self.interval_text else self.text


@dataclass(frozen=True)
class CheckInLine:
    """A check-in as a line of text: "41 %, before 38 %; confidence 6"."""

    record: CheckIn
    before: Decimal | None  # the value said before
    show: Show

    @property
    def value_text(self) -> str:
        """ "–" where it says no value."""
        return self._shown(self.record.value)

    @property
    def before_text(self) -> str:
        """The value said before, "–" for the first."""
        return self._shown(self.before)

    @property
    def confidence_text(self) -> str:
        return "–" if self.record.confidence is None else f"{self.record.confidence} of 10"

    def _shown(self, value: Decimal | None) -> str:
        return NO_VALUE if value is None else self.show(float(value))
