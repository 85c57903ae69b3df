"""The weekly digest as a file and as the words of a mail.
What it says comes from `board.week`; sending it belongs to `documents.mail`.
"""
