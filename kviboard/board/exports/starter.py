"""Starts a workspace: a commented kviboard.toml and the folders a company fills."""

from pathlib import Path

from kviboard.errors import UsageError
from kviboard.files import write_atomically
from kviboard.workspace import CONFIG_NAME

_BEGINNING = """\
# KVI Board reads this file and the exports it names. Every line that begins with # is a comment or a setting left at
# its default. `kviboard check` says what is wrong, each problem with its key.

{dimensions}    # columns of customers to slice every KVI by

[company]
name = "My company"
product = ""
vision = ""             # one sentence, worded for the customer: it opens every sprint review
currency = "EUR"        # of all amounts
timezone = "UTC"        # where your day begins, such as "Europe/Amsterdam"

"""

_EXPORTS = """\
# One section per export. Name it after the table it feeds: customers, activity, orders, responses, tickets, sprints,
# releases. You need at least one of activity, orders, responses; leave out what you do not have.
#
# [sources.orders]                       # needs order_id, customer_id, ordered_at, amount; may have product
# files = "exports/orders*.csv"          # CSV, TSV, Parquet, JSON lines, XLSX; also .gz
# rename = { "Customer No" = "customer_id", "Total (EUR)" = "amount" }
# date_format = "%d.%m.%Y"               # only where 01/02/2026 could be read two ways
# decimal = ","                          # where amounts read 1.234,50
#
# [sources.customers]                    # needs customer_id; may have name, signed_up_on, acquisition and dimensions
# files = "exports/customers.csv"
#
# [sources.activity]                     # needs customer_id, occurred_at; may have event, minutes
# files = "exports/activity*.parquet"
#
# [sources.responses]                    # needs response_id, customer_id, responded_at, score; may have survey,
# files = "exports/survey.xlsx"          # touchpoint, comment
#
# [sources.tickets]                      # needs ticket_id, customer_id, opened_at; may have closed_at, kind, topic
# files = "exports/tickets.jsonl"
#
# [sources.releases]                     # needs day, title: drawn as flags on the charts
# files = "exports/releases.csv"

"""

REST_OF_CONFIG = """\
[sprints]
# first_day = 2026-01-05                 # your first sprint; or export them as [sources.sprints]
days = 14
name = "Sprint"

[surveys]
scale = "0-10"                           # of the answers: "0-10", "1-10", "1-5" or "1-7"
valid_days = 365                         # how long an answer counts as the customer's score
answer_counts_back_days = 0              # 60 for a shop that asks after delivery
survey = "any"                           # or "relationship": only those answers give a customer a score

[calendar]
week_starts = "monday"
quarter_starts_in = "january"            # first month of your fiscal year

# [[targets]]                            # as many as you like; they may follow one another in time
# kvi = "net_promoter_score"
# value = 40                             # percentages as fractions: 0.55
# starts_on = 2026-01-01
# ends_on = 2026-12-31

# [mail]                                 # for `kviboard digest --mail`; add --dry-run to see what would be sent
# server = "smtp.example.com"
# sender = "KVI Board <board@example.com>"
# recipients = ["leadership@example.com"]
# user = "board"
# password = "${MAIL_PASSWORD:-}"        # from the environment, not from this file

[refresh]
max_reject_share = 0.1                   # a file with more unusable rows than this stops the refresh
"""
"""What follows sources and sprints in every new kviboard.toml."""

IGNORED = ".kviboard/\n"
QUERIES_NOTE = """\
# Your own queries

A file here replaces the board's own of the same relative path; a new one adds to it.

- `staging/orders.sql`: one SELECT from `source.orders` (your export as text) to our columns, where renaming will not do
- `kvis/my_kvi.sql`: one KVI per file; it appears on every page as soon as it is saved
- `checks/my_rule.sql`: a SELECT that returns the rows which break a rule
"""


def beginning_of_config(dimensions: str = '# dimensions = ["segment", "country"]') -> str:
    """The text of kviboard.toml up to its exports, with the line of the dimensions; REST_OF_CONFIG follows these."""
    return _BEGINNING.format(dimensions=dimensions)


STARTED_CONFIG = beginning_of_config() + _EXPORTS + REST_OF_CONFIG
"""kviboard.toml before anybody has said anything."""


def start_workspace(folder: Path, text_of_config: str = STARTED_CONFIG) -> list[Path]:
    """Write a workspace to start from into `folder`; returns what was written. Raises UsageError if one is there."""
    config = folder / CONFIG_NAME
    if config.exists():
        raise UsageError(f"{config} exists already; nothing was written. Choose another folder.")
    try:
        (folder / "exports").mkdir(parents=True, exist_ok=True)
        (folder / "queries").mkdir(exist_ok=True)
        notes = folder / "queries" / "README.md"
        ignore = folder / ".gitignore"
        for path, text in ((config, text_of_config), (notes, QUERIES_NOTE), (ignore, IGNORED)):
            if not path.exists():
                with write_atomically(path, replacing=False) as unfinished:
                    unfinished.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{folder} cannot be written ({error.strerror}); choose another folder.") from error
    return [config, notes, ignore]
