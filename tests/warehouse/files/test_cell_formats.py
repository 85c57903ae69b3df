"""Which unit the number format of a spreadsheet's cell shows."""

import pytest

from kviboard.warehouse.files.cell_formats import unit_of_format, units_of_styles


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("[$€-407] #,##0.00", "€"), ("[$$-409]#,##0.00", "USD"), ("[$$-1009]#,##0.00", "CAD"), ("[$USD] 0.00", "USD"),
        ("[$kr-41D]0", "SEK"), ("#,##0.00\\\\ [$kr.-406]", "DKK"), ("[$¥-411]0", "JPY"), ('#,##0.00 "€"', "€"),
        ('_("$"* #,##0.00_)', "$"), (r"\\£0", "£"), ('0.00" CHF"', "CHF"),
        ("0%", "%"), ("0.00\\ %", "%"), ("[Red]-0.0%;0.0%", "%"), ('0 "% of all"', ""), (r"0\%", ""),
        ("[$-409]d mmm yyyy", ""), ("[$-F800]dddd", ""), ("0.00", ""), ('0 "PCS"', ""), ("[Red]0;[$m²-407]0", ""),
        ('0.00" h"', "h"), (r"0.0\ \h", "h"), ('#,##0" Std.";[Red]-#,##0" Std."', "Std."), ('0 "min"', "min"),
        ('0.0" T€"', "T€"), ('0.0, "T€"', "€"), ('#,##0.0 "Mio. €"', "Mio. €"), ('0.0,,"M"', ""), ('0 "KEUR"', "KEUR"),
        ('0 "milk"', ""), ('0 "Kč"', "Kč"),
    ],
)  # fmt: skip
def test_the_unit_of_a_format(code: str, unit: str) -> None:
    assert unit_of_format(code) == unit


def test_the_styles_that_show_a_unit() -> None:
    styles = (
        '<numFmts><numFmt numFmtId="164" formatCode="[$€-407]\\ #,##0.00"/>'
        '<numFmt formatCode="&quot;$&quot;0.00" numFmtId="165"/><numFmt numFmtId="166" formatCode="0.0"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="164"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="165" fontId="1"><alignment/></xf><xf numFmtId="166"/>'
        '<xf numFmtId="164"/><xf numFmtId="10"/></cellXfs>'
    )
    assert units_of_styles(styles) == {"1": "$", "3": "€", "4": "%"}
