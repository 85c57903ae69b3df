"""`kviboard digest`: This week as one file, or as mail to the readers in kviboard.toml. Its words come from `board`."""

import argparse
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from kviboard.board.exports.maintenance import digests_that_fail
from kviboard.board.kvis.readings import View
from kviboard.board.kvis.segments import within_segment
from kviboard.cli.options import FINE, Filters, add_where, filters, quiet, refresh_or_say, write_file
from kviboard.domain.periods import GRAINS
from kviboard.errors import MailError, UsageError, WorkspaceError
from kviboard.workspace import CONFIG_NAME, Workspace, load_workspace
from kviboard.workspace.mail_settings import DigestSettings, Mail

if TYPE_CHECKING:  # SQLAlchemy takes time to import; other commands need not wait for it
    from kviboard.board.context import BoardContext
    from kviboard.documents.digest.digest import Digest
    from kviboard.documents.mail import Email


def add_digest(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """Add the command with its options."""
    what = "write This week as one HTML file, or mail it to the readers in kviboard.toml"
    digest = commands.add_parser(
        "digest",
        parents=[quiet(common)],
        help=what,
        description=f"{what}. Refreshes first if exports changed.".replace("write", "Write", 1),
        epilog="Readers of the mail, and the filters and grain of each, stand under [mail] and [[mail.digests]].",
    )
    where_to = digest.add_mutually_exclusive_group(required=True)
    where_to.add_argument("--out", metavar="FILE", type=Path, help="write it here; a file of that name is replaced")
    where_to.add_argument("--mail", action="store_true", help="send it by the [mail] settings")
    digest.add_argument("--dry-run", action="store_true", help="with --mail: say what would be sent, send nothing")
    digest.add_argument("--by", metavar="DIM", help="a part for each value of this dimension")
    digest.add_argument(
        "--grain", choices=GRAINS, help="length of a period (default: sprints where there are any, else months)"
    )
    add_where(digest)
    digest.set_defaults(run=_digest)


def _digest(options: argparse.Namespace) -> int:
    if options.dry_run and not options.mail:
        raise UsageError("--dry-run goes with --mail.")
    if options.mail and (options.by or options.grain or options.where or options.segment):
        raise UsageError(
            f"A mail's filters stand in {CONFIG_NAME}, [[mail.digests]]; leave out --by, --grain, --where, --segment."
        )
    workspace = load_workspace(options.workspace)
    if not options.mail:
        return _write(workspace, options)
    if workspace.mail.missing and not options.dry_run:
        raise WorkspaceError(_lacking(workspace.mail))
    emails, posts, quiet_ones = _written(workspace)
    for name in quiet_ones:
        print(f"{name} stays at home: there is no new signal.")
    return _show(workspace.mail, emails, posts) if options.dry_run else _send(workspace.mail, emails, posts)


def _write(workspace: Workspace, options: argparse.Namespace) -> int:
    from kviboard.documents.digest.digest import digest_html

    with _opened(workspace) as context:
        digest = _made(context, options.grain, options.by, filters(options, workspace))
        html = digest_html(digest)
    write_file(options.out, html.encode())
    print(f"{digest.title}; written to {options.out}.")
    return FINE


@dataclass(frozen=True)
class _Post:
    """A digest for a webhook."""

    title: str
    address: str
    body: dict[str, Any]


def _written(workspace: Workspace) -> "tuple[list[Email], list[_Post], list[str]]":
    """All emails and posts, before any is sent: a filter that does not exist stops them all. Then the digests that are
    sent with new signals only, and have none."""
    from kviboard.documents.digest.text import digest_text
    from kviboard.documents.mail import write_email
    from kviboard.documents.webhook import webhook_body

    mail, at = workspace.mail, datetime.now(ZoneInfo(workspace.company.timezone))
    emails, posts, quiet_ones = [], [], []
    with _opened(workspace) as context:
        problems = digests_that_fail(context.board)
        if problems:
            raise WorkspaceError("\nkviboard: ".join(map(str, problems)), problems)
        for wanted in mail.all_digests:
            digest = _asked(context, wanted)
            if wanted.only == "new signals" and not digest.week.new:
                quiet_ones.append(f"“{digest.title}”")
            elif wanted.is_posted:
                address, text = wanted.webhook.get_secret_value(), digest_text(digest)
                posts.append(
                    _Post(digest.title, address, webhook_body(address, digest.title, text, mail.board_address))
                )
            else:
                emails.append(write_email(digest, mail, wanted.recipients, at))
    return emails, posts, quiet_ones


def _asked(context: "BoardContext", wanted: DigestSettings) -> "Digest":
    where = within_segment(context.board.workspace, wanted.segment, wanted.filters)
    return _made(context, wanted.grain, wanted.by, where, wanted.name)


def _made(context: "BoardContext", grain: str | None, by: str | None, where: Filters, name: str = "") -> "Digest":
    from kviboard.documents.digest.digest import make_digest

    view = View(grain or context.board.usual_grain, None, None, by, where)
    return make_digest(context, view, name, context.board.workspace.mail.board_address)


def _show(mail: Mail, emails: "list[Email]", posts: list[_Post]) -> int:
    for each in posts:
        print(f"To the webhook at {urlsplit(each.address).hostname}")
        print(f"{json.dumps(each.body, ensure_ascii=False, indent=2)}\n")
    for email in emails:
        print(f"To: {', '.join(email.recipients) or 'nobody'}")
        print(f"Subject: {email.subject}")
        print(f"Size: {email.size_text}, with the attached {email.file_name}\n")
        print(email.text)
    print("Nothing was sent: this was a dry run.")
    if mail.missing:
        raise WorkspaceError(_lacking(mail))
    if not emails:
        return FINE
    user = f", as {mail.user}" if mail.user else ""
    print(f"It would go from {mail.sender} through {mail.server}, port {mail.port_used} ({mail.security}){user}.")
    return FINE


def _send(mail: Mail, emails: "list[Email]", posts: list[_Post]) -> int:
    from kviboard.documents.mail import send
    from kviboard.documents.webhook import post

    failures = []
    for each in posts:
        try:
            post(each.address, each.body)
            print(f"“{each.title}” posted to {urlsplit(each.address).hostname}.")
        except MailError as error:
            failures += [f"“{each.title}” was not posted.", str(error)]
    for delivery in send(mail, emails) if emails else ():
        called = f"“{delivery.email.subject}”"
        if delivery.taken_by:
            print(f"{called} sent to {', '.join(delivery.taken_by)}.")
        else:
            failures.append(f"{called} was not sent.")
        failures += delivery.problems
    if failures:
        raise MailError("\nkviboard: ".join(dict.fromkeys(failures)))
    return FINE


def _lacking(mail: Mail) -> str:
    return f"{CONFIG_NAME} lacks {', '.join(mail.missing)}: without them nothing can be sent."


@contextmanager
def _opened(workspace: Workspace) -> "Iterator[BoardContext]":
    """The board and its store, after a refresh where exports changed."""
    from kviboard.board.board import open_board
    from kviboard.board.context import BoardContext, open_store_of
    from kviboard.board.kvis.targets import with_set_targets

    refresh_or_say(workspace)
    with closing(open_store_of(workspace)) as store:
        yield BoardContext(with_set_targets(open_board(workspace), store), store)
