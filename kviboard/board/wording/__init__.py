"""Wording for the customer beyond one form: user stories from an export, and all that the board itself holds.
The rules are in `domain.wording`; the words of each language in the files of `languages/`.
"""
