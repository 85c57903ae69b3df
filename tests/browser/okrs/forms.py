"""How a visitor opens, fills in and saves a form of OKRs in a real browser."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.visit import settle


def drawer(page: Page) -> Locator:
    """The open form."""
    return page.get_by_role("dialog")


def open_form(page: Page, label: str | re.Pattern[str]) -> Locator:
    """Follow the first link of this name, which opens a form."""
    page.get_by_role("link", name=label).first.click()
    return await_form(page)


def await_form(page: Page) -> Locator:
    """The open form, once its last row is drawn."""
    settle(page)
    expect(drawer(page).get_by_label("You are")).to_be_visible(timeout=15_000)
    return drawer(page)


def write(form: Locator, **typed: str) -> None:
    """Fill in text fields by their labels, with spaces for underscores; leave each, as people do."""
    for label, text in typed.items():
        field = form.get_by_label(label.replace("_", " "), exact=True)
        field.fill(text)
        field.blur()
        settle(form.page)


def choose(form: Locator, label: str, option: str) -> None:
    """Choose from a list."""
    form.get_by_role("combobox", name=label).click()
    form.page.get_by_role("option", name=option, exact=True).click()
    settle(form.page)


def pick(form: Locator, option: str) -> None:
    """Choose one of a few that are all in sight."""
    form.get_by_role("radio", name=option, exact=True).click()
    settle(form.page)


def save(form: Locator, label: str) -> str:
    """Press the button, see the form close, and return what the page says of it."""
    button = form.get_by_role("button", name=re.compile(f"^{label}( |$)"))
    expect(button).to_have_count(1)  # while a run moves what stands above it, the one before is there, too
    button.click()
    return is_saved(form)


def is_saved(form: Locator) -> str:
    """Wait for the form to close after a save; what the page says of it. Fails with what the form says instead."""
    try:
        expect(form).to_have_count(0)
    except AssertionError as error:
        raise AssertionError(f"The form is still open; it says:\n{form.inner_text()}") from error
    settle(form.page)
    return form.page.locator(".okr-told").inner_text()
