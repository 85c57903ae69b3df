"""What people said to one another as HTML: every text escaped, lines kept, the known names in it marked."""

from collections.abc import Sequence

from kviboard.components.markup import apart
from kviboard.domain.people import mentions_in


def with_mentions(said: str, people: Sequence[str]) -> str:
    """A text as HTML, safe inside Markdown; "@" and a known name stand out."""
    return "<br>".join(_line(line, people) for line in said.splitlines())


def _line(line: str, people: Sequence[str]) -> str:
    fragments, at = [], 0
    for mention in mentions_in(line, people):
        if mention.name:
            marked = f'<b class="kvi-mention">{apart(line[mention.start : mention.end])}</b>'
            fragments += [apart(line[at : mention.start]), marked]
            at = mention.end
    return "".join([*fragments, apart(line[at:])])
