"""Opens a page without a browser, as who follows a link to it does: through app.py, and no other page first."""

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from kviboard.ui.sections import SECTIONS, UNLISTED
from kviboard.workspace import APP_ROOT

_ADDRESSES = {file: path for pages in (*SECTIONS.values(), UNLISTED) for file, _, path in pages}


def arrive(file: str, **address: str) -> AppTest:
    """A session at the address of the page in this file, not run yet.

    `switch_page` would not do: before a run it knows no addresses, so that another page would have to be run for them.
    """
    app = AppTest.from_file(str(APP_ROOT / "app.py"), default_timeout=60)
    if path := _ADDRESSES[file]:
        app._page_hash = calc_hash(path)
    app.query_params.update(address)
    return app


def visit(file: str, **address: str) -> AppTest:
    """The page in this file, run with what its address says."""
    return arrive(file, **address).run()
