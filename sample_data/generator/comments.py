"""What customers write beside their score: phrases by band and theme, combined so that few comments are alike."""

from collections.abc import Sequence

from generator.days import index_of
from generator.truths import LIFT_ON, PRICE_CHANGE_ON, PRICE_CHANGE_SEGMENT

Words = Sequence[str]

WRITES = {"promoter": 0.36, "passive": 0.30, "detractor": 0.58}

OPENERS: dict[str, Words] = {
    "promoter": ("", "", "", "Love it. ", "Honestly, ", "After a year with Kettle: ", "What a relief: ",
                 "Small thing, big smile: ", "Told my neighbours already. ", "Well done. ", "My tip for everyone: "),
    "passive": ("", "", "Fine so far. ", "Mostly good, ", "Does the job: ", "Not bad. ", "Good idea, "),
    "detractor": ("", "", "Sorry, but ", "Disappointed: ", "I had hoped for more. ", "Second time I write this: ",
                  "To be frank, ", "We are thinking of leaving. "),
}  # fmt: skip

THEMES: dict[str, Words] = {
    "promoter": (
        "I finally understand my energy bill",
        "the monthly bill is explained so that even my father gets it",
        "we saved enough in spring to pay for the holidays",
        "our bill went down by a fifth without any effort",
        "the tips are short and they really fit our house",
        "support answered within minutes and was kind",
        "the person on the chat knew our heat pump better than we do",
        "setting it up took one cup of tea",
        "no fear of the winter bill any more",
        "the children turn the lights off by themselves since they see the little kettle",
        "washing when the wind blows has become a family sport",
        "clear, calm and never pushy",
        "it warns us before we use too much, not after",
        "I recommend it to everyone in our street",
    ),
    "promoter_new": (
        "tomorrow's cheap hours on the first screen are worth gold",
        "I look at the cheap hours every evening and plan the laundry",
        "since cheap hours came to the home screen we use it every day",
        "the cheap hours make it easy: one look and I know when to charge the car",
    ),
    "promoter_work": (
        "we moved the ovens to the cheap hours and see it on every bill",
        "one overview for all our sites, finally",
        "our accountant loves the yearly statement",
    ),
    "passive": (
        "I would like to compare with last winter",
        "it could show the solar panels on one page with the rest",
        "the tips repeat themselves after a while",
        "a widget for my phone would help",
        "the reminders come a bit early in the morning",
        "I still open the old portal for the gas figures",
        "the chart is nice but I miss the euros",
        "a dark screen for the evening, please",
        "good, though I do not look at it often",
    ),
    "detractor": (
        "the meter connection drops every week",
        "the meter was offline for days and nobody told me",
        "figures arrive a day late, then the cheap hours are over",
        "the bill and the app show different numbers",
        "I do not understand the advance payment on the bill",
        "the app is slow and logs me out",
        "I waited four days for an answer",
        "three people at support, three different answers",
        "too many notifications and no way to choose",
        "the saving you promised never came",
    ),
    "price": (
        "the new price is hard to explain to my partner in the shop",
        "eighteen per cent more for the same service",
        "the price increase came with three weeks' notice, that is no way to treat a small business",
        "we pay more than before and got nothing for it",
        "too expensive now for a small bakery like ours",
        "with the new price the saving is gone",
        "I feel punished for being a loyal customer",
        "the old price was fair, this one is not",
    ),
}

AT_TOUCHPOINT: dict[str, dict[str, Words]] = {
    "Sign-up": {
        "promoter": ("signed up in five minutes", "the welcome call answered everything", "switching was painless"),
        "passive": ("the meter number was hard to find", "one form less would be nice"),
        "detractor": ("had to enter our address three times", "the welcome mail came after a week"),
    },
    "Support chat": {
        "promoter": ("problem solved in one chat", "friendly and quick, thank you", "they called back as promised"),
        "passive": ("helpful, but I had to wait", "solved in the end"),
        "detractor": ("was sent from one desk to the next", "the chat closed while I was typing", "still not solved"),
    },
    "Delivery": {
        "promoter": ("parcel came the next day", "plugs work out of the box", "less cardboard than usual, thank you"),
        "passive": ("delivered next door, found it anyway", "came a day later than planned"),
        "detractor": ("the parcel was lost for a week", "wrong plug for our country"),
    },
    "Installation visit": {
        "promoter": ("the fitter was on time and explained everything", "clean work, quick and friendly"),
        "passive": ("good work, but the time slot was the whole day", "had to move the appointment once"),
        "detractor": ("nobody came in the agreed time slot", "took a day off and the fitter did not show up",
                      "the fitter had the wrong part and had to come again", "waited three weeks for an appointment",
                      "the visit was moved twice by text message", "left a hole in the wall and no word about it"),
    },
}  # fmt: skip

CLOSERS: dict[str, Words] = {
    "promoter": (".", ".", "!", ". Thank you!", ". Keep it like this.",
                 ".\nGreetings from a warm kitchen", ', my mother says "finally".'),
    "passive": (".", ".", ". Perhaps next year?", ". Otherwise fine.", ", that is all."),
    "detractor": (".", ".", "!", ". Please fix this.", ".\nI expect an answer.",
                  '. Your "promise" reads differently.', ". Not again, please."),
}  # fmt: skip


SECOND_THOUGHT = 0.45  # share of the comments that name two things
JOINTS = ("; ", ", and ", " and ", " – ", "; besides, ")


def band_of(score: int) -> str:
    return "promoter" if score >= 9 else "passive" if score >= 7 else "detractor"


def comment_on(score: int, day: int, segment: int, touchpoint: str, draws: Sequence[float]) -> str:
    """A comment, or nothing. `draws`: six uniform numbers that decide whether and what."""
    band = band_of(score)
    writes, opener, themed, theme, closer, more = draws
    if writes >= WRITES[band]:
        return ""
    phrases = AT_TOUCHPOINT[touchpoint][band] if touchpoint else _phrases(band, day, segment, themed)
    first = _one(OPENERS[band], opener)
    words = _one(phrases, theme) if first.endswith((", ", ": ")) else _sentence(_one(phrases, theme))
    second = _one(phrases, more / SECOND_THOUGHT) if more < SECOND_THOUGHT else words
    if second.lower() != words.lower():
        words += _one(JOINTS, closer) + second
    return first + words + _one(CLOSERS[band], closer)


def _phrases(band: str, day: int, segment: int, draw: float) -> Words:
    """The themes follow the story: cheap hours since the release, prices since the price change."""
    if band == "detractor" and segment == PRICE_CHANGE_SEGMENT and day >= index_of(PRICE_CHANGE_ON) and draw < 0.66:
        return THEMES["price"]
    if band == "promoter" and segment > 0 and draw < 0.25:
        return THEMES["promoter_work"]
    if band == "promoter" and day >= index_of(LIFT_ON) and draw > 0.68:
        return THEMES["promoter_new"]
    return THEMES[band]


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _one(phrases: Words, draw: float) -> str:
    return phrases[int(draw * len(phrases))]
