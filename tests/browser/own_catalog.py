"""Reads the project's own queries when it is imported, so that no board which is forked afterwards parses them."""

from kviboard.catalog import load_catalog
from kviboard.workspace import SAMPLE_WORKSPACE, load_workspace

load_catalog(load_workspace(SAMPLE_WORKSPACE))
