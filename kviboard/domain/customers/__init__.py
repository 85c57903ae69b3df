"""Rules about single customers and what they are worth.

What is read for them, and in which slice, is the board's."""
