"""User stories from exports, in four languages: who, wants what, for what, judged by hand."""

from pathlib import Path

import pytest
from xlsxwriter import Workbook

from kviboard.board.wording.languages import FOLDER, known_languages, language_named
from kviboard.board.wording.stories import coach_stories, in_words, read_stories
from kviboard.domain.wording.coach import coach_vision
from kviboard.domain.wording.languages import language_of
from kviboard.domain.wording.stories import STORY_RULES
from kviboard.errors import UsageError
from kviboard.workspace import SAMPLE_WORKSPACE

GOOD, WHO, WHY, OURS, FORM = "", "for_a_customer", "says_the_benefit", "benefit_is_theirs", "is_a_story"
STORIES = [
    ("en", GOOD, "As a tenant, I want to see today's price so that I can run the washing machine when it is cheap"),
    ("en", GOOD, "As a small business I need one bill for all sites so that I can check it in five minutes."),
    ("en", WHO, "As a developer, I want to refactor the billing module so that I can find bugs quicker"),
    ("en", WHO, "As a product owner I want a report so that late bills are seen early"),
    ("en", WHY, "As a customer, I want to export my invoices"),
    ("en", OURS, "As a user, I want a reminder so that we increase revenue"),
    ("en", FORM, "Migrate the invoices to the new database and test it with the team"),
    ("en", GOOD, "Customers find their last bill without calling us"),
    ("nl", GOOD, "Als huurder wil ik mijn verbruik per dag zien zodat ik weet wat de was kost"),
    ("nl", WHO, "Als ontwikkelaar wil ik de module herbouwen zodat ik sneller fouten vind"),
    ("nl", WHY, "Als klant wil ik mijn facturen downloaden"),
    ("nl", OURS, "Als klant wil ik een melding zodat wij minder telefoontjes krijgen"),
    ("nl", FORM, "Migreren van de facturen naar het nieuwe systeem voor de afdeling"),
    ("nl", GOOD, "Klanten vinden de laatste rekening zonder ons te bellen"),
    ("de", GOOD, "Als Mieterin möchte ich meinen Verbrauch sehen, damit ich weiß, was das Waschen kostet"),
    ("de", WHO, "Als Entwickler möchte ich das Modul umbauen, damit ich Fehler schneller finde"),
    ("de", WHY, "Als Kunde möchte ich meine Rechnungen herunterladen"),
    ("de", OURS, "Als Kunde will ich eine Nachricht, damit wir weniger Anrufe bekommen"),
    ("de", FORM, "Migrieren der Rechnungen in das neue System und testen"),
    ("de", GOOD, "Kunden finden die letzte Rechnung, ohne dass sie uns anrufen"),
    ("da", GOOD, "Som lejer vil jeg se mit forbrug hver dag, så jeg ved hvad vasken koster"),
    ("da", WHO, "Som udvikler vil jeg omskrive modulet, så jeg finder fejl hurtigere"),
    ("da", WHY, "Som kunde vil jeg hente mine regninger"),
    ("da", OURS, "Som kunde vil jeg have en besked, så vi får færre opkald"),
    ("da", OURS, "Som kunde vil jeg have et andet lager, så systemet bliver hurtigere"),
    ("da", FORM, "Migrere regninger til det nye system og teste det for os"),
    ("da", GOOD, "Kunder finder den sidste regning uden at ringe til os"),
]


@pytest.mark.parametrize(("language", "rule", "story"), STORIES)
def test_each_story_is_read_in_its_language_and_misses_what_it_misses(language: str, rule: str, story: str) -> None:
    (coached,) = coach_stories([("1", story)])
    assert coached.language == language
    assert [finding.rule for finding in coached.findings] == ([rule] if rule else [])
    assert coached.passes == (not rule)
    assert all(finding.quote in story and finding.rewrite for finding in coached.findings)


@pytest.mark.parametrize(
    "empty", ["leverage", "naadloze", "nahtlose", "sømløs", "seamless", "synergies", "ganzheitliche", "toonaangevende"]
)
def test_words_that_say_nothing_are_heard_in_every_language_and_count_against_nobody(empty: str) -> None:
    (coached,) = coach_stories([("1", f"As a tenant, I want a {empty} bill so that I can check it at once")])
    assert [(finding.rule, finding.quote) for finding in coached.findings] == [("plain_words", empty)]
    assert coached.passes


@pytest.mark.parametrize(
    "story",
    [
        "En tant que client, je veux voir ma facture",
        "En tant que locataire je veux voir les heures creuses afin de payer moins",  # en and de are Danish, too
        "Los clientes encuentran en minutos lo que buscan en la tienda de su barrio",
        "Som kund vill jag se de billiga timmarna så att jag kan tvätta billigt",  # Swedish
        "請求書を見たい",
        "1234",
        ".",
    ],
)
def test_a_language_without_a_file_is_counted_and_not_judged(story: str) -> None:
    (coached,) = coach_stories([("1", story)])
    assert (coached.language, coached.findings, coached.passes) == ("", (), False)


def test_the_company_s_own_kinds_of_customers_are_customers() -> None:
    story = "As an admin of a housing team, I want one key so that I can let the fitter in"
    assert [each.rule for each in coach_stories([("1", story)])[0].findings] == [WHO]
    assert coach_stories([("1", story)], {"Housing team"})[0].passes
    ours = "As an IT developer, I want a key so that I can test it"
    assert not coach_stories([("1", ours)], {"DE", "IT", "Dev"})[0].passes  # codes and parts of words name nobody
    lab = "As an admin of a {}, I want one key so that I can let the fitter in"
    passes = [coach_stories([("1", lab.format(kind))], {kind})[0].passes for kind in ("Lab", "Labs")]
    assert passes == [False, True]


