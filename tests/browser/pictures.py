"""Takes the pictures of docs/ anew, from the sample workspace: `python -m tests.browser.pictures`.

Every page light on a desk and dark on a phone for docs/pictures.md, a meeting for docs/meetings.md, and the four of the
README.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from kviboard.board.exports.maintenance import refresh_now
from kviboard.workspace import APP_ROOT, SAMPLE_WORKSPACE, load_workspace
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.meeting_pictures import take_meeting
from tests.browser.server import serving
from tests.browser.visit import PAGES, Visit, settle

DOCS = APP_ROOT / "docs"
DESK, PHONE, WALL = (1440, 900), (390, 844), (1920, 1080)
README = {
    "this-week": "",
    "kvis": "kvis?kvi=monthly_active_users",
    "okrs": "okrs",
    "review": "review?sprint=sprint-37&present=closing",
}
SOMEBODY = "me?person=Product+owner+Billing"  # nobody is at the keyboard
STEPS_TO_A_KVI = 2  # from the first step of the review's closing


def take_all(folder: Path, only_meeting: bool = False) -> None:
    """Take every picture into a folder as docs/ has them, or those of the meeting alone."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        unused = shutil.ignore_patterns(".kviboard")  # what somebody typed there is theirs
        sample = Path(shutil.copytree(SAMPLE_WORKSPACE, Path(place) / "sample", ignore=unused))
        refresh_now(load_workspace(sample))
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        with serving(sample) as server:
            take_meeting(browser, server, folder / "pictures")
            for name, address in () if only_meeting else README.items():
                size = WALL if name == "review" else DESK
                _take(browser, f"{server.url}/{address}", folder / f"{name}.png", size, "light")
            for title, path in () if only_meeting else PAGES:
                name = title.lower().replace(" ", "-")
                for size, scheme in ((DESK, "light"), (PHONE, "dark")):
                    picture = folder / "pictures" / f"{name}-{size[0]}-{scheme}.jpeg"
                    _take(browser, f"{server.url}/{SOMEBODY if path == 'me' else path}", picture, size, scheme)
        browser.close()


def _take(browser: Browser, address: str, picture: Path, size: tuple[int, int], scheme: str) -> None:
    visit = Visit(browser, *size, color_scheme=scheme)
    visit.context.add_init_script("localStorage.setItem('kvi-welcome', 'seen')")
    page = visit.page
    if "present=" in address:
        page.goto(address)
        page.wait_for_selector(".meeting h2")
        for _ in range(STEPS_TO_A_KVI):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(500)
    else:
        visit.open(address)
        settle(page)
    picture.parent.mkdir(parents=True, exist_ok=True)
    quality = {"type": "jpeg", "quality": 80} if picture.suffix == ".jpeg" else {}
    page.screenshot(path=picture, **quality)
    print(picture.name, flush=True)
    visit.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DOCS, help="where to put them (default: docs/)")
    parser.add_argument("--meeting", action="store_true", help="take those of docs/meetings.md alone")
    given = parser.parse_args()
    take_all(given.folder, given.meeting)
