"""The weekly digest as file and as words: the same sentences, nothing from elsewhere, no words of people as markup."""

import re
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

from kviboard.board.board import open_board
from kviboard.board.context import BoardContext, open_store_of
from kviboard.board.kvis.reading import View
from kviboard.documents.digest.digest import digest_html, make_digest
from kviboard.documents.digest.text import digest_mail_html, digest_text
from kviboard.errors import UsageError
from kviboard.store import NewDecision
from kviboard.workspace import load_workspace
from tests.board.conftest import context, tiny_board, warehouses  # noqa: F401 (fixtures)
from tests.board.okrs.given import a_key_result, a_quarter, active, an_author, an_objective

HOSTILE = '<script>alert(1)</script> "x" & <img src=https://evil.example/x.png>'
ADDRESS = "https://board.example.com"


class Seen(HTMLParser):
    """Tags, what they would fetch or lead to, and the words between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "poster", "data", "action") or (tag == "link" and name == "href"):
                self.fetched.append(value or "")
            elif name == "href":
                self.links.append(value or "")

    def handle_data(self, data):
        if self.tags[-1:] != ["style"]:
            self.words += data


def words(html: str) -> str:
    return " ".join(Seen(html).words.split())


@pytest.fixture
def full(context):  # noqa: F811
    """The tiny company with a decision and an objective whose texts are hostile."""
    today = context.board.today
    new = NewDecision(text=HOSTILE, owner=HOSTILE, due_on=today - timedelta(days=2), kvi="turnover")
    context.store.decisions.add(new, author=an_author(today))
    objective = an_objective(context, a_quarter(context), title=f"Customers {HOSTILE}", team=HOSTILE)
    a_key_result(context, objective, title=HOSTILE)
    active(context, objective, today)
    return context


@pytest.mark.parametrize("write", [digest_html, digest_mail_html])
def test_words_of_people_never_become_markup(full, write):
    html = write(make_digest(full, View("month")))
    seen = Seen(html)
    assert "script" not in seen.tags
    assert "img" not in seen.tags
    assert "<script>alert(1)</script>" in seen.words
    assert "2 days past due" in seen.words


@pytest.mark.parametrize("address", ["", ADDRESS])
@pytest.mark.parametrize("write", [digest_html, digest_mail_html])
def test_it_asks_for_nothing_from_anywhere(full, write, address):
    html = write(make_digest(full, View("month", by="country"), board_address=address))
    seen = Seen(html)
    assert seen.fetched == []
    assert re.findall(r"url\(|@import", html) == []
    assert {link[: len(ADDRESS)] for link in seen.links} == ({ADDRESS} if address else set())


def test_its_links_keep_the_filters(full):
    view = View("month", where=(("country", ("NL", "DE")),))
    html = digest_html(make_digest(full, view, board_address=ADDRESS))
    links = [unescape(link) for link in Seen(html).links]
    kvi = next(urlsplit(link) for link in links if "kvi=turnover" in link)
    assert (kvi.path, parse_qs(kvi.query)) == (
        "/kvis",
        {"kvi": ["turnover"], "grain": ["month"], "country": ["NL", "DE"]},
    )


def test_a_link_of_a_slice_shows_the_slice_alone(full):
    html = digest_html(make_digest(full, View("month", by="country"), board_address=ADDRESS))
    assert all("by=" not in link for link in Seen(html).links)


def test_filters_and_freshness_stand_at_the_top(full):
    view = View("month", where=(("country", ("NL",)),))
    digest = make_digest(full, view)
    for said in (words(digest_html(digest)), digest_text(digest), words(digest_mail_html(digest))):
        flat = " ".join(said.split())
        top = flat[: flat.lower().index("what is unusual") + 400]
        assert "Per month · only country NL · data to 12 Mar 2026, " in top
        assert "compared with 5 Mar 2026" in top
    assert "OKRs and decisions are the whole company's" in words(digest_html(digest))


def test_file_text_and_mail_say_the_same_sentences(full):
    digest = make_digest(full, View("month", by="country"))
    text = " ".join(digest_text(digest).split())
    mail, file = words(digest_mail_html(digest)), words(digest_html(digest))
    for sentence in (
        "No KVI can be judged yet, so nobody knows what is unusual.",
        "1 decision past due",
        "2 days past due",
        "All 2 exports of what happened have rows of the 7 days to 12 Mar 2026.",
    ):
        assert sentence in text
        assert sentence in mail
        assert sentence in file


def test_the_plain_text_is_readable_as_it_stands(full):
    text = digest_text(make_digest(full, View("month")))
    assert text.startswith("Tiny: this week, data to 12 Mar 2026\n=====")
    assert max(len(line) for line in text.splitlines()) <= 76
    assert "\nOPEN DECISIONS\nPast due, and due within 7 days of 12 Mar 2026\n" in text
    assert "&lt;" not in text
    assert "\n\n\n\n" not in text


def test_a_name_that_breaks_lines_stays_one_line(full):
    digest = make_digest(full, View("month"), name="All\r\nBcc: everybody@example.com")
    assert digest.title == "Tiny: All Bcc: everybody@example.com, data to 12 Mar 2026"


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (View("month", by="planet"), '"planet" is not a dimension'),
        (View("month", where=(("country", ("XX",)),)), 'country has no value "XX"'),
    ],
)
def test_what_does_not_exist_is_refused(full, view, words):
    with pytest.raises(UsageError, match=words):
        make_digest(full, view)


def test_slices_show_only_what_stands_out_and_judge_by_their_own_target(sample_workspace, tmp_path):
    """The company's target of 800 active customers is none for one segment."""
    workspace = load_workspace(sample_workspace)
    store = open_store_of(workspace.model_copy(update={"state": tmp_path}))
    digest = make_digest(BoardContext(open_board(workspace), store), View("sprint", by="segment"))
    store.close()
    said = words(digest_html(digest))
    part = said[said.index("By segment") : said.index("OKRs that changed")]
    assert {segment.name for segment in digest.week.slices} >= {"Households", "Small business", "Enterprise"}
    assert "target" not in part.replace("below target", "")
    for segment in digest.week.slices:
        assert segment.name in part
    assert all(f"\nSEGMENT: {segment.name.upper()}\n" in digest_text(digest) for segment in digest.week.slices)
    counts = [len(segment.signals) for segment in digest.week.slices]
    assert sum(counts) > 0
    assert len(re.findall(r"Unusually (?:high|low) \((?:good|bad)\)", part)) == sum(counts)


def test_a_way_to_the_board_is_named_only_where_there_is_one(sample_workspace, tmp_path):
    workspace = load_workspace(sample_workspace)
    store = open_store_of(workspace.model_copy(update={"state": tmp_path}))
    board = BoardContext(open_board(workspace), store)
    alone, beside = (words(digest_html(make_digest(board, View("sprint"), board_address=a))) for a in ("", ADDRESS))
    store.close()
    assert "Closing the loop" in alone
    assert "Whom to call" not in alone
    assert "Whom to call" in beside
