"""A status of an OKR as shape, word and colour, the same on every page and in files that leave the app."""

from kviboard.components.markup import text
from kviboard.domain.okrs.status import Status

TONES = {
    Status.MISSED: "bad",
    Status.OFF_TRACK: "bad",
    Status.AT_RISK: "caution",
    Status.PENDING: "calm",
    Status.ON_TRACK: "good",
    Status.ACHIEVED: "good",
}
ICONS = {
    Status.MISSED: "✕",
    Status.OFF_TRACK: "▼",
    Status.AT_RISK: "◆",
    Status.PENDING: "◌",
    Status.ON_TRACK: "●",
    Status.ACHIEVED: "✓",
}


def tone_of(of: Status, is_close: bool = False) -> str:
    """The colour of a status: what was missed by little is no alarm."""
    return "caution" if is_close else TONES[of]


def status(of: Status, outdated: bool = False, is_close: bool = False) -> str:
    """A status as shape and word, "Missed narrowly" where it `is_close`; without its colour where nobody has looked for
    too long."""
    tone = "calm" if outdated else tone_of(of, is_close)
    word = f"{text(of)} narrowly" if is_close else text(of)
    return f'<span class="okr-status okr-{tone}"><span aria-hidden="true">{ICONS[of]} </span>{word}</span>'
