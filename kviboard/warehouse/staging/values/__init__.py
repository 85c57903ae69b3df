"""How one value is read: numbers, amounts, dates, scores and ids, as SQL expressions and in words.
Each module knows one kind of value and nothing of tables.
"""
