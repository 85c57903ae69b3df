"""How numbers and days read: the text of every value, change and date. Which value to show belongs to others."""

from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_day(day: date) -> str:
    """A day as "3 Nov 2026", in English on every machine."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
