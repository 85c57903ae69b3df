"""What customers answer: whether those who were disappointed are called back, and how many of those asked answer."""

from kviboard.board.context import BoardContext
from kviboard.board.kvis.reading import View
from kviboard.board.outside_in.over_time import MONTHS, month_ends
from kviboard.board.outside_in.sign import Sign, counted_sign
from kviboard.board.views.views import lacks, read_view
from kviboard.board.voice.follow_ups import called_back_by, follow_ups_of
from kviboard.domain.formatting import format_day


def followed_up(context: BoardContext) -> Sign:
    """Low answers since the first follow-up, and those whose customer was reached in time."""
    title, name = "Low answers followed up within two working days", "low_answers_followed_up"
    known, today = follow_ups_of(context), context.board.today
    if not known:  # of low answers from before the first one nothing is known: they may be called from elsewhere
        return Sign(name, title, None, "no follow-up yet", "voice")
    first = min(each.answered_on for each in known)
    *before, now = called_back_by(context, known, [*month_ends(first, today), today])
    shares = tuple(each.reached / each.answers if each.answers else None for each in before)
    since = f" since {format_day(now.since)}" if now.since else ""
    return counted_sign(name, title, now.reached, now.answers, f"low answers{since}", "voice", shares)


def response_rate(context: BoardContext) -> Sign:
    """Of those asked for a score in the last quarter, how many answered; before it, of those asked in each month."""
    title, page = "Customers who answer when they are asked", "voice?show=asked"
    if lacks(context.board, "response_rate"):
        return Sign("response_rate", title, None, "no invitations are exported", page)
    rows = read_view(context.board, "response_rate", View())
    whole = rows[rows["band"] == "all"].to_dict("records")
    if not whole or not whole[0]["invited"]:
        return Sign("response_rate", title, None, "nobody was asked yet", page)
    asked = read_view(context.board, "response_rate_by_period", View("month"))
    asked = asked[asked["complete"] & (asked["invited"] > 0)].tail(MONTHS)
    answered, invited = int(whole[0]["answered"]), int(whole[0]["invited"])
    return counted_sign("response_rate", title, answered, invited, "invitations", page, tuple(asked["rate"]))
