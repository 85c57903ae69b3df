"""Posts a digest or reminders to a webhook, as the receivers of Slack and Teams take it: one JSON text, and whether it
was taken.

A receiver of Teams wants its text on a card; all others, as Slack and those like it, want a text alone. Nothing is
followed, nothing is waited for longer than a few seconds, and the address, which is a secret, is never repeated.

Why not a library of many services such as apprise: it takes receivers by addresses of its own and those it knows by
their host, so a company's own Mattermost or relay would need this code all the same, and it says yes or no, where
people must read what the receiver answered.
"""

import json
import re
import ssl
import urllib.error
import urllib.request
from functools import partial
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from kviboard.errors import MailError

_SECONDS = 20
_MOST_BYTES = 24_000  # of all that is posted; Teams refuses 28 kB
_SLACK = ("hooks.slack.com", "hooks.slack-gov.com")
_TEAMS = ("webhook.office.com", "logic.azure.com", "powerplatform.com")


def webhook_body(address: str, title: str, text: str, board: str = "") -> dict[str, Any]:
    """What is posted. `board`: where readers open the board; "" for nowhere."""
    host = urlsplit(address).hostname or ""
    make = _card if host.endswith(_TEAMS) else partial(_text_alone, escapes=host in _SLACK)
    body, shown = make(title, text, board), len(text)
    while len(encoded(body)) > _MOST_BYTES and shown:
        shown = int(shown * 0.9)
        body = make(title, f"{text[:shown].rstrip()} …", board)
    return body


def encoded(body: dict[str, Any]) -> bytes:
    """What travels."""
    return json.dumps(body, ensure_ascii=False).encode()


def _text_alone(title: str, text: str, board: str, escapes: bool) -> dict[str, Any]:
    """Nobody is called by what people typed: an @ is followed by a space without width. Slack wants its three signs of
    control escaped (its guide to formatting text), and acts upon nothing else."""
    said = f"{title}\n\n{text}".replace("@", "@\u200b")
    if escapes:
        said = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": f"{said}\n{board}" if board else said}


def _card(title: str, text: str, board: str) -> dict[str, Any]:
    """What is typed stays text: the signs with which a card would make links and code are escaped."""
    blocks = [
        {"type": "TextBlock", "text": _as_it_is(title), "weight": "Bolder", "size": "Medium", "wrap": True},
        {"type": "TextBlock", "text": _as_it_is(text).replace("\n", "\n\n"), "wrap": True},
    ]
    card: dict[str, Any] = {"type": "AdaptiveCard", "version": "1.4", "body": blocks}
    if board:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open the board", "url": board}]
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


def _as_it_is(text: str) -> str:
    return re.sub(r"([\[\]`\\])", r"\\\1", text)


def post(address: str, body: dict[str, Any]) -> None:
    """Raises MailError where the receiver is out of reach or does not take it."""
    host = urlsplit(address).hostname or "the webhook"
    request = urllib.request.Request(
        address, encoded(body), {"Content-Type": "application/json; charset=utf-8"}, method="POST"
    )
    try:
        with _OPENER.open(request, timeout=_SECONDS):
            return
    except urllib.error.HTTPError as error:
        error.close()
        raise MailError(f"{host} did not take it: it answered {error.code}. Check the webhook's address.") from error
    except HTTPException as error:
        what = f"{host} answers as no web server does ({type(error).__name__})"
        raise MailError(f"{what}; whether it was taken is not known.") from error
    except (urllib.error.URLError, ssl.SSLError, OSError, ValueError) as error:
        why = getattr(error, "reason", None) or error
        raise MailError(f"{host} is out of reach ({why}); nothing was posted there.") from error


class _Staying(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a secret address is told to no other machine."""

    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Staying)
