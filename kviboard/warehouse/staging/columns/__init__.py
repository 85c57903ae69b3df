"""How a column is read, decided on all its values: said, or refused where they do not decide it.
`readings` asks each module about the kind of column it knows.
"""
