"""Promoters: who recommends us, how loyal they are, and what one more would be worth."""
