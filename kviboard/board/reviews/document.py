"""The frozen record of one act of a sprint review: everything that was shown, as plain values that JSON keeps.

A record is read again without the warehouse. What it says as steps of a story belongs to `documents`, filling it to
`snapshot` and `contributions`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from kviboard.domain.reviews.predictions import Outcome
from kviboard.errors import StoreError

SEPARATOR = "\x1f"
MeetingName = Literal["opening", "closing"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_inf_nan="null")


class KviRecord(_Frozen):
    """One KVI as it stood: the period judged, its value, what it means, and the history that was drawn.

    `history` has the columns of a trend, days as text. `opened_*` is what the opening froze; only a closing has it.
    `corrected_*` is what the exports say of the opening's period at the closing, where that is something else.
    """

    name: str
    title: str
    unit: str
    grain: str
    better: str
    customer_benefit: str = ""
    owner: str = ""
    period: str = ""
    starts_on: date | None = None
    value: float | None = None
    value_text: str = "–"
    change_text: str = ""
    verdict: str = ""
    signal: str | None = None
    sentence: str = ""
    target_text: str = ""
    meets_target: bool | None = None
    data_through: date | None = None
    caution: str = ""  # why the value is doubtful: "low response rate: 12 %"
    is_mirror: bool = False  # another KVI of the record tells the same fact
    opened_period: str = ""
    opened_starts_on: date | None = None
    opened_value: float | None = None
    opened_text: str = ""
    corrected_value: float | None = None
    corrected_text: str = ""
    history: dict[str, list[Any]] = {}

    @property
    def moved_on(self) -> bool:
        """Whether it is about a later period than at the opening: only then is there a change to speak of.

        A period whose first day was corrected since is still the same one."""
        if self.starts_on is None or self.opened_starts_on is None:
            return False
        return self.starts_on > self.opened_starts_on and self.period != self.opened_period

    @property
    def ends_on(self) -> date | None:
        """The last day of the period judged, as the history that was drawn has it."""
        ends = dict(zip(self.history.get("period", ()), self.history.get("ends_on", ()), strict=True))
        known = ends.get(self.starts_on.isoformat()) if self.starts_on else None
        return date.fromisoformat(known) if known else None

    @property
    def began_at(self) -> float | None:
        """What the change since the opening begins with: a correction of the exports is no change for customers."""
        return self.opened_value if self.corrected_value is None else self.corrected_value

    @property
    def change(self) -> float | None:
        """The change since the opening, in the KVI's unit; None where there is none to speak of."""
        if self.value is None or self.began_at is None or not self.moved_on:
            return None
        return self.value - self.began_at


class KeyResultRecord(_Frozen):
    """A key result as it stood; `was` is its status at the opening."""

    id: int
    title: str
    status: str
    reason: str
    baseline_text: str
    current_text: str
    target_text: str
    progress_text: str
    was: str = ""


class ObjectiveRecord(_Frozen):
    """An objective as it stood, with its key results; `was` is its status at the opening, `was_at` its progress."""

    id: int
    title: str
    team: str
    status: str
    reason: str
    progress_text: str
    key_results: tuple[KeyResultRecord, ...] = ()
    was: str = ""
    was_at: str = ""


class PredictionRecord(_Frozen):
    """What somebody expected of a KVI over the sprint, and, at the closing, what came."""

    id: int
    kvi: str
    title: str
    expected_text: str
    confidence: int
    because: str
    by: str
    change_text: str = ""
    outcome: Outcome | None = None
    why: str = ""


class PollLine(_Frozen):
    """Answers that lie together: what they say, how many there are, and how sure they are."""

    label: str
    count: int
    sure_text: str = ""


class PollRecord(_Frozen):
    """What everybody was asked by phone. All but how many answered is empty until it is revealed."""

    id: int
    asks: Literal["change", "confidence"]
    title: str
    kvi: str = ""
    now_text: str = ""  # where it stands, in a sentence
    usual_text: str = ""  # how much it moves by chance, in a sentence
    answered: int = 0
    is_revealed: bool = False
    lines: tuple[PollLine, ...] = ()
    middle_text: str = ""
    lowest_text: str = ""
    highest_text: str = ""
    lowest_why: tuple[str, ...] = ()
    highest_why: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # said at the end, each person one
    team_text: str = ""  # what the median comes to as a prediction; empty where it can be none
    is_taken: bool = False  # it is the team's prediction


