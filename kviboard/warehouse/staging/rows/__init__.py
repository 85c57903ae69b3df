"""Which rows count: lines that are no rows, repeated keys, lines of orders, overlapping files, days that cannot be.
`accept` asks them all and lists what is rejected, with its reason.
"""
