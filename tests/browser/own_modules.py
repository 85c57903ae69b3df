"""What each board would load and read at its start, whatever its workspace: done when this is imported, so that no
board which is forked afterwards does it. Which pages' modules were loaded before makes no difference to a page: those
of one feature do not know those of another."""

import logging
from functools import cache
from importlib import import_module
from pkgutil import walk_packages

from streamlit.components.v2 import manifest_scanner
from streamlit.logger import get_logger

import kviboard.ui
from kviboard.catalog import load_catalog
from kviboard.workspace import SAMPLE_WORKSPACE, load_workspace


def load() -> None:
    """All modules of the pages. They warn that nothing runs yet in which to cache."""
    log = get_logger("streamlit.runtime.caching.cache_data_api")
    level = log.level
    log.setLevel(logging.ERROR)
    for module in walk_packages(kviboard.ui.__path__, "kviboard.ui."):
        import_module(module.name)
    log.setLevel(level)


load()
load_catalog(load_workspace(SAMPLE_WORKSPACE))
# Which of the packages installed here bring components; a board asks each of them.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
manifest_scanner.scan_component_manifests()
