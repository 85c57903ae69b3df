"""What each refresh sees of the company's own KVIs, so that a change of a file that nobody made on the board is told.

The board writes its changes into the file; an editor or git does not, and past numbers are others all the same.
"""

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from kviboard.catalog import Catalog
from kviboard.domain.kvis.definition import Definition, told_before
from kviboard.domain.kvis.kvi import Kvi
from kviboard.warehouse.manifest import KviChange, Manifest, SeenKvi


def see_kvis(catalog: Catalog, before: Manifest | None, today: date) -> dict[str, Any]:
    """The fields of a manifest about KVIs: what each is now, and the changes that their files do not tell."""
    seen = dict(before.kvis) if before else {}
    changed = dict(before.kvis_changed) if before else {}
    for name, kvi in catalog.kvis.items():
        if not kvi.is_own:
            continue
        found = _untold(seen[name], kvi, today) if name in seen else None
        if found:
            changed[name] = (*changed.get(name, ()), found)
        seen[name] = SeenKvi(**asdict(_of_file(kvi)), told=len(kvi.changed))
    return {"kvis": seen, "kvis_changed": changed}


def _of_file(kvi: Kvi) -> Definition:
    """What its file says: how long answers count back and stay valid may be settings of the company."""
    return Definition.of(replace(kvi, complete_after=0, judged_after=0))


def _untold(was: SeenKvi, kvi: Kvi, today: date) -> KviChange | None:
    """How a KVI was before, where it is another and its file does not say so; None where it does, or is the same."""
    before, now = Definition(**was.model_dump(exclude={"told"})), _of_file(kvi)
    change = KviChange(
        seen_on=today,
        before=told_before(before, now),
        title=before.title if before.title != now.title else "",
    )
    return change if len(kvi.changed) == was.told and (change.before or change.title) else None
