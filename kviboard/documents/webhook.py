"""Posts a digest to a webhook, as the receivers of Slack and Teams take it: one JSON text, and whether it was taken.

A receiver of Teams wants its text on a card; all others, as Slack and those like it, want a text alone. Nothing is
followed, nothing is waited for longer than a few seconds, and the address, which is a secret, is never repeated.
"""

import json
import ssl
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from kviboard.errors import MailError

_SECONDS = 20
_LONGEST = 20_000  # characters; receivers refuse more
_TEAMS = ("webhook.office.com", "logic.azure.com", "powerplatform.com")


def webhook_body(address: str, title: str, text: str, board: str = "") -> dict[str, Any]:
    """What is posted. `board`: where readers open the board; "" for nowhere."""
    shortened = text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} …"
    if not (urlsplit(address).hostname or "").endswith(_TEAMS):
        link = f"\n{board}" if board else ""
        return {"text": f"{title}\n\n{shortened}{link}"}
    blocks = [
        {"type": "TextBlock", "text": title, "weight": "Bolder", "size": "Medium", "wrap": True},
        {"type": "TextBlock", "text": shortened.replace("\n", "\n\n"), "wrap": True},
    ]
    card: dict[str, Any] = {"type": "AdaptiveCard", "version": "1.4", "body": blocks}
    if board:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open the board", "url": board}]
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


def post(address: str, body: dict[str, Any]) -> None:
    """Raises MailError where the receiver is out of reach or does not take it."""
    host = urlsplit(address).hostname or "the webhook"
    request = urllib.request.Request(
        address, json.dumps(body).encode(), {"Content-Type": "application/json; charset=utf-8"}, method="POST"
    )
    try:
        with _OPENER.open(request, timeout=_SECONDS):
            return
    except urllib.error.HTTPError as error:
        error.close()
        raise MailError(f"{host} did not take it: it answered {error.code}. Check the webhook's address.") from error
    except (urllib.error.URLError, ssl.SSLError, OSError, ValueError) as error:
        why = getattr(error, "reason", None) or error
        raise MailError(f"{host} is out of reach ({why}); nothing was posted there.") from error


class _Staying(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a secret address is told to no other machine."""

    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Staying)