def test_the_share_is_of_those_that_could_be_judged() -> None:
    said = [("1", STORIES[0][2]), ("2", STORIES[2][2]), ("3", STORIES[8][2]), ("4", "En tant que client, je veux")]
    told = in_words(coach_stories(said)).replace("\u00a0", " ")
    assert told == "2 of 3 stories say what a customer gets (66.7 %); 1 in a language that the coach does not know."
    assert in_words(coach_stories(said[:1])).startswith("1 of 1 story says what a customer gets")
    assert in_words(coach_stories(said[3:])) == "No story is in a language that the coach knows (1 story)."


def test_every_language_is_a_file_with_words_of_each_kind() -> None:
    assert [each.code for each in known_languages()] == ["da", "de", "en", "nl"]
    assert {file.stem for file in FOLDER.glob("*.toml")} == {"da", "de", "en", "nl"}
    for language in known_languages():
        assert min(len(language.customers), len(language.ourselves), len(language.common)) > 10
        assert not language.customers & language.ourselves
        assert language.story.groups == 3
    assert language_of("", known_languages()) is None
    assert set(STORY_RULES) >= {WHO, WHY, OURS, FORM}


def written(folder: Path, content: str | bytes) -> Path:
    file = folder / "stories.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_the_column_of_a_tracker_s_export_is_found_by_its_texts(tmp_path: Path) -> None:
    rows = (
        "Issue key,Summary,Status,Description",
        'KVI-1,Export,Done,"As a tenant, I want x so that I\nsee y"',
        "KVI-2,B,Open,",
    )
    jira = "\n".join(rows)
    found = read_stories(written(tmp_path, jira))
    assert (found.column, found.told) == ("Description", (("KVI-1", "As a tenant, I want x so that I\nsee y"),))
    assert read_stories(tmp_path / "stories.csv", "summary").told == (("KVI-1", "Export"), ("KVI-2", "B"))


def test_a_spreadsheet_is_read_as_its_csv_is(tmp_path: Path) -> None:
    rows = [("Issue key", "Summary", "Labels"), ("KVI-1", STORIES[0][2], "x"), ("KVI-2", "", ""), ("", "'=B", "y")]
    with Workbook(tmp_path / "stories.xlsx") as book:
        sheet = book.add_worksheet("Issues")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    as_text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    wanted = (("KVI-1", STORIES[0][2]), ("row 4", "=B"))
    assert read_stories(tmp_path / "stories.xlsx").told == read_stories(written(tmp_path, as_text)).told == wanted


def test_a_line_with_more_cells_than_the_header_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    found = read_stories(written(tmp_path, "key,story\nK-1,Export\nK-2,As a tenant, I want x, so that\nK-3,Import\n"))
    assert found.told == (("K-1", "Export"), ("K-3", "Import"))
    (sentence,) = found.unread
    assert sentence.startswith("Line 3 is not read: ")


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_separators_and_old_encodings_are_read(tmp_path: Path, separator: str) -> None:
    file = written(tmp_path, separator.join(("Titel", "x")).encode() + "\nÜber Möbel".encode("cp1252") + b"\n")
    assert read_stories(file).told == (("row 2", "Über Möbel"),)


@pytest.mark.parametrize(
    ("content", "column", "sentence"),
    [
        ("a,b\n1,2\n", None, "No column looks like stories"),
        ("a,b\n1,2\n", "story", "There is no column story; the file has a, b"),
        ("story\n", None, "has no stories"),
        ("", None, "has no stories"),
        ("story,x\n ,1\n", None, "is empty"),
        (b"PK\x03\x04\x00\x00", None, "is not text"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(
    tmp_path: Path, content: str | bytes, column: str | None, sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        read_stories(written(tmp_path, content), column)
    with pytest.raises(UsageError, match="is not there"):
        read_stories(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("vision", "rules"),
    [
        ("Everyone who pays an energy bill understands it and never fears the next one.", []),
        ("Gridline is the leading platform for energy.", ["customer_is_subject"]),
        ("Customers understand their bill. We grow.", ["one_sentence"]),
        ("Customers enjoy seamless synergies every day", ["plain_words", "plain_words"]),
        ("", []),
    ],
)
def test_a_vision_names_the_customer_in_one_sentence_that_is_not_about_the_product(
    vision: str, rules: list[str]
) -> None:
    assert [finding.rule for finding in coach_vision(vision, language_named("en"), (), ("Gridline", ""))] == rules


def test_the_sample_s_stories_of_two_sprints_by_hand() -> None:
    folder = SAMPLE_WORKSPACE / "stories"
    told = {
        file.stem: coach_stories(read_stories(file).told, {"Small business"}) for file in sorted(folder.glob("*.csv"))
    }
    passed = {sprint: [each.key for each in stories if each.passes] for sprint, stories in told.items()}
    assert passed == {
        "sprint-38": ["MK-701", "MK-702", "MK-706", "MK-708"],
        "sprint-39": ["MK-711", "MK-712", "MK-714", "MK-716"],
    }
    assert {sprint: len(stories) for sprint, stories in told.items()} == {"sprint-38": 8, "sprint-39": 6}
