"""The form that takes an import of OKRs back: says what goes and what stays, and asks once."""

from kviboard.board.okrs.tables.taken_back import goes_text, imports_of, stays_texts, take_back
from kviboard.errors import StoreError
from kviboard.store import Author
from kviboard.ui.access import may
from kviboard.ui.actor import actor
from kviboard.ui.author import author as visitor
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_remark, draw_sentence, finish, number
from kviboard.ui.okrs.page import OkrPage
from kviboard.ui.url_state import choose


def draw_taking_back(page: OkrPage, of: str) -> None:
    """Take back what one import of the visitor brought in and nobody recorded anything on."""
    wanted = number(of)
    own = imports_of(page.context, visitor()) if may("data") else []
    found = next((each for each in own if each.id == wanted), None)
    if found is None:
        raise StoreError("There is no import of yours with this number of which something could be taken back.")
    form, _ = begin(page.context, f"take back {wanted}", lambda: Start({}))
    draw_sentence(
        f"What your import brought in leaves the board: {goes_text(found)}. Nothing is deleted; to have it back, "
        "import the file again."
    )
    for sentence in stays_texts(page.context, found):
        draw_remark(f"{sentence}.", caution=True)

    def save(form: Form, author: Author) -> str:
        actor().begin("took back an import of OKRs")
        gone = take_back(page.context, wanted, author=author)
        if page.quarter.cycle in gone.cycles:
            choose("cycle", None)
        return f"{'. '.join([f'Taken back: {goes_text(gone)}', *stays_texts(page.context, gone)])}."

    finish(page.context, form, "Take it back", save)
