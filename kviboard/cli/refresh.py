"""`kviboard refresh` and `kviboard check`: build a version of the exports, or only say what is wrong with them."""

import argparse
import sys

from kviboard.board.exports.maintenance import MaintenanceReport, check, refresh_now, watch
from kviboard.board.views.views import own_views_that_fail
from kviboard.cli.acting import owner
from kviboard.cli.options import FINE, PROBLEM, at_terminal, quiet, show_progress
from kviboard.workspace import load_workspace


def add_refresh(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """Both commands."""
    for name, run, what in (
        ("refresh", _refresh, "read the exports, build a new version and publish it"),
        ("check", _check, "say what is wrong with the configuration, the queries and the data; publishes nothing"),
    ):
        command = commands.add_parser(name, parents=[quiet(common)], help=what, description=what.capitalize() + ".")
        command.set_defaults(run=run)
        if name == "refresh":
            command.add_argument(
                "--watch", action="store_true", help="and again whenever exports change; Ctrl+C ends it"
            )


def _refresh(options: argparse.Namespace) -> int:
    if options.watch:
        watch(lambda: load_workspace(options.workspace), lambda sentence: print(sentence, flush=True))
    workspace = load_workspace(options.workspace)
    owner(workspace).begin("refreshed")
    with at_terminal(workspace):
        return _report(refresh_now(workspace, show_progress))


def _check(options: argparse.Namespace) -> int:
    workspace = load_workspace(options.workspace)
    with at_terminal(workspace):
        return _report(check(workspace, show_progress, own_views_that_fail))


def _report(report: MaintenanceReport) -> int:
    for line in report.lines:
        print(line)
    for problem in report.problems:
        print(f"problem: {problem}", file=sys.stderr)
    for warning in report.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    for decision in sorted(report.decisions, key=lambda decision: decision.level, reverse=True):  # warnings first
        print(f"{decision.level}: {decision}", file=sys.stderr)
    return PROBLEM if report.problems else FINE
