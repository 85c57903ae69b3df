"""Words that say nothing by themselves, in the company's languages."""

from collections.abc import Collection
from functools import cache

import stopwords

from kviboard.domain.formatting import listed

_DENYING = {  # "not good" is not "good"
    "en": "no not nor cannot never",
    "de": "nicht kein keine keinen nie ohne",
    "nl": "niet geen nooit zonder",
    "fr": "pas ne sans jamais",
    "es": "no sin nunca ni",
    "it": "non senza mai",
    "pt": "não nao sem nunca nem",
    "pt-BR": "não nao sem nunca nem",
    "sv": "inte ingen aldrig utan",
    "da": "ikke ingen aldrig uden",
    "no": "ikke ingen aldri uten",
    "pl": "nie bez nigdy",
}


_TELLING = 4  # words of another language that stand out: of fewer some are words of the company's own, too


@cache
def stop_words(languages: tuple[str, ...]) -> frozenset[str]:
    """The stop words of languages by their codes; those that deny something are none."""
    found = {word for language in languages for word in stopwords.get_stopwords(language)}
    denying = {word for language in languages for word in _DENYING.get(language, "").split()}
    return frozenset(word.lower().replace("’", "'") for word in found if not word.endswith("n't")) - denying


def fillers_in_words(words: Collection[str], languages: tuple[str, ...]) -> str:
    """What to do where words that stand out are mere stop words of a language that nobody named; else empty."""
    others = (code for code in stopwords.LANGUAGE_MAPPING if code not in languages)
    found = {code: [word for word in words if word in stop_words((code,))] for code in others}
    code = max(found, key=lambda each: len(found[each]))
    if len(found[code]) < _TELLING:
        return ""
    examples = listed([f"“{word}”" for word in found[code][:_TELLING]])
    language = stopwords.LANGUAGE_MAPPING[code].capitalize()
    return (
        f'{examples} say nothing by themselves in {language}: with "{code}" among [company] languages in kviboard.toml '
        "such words are left out."
    )
