"""Colours: readable in both modes, and the same names in charts and style sheet."""

import re

import pytest

from kviboard.components.palette import PALETTE, colour, css_variables, in_plain_colours

QUIET_SURFACES = {"page", "panel", "grid", "axis", "band", "centre"}


def luminance(hex_colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_formula_gives_the_published_extremes() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("surface", ["page", "panel"])
@pytest.mark.parametrize("role", sorted(set(PALETTE) - QUIET_SURFACES))
def test_text_and_series_can_be_read_on_page_and_panel(role: str, surface: str, mode: int) -> None:
    assert contrast(PALETTE[role][mode], PALETTE[surface][mode]) >= 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("role", ["text", "good", "bad", "neutral", "centre"])
def test_lines_and_signals_stand_out_from_the_band_of_normal_variation(role: str, mode: int) -> None:
    assert contrast(PALETTE[role][mode], PALETTE["band"][mode]) >= 3


def test_every_role_is_a_variable_with_both_its_colours() -> None:
    declared = dict(re.findall(r"--kvi-([a-z]+):(light-dark\([^)]*\));", css_variables()))
    assert declared == {role: f"light-dark({light},{dark})" for role, (light, dark) in PALETTE.items()}


def test_a_colour_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError, match="magenta"):
        colour("magenta")


def test_a_picture_outside_the_browser_gets_plain_colours_and_the_spec_stays_as_it_was() -> None:
    spec = {"mark": {"color": "var(--kvi-good)"}, "range": ["var(--kvi-bad)", 3, None]}
    assert in_plain_colours(spec, "dark") == {"mark": {"color": "#4DC3A5"}, "range": ["#F08A7A", 3, None]}
    assert spec["mark"] == {"color": "var(--kvi-good)"}
