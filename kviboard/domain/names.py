"""Names as people read them, in exports and in what they paste: cleaned of what nobody sees, and told to be alike."""

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff]"
)
_SAYS_NOTHING = re.compile(r"[\s\-_.:#*?'\"/↑↓]+")  # arrows show by which column a report is sorted


def plain_name(name: str) -> str:
    """A name as it is seen: without invisible characters, with single blanks."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", name)).split())


@lru_cache(10_000)
def likeness(name: str) -> str:
    """The same for names that differ only in capitals, blanks, hyphens and the like: "Order ID", order_id."""
    return _SAYS_NOTHING.sub("", unicodedata.normalize("NFKC", plain_name(name)).casefold())
