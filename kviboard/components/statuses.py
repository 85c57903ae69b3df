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


def status(of: Status, outdated: bool = False) -> str:
    """A status as shape and word; without its colour where nobody has looked for too long."""
    tone = "calm" if outdated else TONES[of]
    return f'<span class="okr-status okr-{tone}"><span aria-hidden="true">{ICONS[of]} </span>{text(of)}</span>'
