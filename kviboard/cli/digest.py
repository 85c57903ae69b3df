"""`kviboard digest`: This week as one file, or as mail to the readers in kviboard.toml. Its words come from `board`."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kviboard.board.exports.maintenance import digests_that_fail
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.segments import within_segment
from kviboard.cli.options import FINE, Filters, add_where, filters, quiet, write_file
from kviboard.cli.sending import Post, lacking, opened, send_all, show
from kviboard.domain.periods import GRAINS
from kviboard.errors import UsageError, WorkspaceError
from kviboard.workspace import CONFIG_NAME, Workspace, load_workspace
from kviboard.workspace.mail_settings import DigestSettings

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
        raise WorkspaceError(lacking(workspace.mail.missing))
    emails, posts, quiet_ones = _written(workspace)
    for name in quiet_ones:
        print(f"{name} stays at home: there is no new signal.")
    mail = workspace.mail
    return show(mail, emails, posts, mail.missing) if options.dry_run else send_all(mail, emails, posts)


def _write(workspace: Workspace, options: argparse.Namespace) -> int:
    from kviboard.documents.digest.digest import digest_html

    with opened(workspace) as context:
        digest = _made(context, options.grain, options.by, filters(options, workspace))
        html = digest_html(digest)
    write_file(options.out, html.encode())
    print(f"{digest.title}; written to {options.out}.")
    return FINE


def _written(workspace: Workspace) -> "tuple[list[Email], list[Post], list[str]]":
    """All emails and posts, before any is sent: a filter that does not exist stops them all. Then the digests that are
    sent with new signals only, and have none."""
    from kviboard.documents.digest.text import digest_message
    from kviboard.documents.mail import write_email
    from kviboard.documents.webhook import webhook_body

    mail, at = workspace.mail, workspace.company.now()
    emails, posts, quiet_ones = [], [], []
    with opened(workspace) as context:
        problems = digests_that_fail(context.board)
        if problems:
            raise WorkspaceError("\nkviboard: ".join(map(str, problems)), problems)
        for wanted in mail.all_digests:
            digest = _asked(context, wanted)
            if wanted.only == "new signals" and not digest.week.new:
                quiet_ones.append(f"“{digest.title}”")
            elif wanted.is_posted:
                address, text = wanted.webhook.get_secret_value(), digest_message(digest)
                posts.append(Post(digest.title, address, webhook_body(address, digest.title, text, mail.board_address)))
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
