"""Exports and checks."""

from kviboard.ui.page import enter

enter("Exports and checks")
