"""Comments where they stand with what they are about, the form for one, and whom a text mentions while it is typed."""

from collections.abc import Sequence
from functools import partial

from kviboard.board.context import BoardContext
from kviboard.board.people.comments import reword, say, take_away
from kviboard.components.markup import link, text
from kviboard.components.mentions import with_mentions
from kviboard.domain.formatting import format_day, listed
from kviboard.domain.people import mentioned, unknown_mentions
from kviboard.errors import StoreError
from kviboard.store import Author, Comment, NewComment
from kviboard.ui import known, served
from kviboard.ui.author import author as author_now
from kviboard.ui.forms.drawer import Drawer
from kviboard.ui.forms.fields import Fields
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_remark, draw_sentence, finish, number
from kviboard.ui.page import href


def thread(comments: Sequence[Comment], page: str, titles: dict[int, str] | None = None) -> str:
    """Comments as HTML, oldest first, one's own with links to change them. `titles` names the key results that some are
    about."""
    people = known.people() if comments else ()
    items = "".join(_comment(each, page, people, (titles or {}).get(each.key_result_id or 0, "")) for each in comments)
    return f'<ul class="okr-said kvi-talk">{items}</ul>' if items else ""


def draw_mentions(form: Form, fields: Fields, name: str) -> None:
    """Below a text that may mention people: whom it mentions so far, and a list to mention somebody from."""
    offered = list(known.people())
    fields.one("mention", "Mention", offered, then=partial(_mention, form, name), placeholder="Add a name")
    draw_mentioned(str(form.typed[name] or ""))


def draw_mentioned(said: str) -> None:
    """Whom a text mentions, and what stands behind an "@" in it and is nobody's name."""
    people = known.people()
    names, strange = mentioned(said, people), unknown_mentions(said, people)
    draw_remark(f"Shown on the page of {listed(names)}." if names else "")
    draw_remark(f"Nobody known is called {listed(strange)}: choose from the list." if strange else "", caution=True)


def comment_forms(context: BoardContext) -> Drawer:
    """The forms that change a comment of one's own, by the name that the address calls them."""
    return {
        "edit_comment": ("Change a comment", partial(_draw_rewording, context)),
        "archive_comment": ("Take a comment away", partial(_draw_taking_away, context)),
    }


def draw_comment(context: BoardContext, name: str, about: dict[str, NewComment]) -> None:
    """A new comment on one of the things offered, by their titles; the form is called `name`."""
    first = {"about": next(iter(about)), "text": "", "mention": None}
    form, fields = begin(context, name, lambda: Start(first))
    if len(about) > 1:
        fields.one("about", "On", list(about))
    else:
        draw_sentence(next(iter(about)))
    fields.lines("text", "What you have to say")
    draw_mentions(form, fields, "text")

    def save(form: Form, author: Author) -> str:
        wanted = about.get(form.typed["about"] or "")
        if wanted is None:
            raise StoreError("Not saved. Choose what it is about.")
        new = NewComment(
            text=form.typed["text"] or "",
            objective_id=wanted.objective_id,
            key_result_id=wanted.key_result_id,
            decision_id=wanted.decision_id,
        )
        say(context.store, new, author=author)
        return _saved(form)

    finish(context, form, "Say it", save)


def _draw_rewording(context: BoardContext, of: str) -> None:
    comment = context.store.comments.get(number(of))

    def read() -> Start:
        now = context.store.comments.get(comment.id)
        return Start({"text": now.text, "mention": None}, now)

    form, fields = begin(context, f"comment {comment.id}", read)
    fields.lines("text", "What you have to say")
    draw_mentions(form, fields, "text")

    def save(form: Form, author: Author) -> str:
        reword(context.store, form.record, form.typed["text"] or "", author=author)
        return _saved(form)

    finish(context, form, "Save", save)


def _draw_taking_away(context: BoardContext, of: str) -> None:
    comment = context.store.comments.get(number(of))
    form, _ = begin(context, f"archive comment {comment.id}", lambda: Start({}, comment))
    draw_sentence(f"“{comment.text}” is taken away; the history keeps that it was there.")

    def save(form: Form, author: Author) -> str:
        take_away(context.store, form.record, author=author)
        return "The comment is taken away."

    finish(context, form, "Take it away", save)


def _saved(form: Form) -> str:
    names = mentioned(str(form.typed["text"] or ""), known.people())
    return f"Said, and shown on the page of {listed(names)}." if names else "Said."


def _mention(form: Form, name: str) -> None:
    """Write the chosen name behind the text."""
    chosen = form.typed["mention"]
    if chosen:
        said = str(form.typed[name] or "").rstrip()
        form.put(name, f"{said} @{chosen} ".lstrip())
        form.put("mention", None)


def _comment(comment: Comment, page: str, people: Sequence[str], about: str) -> str:
    own = ""
    if author_now().wrote(comment):
        change = link("Change", href(page, do="edit_comment", of=str(comment.id)))
        away = link("Take away", href(page, do="archive_comment", of=str(comment.id)))
        own = f'<span class="okr-links">{change} · {away}</span>'
    day = format_day(served.workspace().company.day_of(comment.created_at))
    facts = f"{day}, {comment.created_by}{f' · {about}' if about else ''}"
    return f"<li><span>{text(facts)}</span><span>{with_mentions(comment.text, people)}</span>{own}</li>"
