"""`kviboard remind`: what fell due and is not done, by mail or to a webhook, as [[mail.reminders]] says."""

import argparse
from datetime import datetime
from typing import TYPE_CHECKING

from kviboard.cli.options import FINE, quiet
from kviboard.cli.sending import Post, lacking, opened, send_all, show
from kviboard.errors import WorkspaceError
from kviboard.workspace import CONFIG_NAME, Workspace, load_workspace
from kviboard.workspace.mail_settings import ReminderSettings

if TYPE_CHECKING:  # SQLAlchemy takes time to import; other commands need not wait for it
    from kviboard.documents.mail import Email


def add_remind(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """Add the command with its options."""
    what = "remind people of check-ins, decisions and calls that fell due, as kviboard.toml says"
    remind = commands.add_parser(
        "remind",
        parents=[quiet(common)],
        help=what,
        description=f"R{what[1:]}. At most three times each, once a week; then it waits on My page.",
        epilog="Who is reminded, where and on which day of the week stands under [[mail.reminders]].",
    )
    remind.add_argument("--dry-run", action="store_true", help="say what would be sent, on any day; send nothing")
    remind.set_defaults(run=_remind)


def _remind(options: argparse.Namespace) -> int:
    workspace = load_workspace(options.workspace)
    mail, now = workspace.mail, workspace.company.now()
    if not mail.reminders:
        raise WorkspaceError(f"{CONFIG_NAME} has no [[mail.reminders]]: say there who is reminded, and where.")
    wanted = [each for each in mail.all_reminders if options.dry_run or each.go_out_on(now.date())]
    missing = mail.missing_for(wanted)
    if missing and not options.dry_run:
        raise WorkspaceError(lacking(missing))
    if not wanted:
        days = ", ".join(dict.fromkeys(each.on.capitalize() for each in mail.reminders))
        print(f"Nothing is sent today: reminders go out on {days}.")
        return FINE
    emails, posts = _written(workspace, wanted, now)
    if not emails and not posts:
        print("Nobody needs to be reminded: nothing fell due in the last three weeks that is not done.")
        return FINE
    return show(mail, emails, posts, missing) if options.dry_run else send_all(mail, emails, posts)


def _written(workspace: Workspace, wanted: list[ReminderSettings], now: datetime) -> "tuple[list[Email], list[Post]]":
    from kviboard.board.people.reminders import reminders
    from kviboard.documents.mail import write_letter
    from kviboard.documents.reminders import reminder_text, reminder_title
    from kviboard.documents.webhook import webhook_body

    mail, day = workspace.mail, workspace.company.today()
    emails, posts = [], []
    with opened(workspace) as context:
        for each in wanted:
            found = reminders(context, day, each.people)
            if not found:
                continue
            title, text = reminder_title(workspace.company.name, found), reminder_text(found, mail.board_address)
            if each.is_posted:
                address = each.webhook.get_secret_value()
                posts.append(Post(title, address, webhook_body(address, title, text, mail.board_address)))
            else:
                emails.append(write_letter(title, text, mail, each.recipients, now))
    return emails, posts
