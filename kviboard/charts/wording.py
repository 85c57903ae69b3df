"""What a chart says, in a sentence for readers who do not see it. What a period means is decided in `board`."""

import pandas as pd

from kviboard.charts.periods import span
from kviboard.domain.values import NO_VALUE


def describe_trend(rows: pd.DataFrame, title: str) -> str:
    """The message of a trend chart, from the rows of `trend_rows`."""
    shown = rows[rows["shown"].notna()]
    if shown.empty:
        return f"Line chart of {title}: there is no value to show."
    parts = [f"Line chart of {title}, {span(shown['label'].tolist())}."]
    whole = rows[rows["solid"].notna()]
    if not whole.empty:
        parts += _latest(whole.iloc[-1])
        signals = int(whole["signal"].notna().sum())
        parts.append(f"{signals} of {len(whole)} complete periods are signals." if signals else "No signals.")
    hollow = rows[rows["hollow"].notna()]
    if not hollow.empty:
        parts.append(f"{hollow.iloc[-1]['label']} is not complete yet: {hollow.iloc[-1]['value_text']} so far.")
    return " ".join(parts)


def _latest(row: pd.Series) -> list[str]:
    parts = [f"{row['label']}: {row['value_text']}, {row['verdict']}."]
    if row["range_text"] != NO_VALUE:
        parts.append(f"Usual range {row['range_text']}.")
    if row["target_text"] != NO_VALUE:
        parts.append(f"Target {row['target_text']}.")
    return parts
