"""Views: what pages show besides KVIs, one SELECT in queries/views each, filtered, sliced and cut to a range.

Statistics that SQL cannot say stand in `domain`; `statistics` says which view has which.
"""
