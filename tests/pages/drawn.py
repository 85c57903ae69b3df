"""What a page run without a browser has drawn, as text."""

import re
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

Open = Callable[..., AppTest]
"""Opens on this workspace the page in this file, with what its address says."""


def words(app: AppTest) -> str:
    """All text on the page, as read: without the backslashes that keep signs from being markup."""
    kinds = ("markdown", "title", "header", "subheader", "caption", "info", "warning", "error", "success", "text")
    return _read("\n".join(str(element.value) for kind in kinds for element in app.get(kind)))


def notices(app: AppTest) -> str:
    """What the page says in boxes."""
    return _read("\n".join(str(element.value) for kind in ("info", "warning", "error") for element in app.get(kind)))


def _read(markdown: str) -> str:
    return re.sub(r"\\([^\w\s]|_)", r"\1", markdown)
