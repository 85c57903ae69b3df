"""Exports and checks: sources, rows set aside, refresh, versions, uploads.
What it shows is made by `board.exports`.
"""
