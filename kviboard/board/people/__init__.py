"""People of the board: who is known, what waits for whom, what they own, what is said to them, and reminders.
What people own and promise stands where they wrote it; nothing is kept twice.
"""
