"""The colours of the board by what they mean, light and dark. Type sizes and axes belong to `theme`.

Charts, sparklines and tiles name a colour as a CSS variable (`var(--kvi-good)`), and the page defines each variable
with both its values. The browser then repaints everything when the reader switches between light and dark; no chart is
drawn again. A picture outside the browser gets the plain colours through `in_plain_colours`.
"""

from typing import Any, Final, Literal

Mode = Literal["light", "dark"]
Tone = Literal["good", "bad", "neutral"]

# Text and series colours have a contrast of at least 4.5 : 1 on page and panel in their mode.
PALETTE: Final[dict[str, tuple[str, str]]] = {
    "page": ("#FFFFFF", "#10161F"),
    "panel": ("#F5F7FA", "#19212D"),
    "text": ("#1B2430", "#E8EDF4"),
    "secondary": ("#566172", "#A3AFBF"),
    "accent": ("#0B5CAD", "#6CB0F5"),
    "good": ("#0B7A66", "#4DC3A5"),
    "passive": ("#7A6A2B", "#D1B96A"),
    "bad": ("#B23A2A", "#F08A7A"),
    "neutral": ("#8A2BA8", "#D79BF0"),
    "caution": ("#9A5B00", "#F0B45A"),
    # Quiet surfaces and lines: never text. `centre`, of averages and intervals, is seen on the band, 3 : 1.
    "grid": ("#E4E9EF", "#2A3444"),
    "axis": ("#B8C2CE", "#455266"),
    "band": ("#E7EEF6", "#1C283A"),
    "centre": ("#7489A1", "#5F7593"),
}


def colour(role: str) -> str:
    """The CSS variable that holds the colour of a role, for example `var(--kvi-good)`."""
    if role not in PALETTE:
        raise KeyError(f"no colour named {role}")
    return f"var(--kvi-{role})"


def css_variables() -> str:
    """One CSS declaration per role; `light-dark()` follows the colour scheme of the element that uses it."""
    return "".join(f"--kvi-{role}:light-dark({light},{dark});" for role, (light, dark) in PALETTE.items())


def in_plain_colours(spec: Any, mode: Mode) -> Any:
    """The same nested value with every colour variable replaced by its plain colour in this mode."""
    if isinstance(spec, dict):
        return {key: in_plain_colours(value, mode) for key, value in spec.items()}
    if isinstance(spec, list):
        return [in_plain_colours(value, mode) for value in spec]
    if isinstance(spec, str) and "var(--kvi-" in spec:
        for role, (light, dark) in PALETTE.items():
            spec = spec.replace(colour(role), light if mode == "light" else dark)
    return spec
