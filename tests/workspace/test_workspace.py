"""kviboard.toml: every problem at once, each with its key, what was found, what is allowed."""

from datetime import date
from pathlib import Path

import pytest

from kviboard.errors import WorkspaceError
from kviboard.workspace import SAMPLE_WORKSPACE, load_workspace


def load(folder, text: str):
    (folder / "kviboard.toml").write_text(text, encoding="utf-8")
    return load_workspace(folder)


def refusal(folder, text: str) -> str:
    with pytest.raises(WorkspaceError) as error:
        load(folder, text)
    return str(error.value)


def test_an_empty_file_has_every_default(tmp_path):
    workspace = load(tmp_path, "")
    assert workspace.company.currency == "EUR"
    assert workspace.surveys.valid_days == 365
    assert workspace.state == tmp_path / ".kviboard"


def test_a_folder_without_a_workspace_says_how_to_start_one(tmp_path):
    with pytest.raises(WorkspaceError, match="kviboard init"):
        load_workspace(tmp_path / "nowhere")


def test_the_sample_workspace_is_the_default():
    assert load_workspace().root == SAMPLE_WORKSPACE.resolve()


def test_all_problems_come_at_once_each_with_its_key(tmp_path):
    words = refusal(
        tmp_path, '[company]\ncurrency = "euros"\ncolour = "red"\n[surveys]\nscale = "0-7"\nvalid_days = 0\n'
    )
    assert "[company] currency: found 'euros'" in words
    assert "[company] colour: is not a setting. Known here: name, product" in words
    assert "[surveys] scale: found '0-7'" in words
    assert "[surveys] valid_days: found 0" in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[company]\ntimezone = "Mars/Olympus"\n', "not a known time zone"),
        ("[sources.orders]\n", "[sources.orders] files: is missing"),
        ('dimensions = ["customer_id"]\n', "cannot be a dimension"),
        ('dimensions = ["country", "country"]\n', "named twice"),
        (f"dimensions = {[f'd{n}' for n in range(51)]}\n", "more than 50 are named"),
        ('[sources."My Orders"]\nfiles = "x.csv"\n', "no plain name"),
        ("company = 3\n", "company"),
        (
            '[[targets]]\nkvi = "nps"\nvalue = 1\nstarts_on = 2026-02-01\nends_on = 2026-01-31\n',
            "lies before starts_on, 2026-02-01; swap them",
        ),
        ('[[targets]]\nkvi = "nps"\nvalue = nan\n', "value: found nan"),
        ('[[targets]]\nkvi = "nps"\nvalue = inf\n', "value: found inf"),
        ("[company\n", "not valid TOML"),
        ('root = "/"\n', "root and state cannot be set"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence(tmp_path, text, words):
    assert words in refusal(tmp_path, text)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    assert load(tmp_path, '\ufeff[company]\nname = "Ours"\n').company.name == "Ours"


def test_sprints_come_from_the_rule_unless_they_are_exported(tmp_path):
    workspace = load(tmp_path, '[sprints]\nfirst_day = 2026-01-05\ndays = 14\nname = "Iteration"\n')
    sprints = workspace.make_calendar(date(2026, 1, 20)).sprints
    assert [(s.name, s.starts_on, s.ends_on) for s in sprints] == [
        ("Iteration 1", date(2026, 1, 5), date(2026, 1, 18)),
        ("Iteration 2", date(2026, 1, 19), date(2026, 2, 1)),
        ("Iteration 3", date(2026, 2, 2), date(2026, 2, 15)),  # can be opened before it has data
    ]


def test_the_fiscal_year_and_the_week_follow_the_settings(tmp_path):
    calendar = load(tmp_path, '[calendar]\nweek_starts = "sunday"\nquarter_starts_in = "april"\n').make_calendar(
        date(2026, 1, 1)
    )
    assert (calendar.week_starts, calendar.quarter_starts_in) == (6, 4)


def test_a_sprint_file_named_in_the_sprints_section_is_a_source(tmp_path):
    assert load(tmp_path, '[sprints]\nfiles = "exports/sprints.csv"\n').sources["sprints"].patterns == (
        "exports/sprints.csv",
    )


def test_settings_may_name_environment_variables_with_a_default(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOP", "/exports/shop")
    text = '[sources.orders]\nfiles = ["${SHOP}/o.csv", "${NO_SUCH_FOLDER:-data}/o.csv"]\n'
    assert load(tmp_path, text).sources["orders"].patterns == ("/exports/shop/o.csv", "data/o.csv")


def test_a_variable_that_is_not_set_is_named(tmp_path):
    assert "${NO_SUCH_SECRET}, which is not set" in refusal(tmp_path, '[store]\nurl = "${NO_SUCH_SECRET}"\n')


def test_all_problems_come_at_once_also_with_variables_that_are_not_set(tmp_path):
    words = refusal(
        tmp_path,
        'root = "/"\n[company]\ncurrency = "${NO_SUCH_CURRENCY}"\n'
        '[surveys]\nscale = "0-7"\n[sources.orders]\nfiles = 3\n'
        '[sources."My Orders"]\nfiles = "x.csv"\n[sources.Clicks]\nfiles = "${NO_SUCH_FOLDER}/x.csv"\n',
    )
    assert words.splitlines() == [
        "kviboard.toml: names ${NO_SUCH_CURRENCY}, which is not set. "
        "Set this environment variable, or write ${NO_SUCH_CURRENCY:-default}.",
        "kviboard.toml: names ${NO_SUCH_FOLDER}, which is not set. "
        "Set this environment variable, or write ${NO_SUCH_FOLDER:-default}.",
        "kviboard.toml: root and state cannot be set. Remove them.",
        "kviboard.toml, [sources.orders] files: found 3; write a text in quotes, or several in a list.",
        "kviboard.toml, [sources] My Orders: is no plain name; use lower-case letters, digits and _.",
        "kviboard.toml, [sources] Clicks: is no plain name; use lower-case letters, digits and _.",
        'kviboard.toml, [surveys] scale: found \'0-7\'; choose "0-10", "1-10", "1-5" or "1-7".',
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[surveys]\nvalid_days = 0\n", "[surveys] valid_days: found 0; it must be more than 0."),
        ('[sprints]\nfirst_day = "soon"\n', "[sprints] first_day: found 'soon'; write a day, like 2026-01-31."),
        ('[engine]\nthreads = "x"\n', "[engine] threads: found 'x'; write a whole number."),
        (
            '[engine]\nkind = "spark"\n',
            'engine: kind = "spark" needs one cluster and says none; give master or remote',
        ),
        ('[engine]\nmaster = "yarn"\n', 'engine: master is of Spark; set kind = "spark", too, or take it away'),
        (
            '[engine]\nkind = "spark"\nmaster = "host"\n',
            "[engine] master: found 'host'; is no master of Spark; write it like spark://",
        ),
        (
            '[engine]\nkind = "spark"\nremote = "host:1"\n',
            "[engine] remote: is no address of Spark Connect; write it like sc",
        ),
        ('[engine]\nsettings = { memory = "8g" }\n', '[engine] settings: "memory" is no setting of Spark'),
        ('dimensions = "country"\n', 'dimensions: found \'country\'; write a list, like ["one", "two"].'),
        ('[company]\ncurrency = "euros"\n', "currency: found 'euros'; write it with capital letters, like EUR."),
        ('[[targets]]\nkvi = "a"\nvalue = "x"\n', "[[targets]] number 1, value: found 'x'; write a number without"),
        ("[[targets]]\nvalue = 1\n", "[[targets]] number 1, kvi: is missing."),
        ("company = 3\n", "company: found 3; write it as a section: its name in brackets"),
    ],
)
def test_what_to_write_instead_is_said_in_our_words(tmp_path, text, words):
    said = refusal(tmp_path, text)
    assert words in said
    assert "Input should" not in said


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("a" + ".a" * 100_000 + " = 1", "line 1: has a key of more than 200 parts"),
        ("[company]\nx = {" + "a." * 300 + "a = 1}", "line 2: has a key of more than 200 parts"),
        ('"a"' + '."a"' * 100_000 + " = 1", "line 1: has a key of more than 200 parts"),
        ("# " + "x" * 6_000_000, "has more than 5 MB"),
    ],
    ids=["dots", "an inline table", "quoted", "size"],
)
def test_settings_that_would_fill_the_memory_are_refused(tmp_path: Path, toml: str, sentence: str) -> None:
    (tmp_path / "kviboard.toml").write_text(toml)
    with pytest.raises(WorkspaceError, match=sentence):
        load_workspace(tmp_path)


def test_many_dots_in_texts_and_comments_are_settings_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "kviboard.toml").write_text(f'# {"." * 300}\n[company]\nvision = "{"wait ... " * 200}"\n')
    assert load_workspace(tmp_path).company.vision.startswith("wait ...")
