"""Tiles and the quiet table as HTML: what they say, and that data can never become markup."""

import re
from html.parser import HTMLParser

import pytest

from kviboard.components.markup import facts, link, quiet, text
from kviboard.components.sparkline import Spark
from kviboard.components.tiles import Tile, calm_list, table, verdict, wall
from kviboard.ui.style import style_sheet

HOSTILE = '<script>alert(1)</script>\n\n# "x" & **y** :red[z] $a$ :material/home:'


def tile(**changed: object) -> Tile:
    facts = {
        "title": "Promoter revenue share",
        "href": "kvis?kvi=promoter_revenue_share&by=plan",
        "value": "48.7\u00a0%",
        "verdict": "signal: down",
        "spark": Spark([0.5, 0.6]),
        "change": "▼ 3.4 pp on Sprint 22 (52.1 %)",
        "tone": "bad",
    }
    return Tile(**(facts | changed))


class Reader(HTMLParser):
    """Collects tags, text and attributes; knows whether every tag was closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.attributes += attrs

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize(
    "draw",
    [wall, lambda tiles: table(tiles, HOSTILE), lambda tiles: calm_list(tiles, HOSTILE)],
    ids=["wall", "table", "calm list"],
)
def test_nothing_from_data_becomes_markup_or_markdown(draw: object) -> None:
    harmless = Reader(draw([tile(**dict.fromkeys(TEXTS, "x"), notes=("x",), about=(("x", "x"),))]))  # type: ignore[operator]
    html = draw([tile(**dict.fromkeys(TEXTS, HOSTILE), notes=(HOSTILE,), about=((HOSTILE, HOSTILE),))])  # type: ignore[operator]
    hostile = Reader(html)
    assert hostile.tags == harmless.tags
    assert "\n" not in html
    assert not re.search(r":red|:material|\$a", html)
    assert "<script>alert(1)</script>" in hostile.words


TEXTS = (
    "title", "headline", "href", "value", "usual", "verdict", "period", "change", "spark_label", "message", "response",
    "target", "warning", "answer_href",
)  # fmt: skip


def test_a_tile_says_its_verdict_first_then_the_number_beside_what_is_usual_then_the_rest() -> None:
    full = tile(
        headline="Less turnover than usual comes from customers who recommend us",
        age="new problem",
        usual="usually 57.8 % (47.2–68.3 %)",
        period="Sprint 23",
        message="3 of the last 4 sprints were unusually low",
        response="Ada owns it · no open action",
        target="target 55 %",
        notes=("data to 31 Oct 2026",),
        warning="Few answers.",
    )
    words = Reader(wall([full])).words
    order = (
        "Less turnover than usual comes from customers who recommend us new problem",
        "48.7\u00a0% usually 57.8\u00a0% (47.2–68.3\u00a0%)",
        "Promoter revenue share Sprint 23 · ▼ 3.4 pp on Sprint 22",
        "3 of the last 4 sprints were unusually low",
        "Ada owns it · no open action",
        "target 55\u00a0% · data to 31 Oct 2026",
        "Few answers.",
    )
    places = [words.index(part) for part in order]
    assert places == sorted(places)


def test_what_should_be_answered_leads_to_where_it_is_decided() -> None:
    addresses = {"answer_href": "kvis?kvi=x&do=decide_kvi", "note_href": "kvis?kvi=x&do=add_note"}
    html = wall([tile(response="Ada owns it · no open action", **addresses)])
    assert "Ada owns it · no open action" in Reader(html).words
    assert Reader(html).words.index("Decide · Note why") > Reader(html).words.index("no open action")  # at the foot
    assert 'href="kvis?kvi=x&amp;do=add_note"' in html
    assert "kvis?kvi=x&amp;do=decide_kvi" in html
    for other in (tile(response="", answer_href="kvis?do=decide_kvi"), tile(response="Ada owns it", answer_href="")):
        assert "Decide" not in Reader(wall([other])).words


def test_a_tile_has_one_arrow() -> None:
    assert len(re.findall("[▲▼]", Reader(wall([tile(headline="", tone="bad", age="new problem")])).words)) == 1


def test_a_tile_without_a_sentence_says_its_verdict_in_plain_words() -> None:
    assert "Unusually low (bad)" in Reader(wall([tile()])).words


def test_the_calm_list_names_value_and_what_cannot_be_judged() -> None:
    calm = tile(verdict="within normal variation", tone=None)
    early = tile(title="Earned growth", verdict="too little history (7 of 8)", tone=None)
    html = calm_list([calm, early], "No action")
    words = Reader(html).words
    assert "Usual ups and downs" not in words  # the heading above says it for all
    assert "Earned growthToo early to say (7 of 8 periods)" in words
    assert ("role", "list") in Reader(html).attributes
    assert calm_list([], "No action") == ""


def test_the_calm_list_says_of_which_period_its_values_are() -> None:
    tiles = [tile(title=title, period=period) for title, period in zip("ABC", ("May", "May", "Apr"), strict=True)]
    words = Reader(calm_list(tiles, "No action")).words
    assert words.startswith("May, unless another period is named")
    assert "CApr" in words
    assert "AMay" not in words
    assert Reader(calm_list(tiles[:2], "No action")).words.startswith("MayA")
    assert "May · ▼ 3.4 pp on Sprint 22" in Reader(table(tiles, "The first KVIs")).words


def test_a_row_of_the_table_says_what_its_value_compares_with() -> None:
    words = Reader(table([tile(usual="usually 5.3 (−30.1 to 41) · based on 42")], "By segment")).words
    assert "usually 5.3 (−30.1 to 41) · based on 42" in words
    assert "kvi-usual" not in table([tile(usual="")], "By segment")


def test_a_no_break_space_keeps_number_and_unit_together() -> None:
    assert text("48.7\u00a0%") == "48.7\u00a0%"


@pytest.mark.parametrize(
    ("words", "tone", "said"),
    [
        ("signal: down", "good", "● Unusually low (good)"),
        ("signal: up", "bad", "● Unusually high (bad)"),
        ("signal: up", "neutral", "● Unusually high"),
        ("within normal variation", None, "○ Usual ups and downs"),
        ("too little history (3 of 8)", None, "◌ Too early to say (3 of 8 periods)"),
        ("too few answers (12)", None, "◌ Too few answers (12)"),
    ],
)
def test_a_verdict_needs_no_colour_to_be_understood(words: str, tone: str | None, said: str) -> None:
    assert Reader(verdict(words, tone)).words == said


def test_every_tile_has_the_same_parts_so_that_a_row_of_them_is_level() -> None:
    bare, full = tile(change="", tone=None), tile(message="Fell.", target="target 55 %", warning="Few.", notes=("a",))
    parts = [
        re.findall(r'class="(kvi-(?:says|value|spark|change|message|response|notes|answer))[" ]', wall([one]))
        for one in (bare, full)
    ]
    assert parts[0] == parts[1]
    assert len(parts[0]) == 8
    assert "span 8" in style_sheet()


def test_the_whole_tile_is_one_link_that_stays_in_the_app() -> None:
    attributes = Reader(wall([tile()])).attributes
    assert ("href", "kvis?kvi=promoter_revenue_share&by=plan") in attributes
    assert ("target", "_self") in attributes
    assert ("data-kvi-link", "1") in attributes


def test_the_table_is_a_table_for_a_screen_reader_even_as_cards() -> None:
    reader = Reader(table([tile(), tile(title="Trust")], "Leave alone"))
    roles = [value for name, value in reader.attributes if name == "role"]
    assert roles.count("row") == 3
    assert roles.count("columnheader") == roles.count("cell") // 2 + 1
    assert roles.count("rowheader") == 2
    assert reader.tags.count("caption") == 1


def test_no_tiles_are_nothing() -> None:
    assert wall([]) == ""


def test_the_small_pieces_are_escaped_too() -> None:
    for html in (quiet(HOSTILE), link(HOSTILE, '"><b>'), facts([(HOSTILE, HOSTILE)])):
        assert not {"script", "b"} & set(Reader(html).tags)


def test_the_style_sheet_is_complete_and_fetches_nothing() -> None:
    css = style_sheet()
    assert css.count("{") == css.count("}")
    assert not re.search(r"url\(|@import|//[a-z]", css)
    used = set(re.findall(r"var\(--kvi-([a-z]+)\)", css))
    assert used <= set(re.findall(r"--kvi-([a-z]+):", css))