class DecisionRecord(_Frozen):
    """A decision or an experiment as it stood."""

    id: int
    kind: str
    text: str
    owner: str
    due_on: date
    state: str
    outcome: str = ""
    kvi_title: str = ""
    sprint: str = ""  # the review it was made in
    answers_customer: bool = False  # whether it answers what a customer wrote, which is not repeated here


class RemarkRecord(_Frozen):
    """A line said in the meeting."""

    id: int
    text: str
    about: str
    by: str
    at: datetime


class Voice(_Frozen):
    """What a customer said in the sprint.

    `response_ids` are the answers that said it, with SEPARATOR between them; empty where many did, None in records of
    older boards. A voice that `is_removed` was that of a customer who is forgotten: it has no text any more.
    """

    band: str
    score: float
    day: date
    text: str
    touchpoint: str = ""
    response_ids: str | None = None
    is_removed: bool = False
    waits: str = ""  # who calls the customer back, and until when
    quoted_by: str = ""  # who chose it for this review; empty where nobody did


class Release(_Frozen):
    """What was released."""

    day: date
    title: str


class ReviewDocument(_Frozen):
    """One act of a review, whole."""

    schema_version: int = 1
    act: MeetingName
    company: str
    vision: str
    currency: str
    sprint: str
    team: str = ""
    starts_on: date
    ends_on: date
    data_through: date | None
    warehouse_version: str
    goal: str = ""
    goal_key_results: tuple[KeyResultRecord, ...] = ()
    stories_text: str = ""  # how many of the sprint's user stories say what a customer gets
    gate: tuple[
        str, ...
    ] = ()  # what the data does not reach, a sentence each; going on in spite of it is recorded here
    kvis: tuple[KviRecord, ...] = ()
    objectives: tuple[ObjectiveRecord, ...] = ()
    cycle: str = ""
    voices: tuple[Voice, ...] = ()
    answers: dict[str, int] = {}  # how many answers each band has in the sprint, comments or not
    unheard: str = ""  # why nothing can be said of answers: the export is not there, or ends before the sprint
    releases: tuple[Release, ...] = ()
    called_back: str = ""  # how the loop with customers is closed, a sentence or two
    calls: tuple[str, ...] = ()  # at an opening: whose calls are open, those past due first
    answered: tuple[str, ...] = ()  # what was done about a KVI and whether it worked, a sentence each
    predictions: tuple[PredictionRecord, ...] = ()
    polls: tuple[PollRecord, ...] = ()  # in the order in which people were asked
    promised: tuple[DecisionRecord, ...] = ()  # made before: open ones, and those of the review before
    decisions: tuple[DecisionRecord, ...] = ()  # made in this meeting
    remarks: tuple[RemarkRecord, ...] = ()
    reviewed_by: tuple[str, ...] = ()

    @property
    def reached(self) -> date | None:
        """The day that its data reaches; None where no export was read yet: then `data_through` is the day on which its
        OKRs stood so."""
        return self.data_through if self.warehouse_version else None

    def kvi(self, name: str) -> KviRecord | None:
        """The KVI of that name, if it was shown."""
        return next((kvi for kvi in self.kvis if kvi.name == name), None)


def to_json(document: ReviewDocument) -> dict[str, Any]:
    """What the store keeps."""
    return document.model_dump(mode="json")


def from_json(kept: Mapping[str, Any]) -> ReviewDocument:
    """A record as it was kept. Raises StoreError where it cannot be read."""
    try:
        return ReviewDocument.model_validate(kept)
    except ValueError as error:
        raise StoreError(
            f"A frozen review cannot be read ({str(error).splitlines()[0]}); bring the store back from its last export."
        ) from error
