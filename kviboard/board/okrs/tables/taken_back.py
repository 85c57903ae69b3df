"""Taking an import of OKRs back, in words: what goes, and what stays because people went on with it."""

from kviboard.board.context import BoardContext
from kviboard.board.okrs.tables.cells import counts_text
from kviboard.domain.formatting import format_day, listed, plural
from kviboard.store import Author, Import
from kviboard.store.saving import moment_text


def imports_of(context: BoardContext, author: Author) -> list[Import]:
    """The latest imports of a person of which something can still be taken back, newest first."""
    return context.store.imports.of(author)


def take_back(context: BoardContext, number: int, *, author: Author) -> Import:
    """Archive what an import brought in, but for what something was recorded on since; returns what that was and what
    stays. StoreError where it is nobody's or somebody else's."""
    return context.store.imports.take_back(number, author=author)


def when_text(context: BoardContext, found: Import) -> str:
    """ "30 Nov 2026 at 15:05"."""
    return moment_text(found.created_at, context.board.workspace.company.zone)


def goes_text(found: Import) -> str:
    """ "2 objectives and 5 key results, with the cycle Q2 2027"."""
    counts = counts_text({"objective": len(found.untouched), "key result": found.key_results})
    names = [cycle.name for cycle in found.cycles]
    return f"{counts}, with the {plural(len(names), 'cycle')} {listed(names)}" if names else counts


def stays_texts(context: BoardContext, found: Import) -> list[str]:
    """ "“Customers stay” stays: check-in added by Bo on 30 Nov 2026"."""
    return [
        f"“{each.objective.title}” stays: {each.what} by {each.entry.created_by} on "
        f"{format_day(context.day_of(each.entry.created_at))}"
        for each in found.recorded
    ]
