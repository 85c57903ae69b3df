"""Words that say nothing by themselves, in the company's languages."""

from functools import cache

import stopwords

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


@cache
def stop_words(languages: tuple[str, ...]) -> frozenset[str]:
    """The stop words of languages by their codes; those that deny something are none."""
    found = {word for language in languages for word in stopwords.get_stopwords(language)}
    denying = {word for language in languages for word in _DENYING.get(language, "").split()}
    return frozenset(word.lower().replace("’", "'") for word in found if not word.endswith("n't")) - denying
