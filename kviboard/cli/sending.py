"""What digests and reminders share: the open board, what would be sent, and sending it by mail and to webhooks."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kviboard.cli.options import FINE, refresh_or_say
from kviboard.errors import MailError, WorkspaceError
from kviboard.workspace import CONFIG_NAME, Workspace
from kviboard.workspace.mail_settings import Mail

if TYPE_CHECKING:  # SQLAlchemy takes time to import; other commands need not wait for it
    from kviboard.board.context import BoardContext
    from kviboard.documents.mail import Email


@dataclass(frozen=True)
class Post:
    """What goes to a webhook."""

    title: str
    address: str
    body: dict[str, Any]


def show(mail: Mail, emails: "Sequence[Email]", posts: Sequence[Post], missing: Sequence[str]) -> int:
    """Print what would be sent; WorkspaceError where settings are missing."""
    for each in posts:
        print(f"To the webhook at {urlsplit(each.address).hostname}")
        print(f"{json.dumps(each.body, ensure_ascii=False, indent=2)}\n")
    for email in emails:
        print(f"To: {', '.join(email.recipients) or 'nobody'}")
        print(f"Subject: {email.subject}")
        attached = f", with the attached {email.file_name}" if email.file_name else ""
        print(f"Size: {email.size_text}{attached}\n")
        print(email.text)
    print("Nothing was sent: this was a dry run.")
    if missing:
        raise WorkspaceError(lacking(missing))
    if not emails:
        return FINE
    user = f", as {mail.user}" if mail.user else ""
    print(f"It would go from {mail.sender} through {mail.server}, port {mail.port_used} ({mail.security}){user}.")
    return FINE


def send_all(mail: Mail, emails: "Sequence[Email]", posts: Sequence[Post]) -> int:
    """Send everything; what fails keeps nothing else back. MailError with a sentence for each failure."""
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


def lacking(missing: Sequence[str]) -> str:
    """Which settings are missing, in a sentence."""
    return f"{CONFIG_NAME} lacks {', '.join(missing)}: without them nothing can be sent."


@contextmanager
def opened(workspace: Workspace) -> "Iterator[BoardContext]":
    """The board and its store, after a refresh where exports changed."""
    from kviboard.board.board import open_board
    from kviboard.board.context import BoardContext, open_store_of
    from kviboard.board.kvis.targets import with_set_targets

    refresh_or_say(workspace)
    with closing(open_store_of(workspace)) as store:
        yield BoardContext(with_set_targets(open_board(workspace), store), store)
