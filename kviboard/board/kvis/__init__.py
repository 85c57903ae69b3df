"""Reads KVIs: evaluation, history, usual range, targets, and what a tile says.
The rules are in `domain.kvis`, the fact rows in `queries/kvis`.
"""
