"""Finds a Chromium for the browser tests, or installs one. They never skip: without a browser they fail and say why."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")
"""The first is the browser without its own windows and menus: half the time for the same pages."""
FLAGS = [
    "--no-sandbox",  # root has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NOT_OPTIMIZED = "--js-flags=--no-opt --no-maglev --min-semi-space-size=64 --max-semi-space-size=128"
"""A test looks at a page once: to optimize its code takes longer than that saves, and so does looking for garbage
before there is 64 MB of it. Not for what is measured."""
START_SECONDS, DOWNLOAD_SECONDS, INSTALL_SECONDS = 20, 180, 600


class NoBrowser(Exception):
    """No Chromium on the machine, and none could be installed."""


def find_chromium() -> str:
    """Path of a Chromium: the one named, one on the machine, Playwright's own, or Debian's. Raises NoBrowser."""
    named = os.environ.get("KVIBOARD_CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise NoBrowser(f"KVIBOARD_CHROMIUM names {named}, which is no file.")
        return named
    found = _on_path() or _playwrights() or _download() or _debians()
    if not found:
        raise NoBrowser(
            "The browser tests need Chromium: install it, name it in KVIBOARD_CHROMIUM, "
            "or run `python -m playwright install chromium`."
        )
    return found


def _on_path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def _playwrights() -> str | None:
    """Playwright's own browser: what it starts where nobody looks, which lies beside the one that it names."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return _headless_shell_beside(path) or (str(path) if path.is_file() else None)


def _headless_shell_beside(chromium: Path) -> str | None:
    folder = next((folder for folder in chromium.parents if folder.name.startswith("chromium-")), None)
    if folder is None:
        return None
    beside = folder.with_name(folder.name.replace("chromium-", "chromium_headless_shell-"))
    found = (path for path in beside.glob("*/*") if path.stem in ("chrome-headless-shell", "headless_shell"))
    return next((str(path) for path in found if _try([str(path), "--version"], START_SECONDS)), None)


def _download() -> str | None:
    _try([sys.executable, "-m", "playwright", "install", "chromium"], DOWNLOAD_SECONDS)
    return _playwrights()


def _debians() -> str | None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    install = ["apt-get", "install", "-y", "--no-install-recommends"]
    if _try(["apt-get", "update"], INSTALL_SECONDS) and not _try([*install, NAMES[0]], INSTALL_SECONDS):
        _try([*install, "chromium"], INSTALL_SECONDS)
    return _on_path()


def _try(command: list[str], seconds: int) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return True
