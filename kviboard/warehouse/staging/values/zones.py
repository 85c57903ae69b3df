"""Time zones as exports name them: at the end of a value (Z, +02:00, PST, Europe/Berlin) or in a column's name."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from kviboard.warehouse.engine import literal

ALWAYS_UTC = ("UTC", "Etc/UTC", "Etc/GMT")
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AaPp]\.?[Mm]\b\.?)?"
_SUFFIX = rf"{_CLOCK}\s*((?:[A-Za-z]|[(\[]|[+−-]\d)[^:]*(?::\d\d)?[^:]*)$"
_OFFSET = r"(?i)^(?:utc|gmt)?\s*([+−-])(\d{1,2})(?::?(\d{2}))?(?:\s*[(\[a-z].*)?$"
_NO_ZONES = {"AM", "PM", "A.M.", "P.M.", "UHR", "H", "HRS"}
_FIXED = {  # minutes east of Greenwich
    "Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEST": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120,
    "EET": 120, "EEST": 180, "MSK": 180, "TRT": 180, "EAT": 180, "SAST": 120, "WAT": 60, "GST": 240, "PKT": 300,
    "WIB": 420, "SGT": 480, "HKT": 480, "PHT": 480, "AWST": 480, "JST": 540, "KST": 540, "ACST": 570, "AEST": 600,
    "ACDT": 630, "AEDT": 660, "NZST": 720, "NZDT": 780, "BRT": -180, "ART": -180, "NST": -210, "NDT": -150,
    "EST": -300, "EDT": -240, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540,
    "AKDT": -480, "HST": -600,
}  # fmt: skip
_PLACES = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
}  # fmt: skip
_SEVERAL = {
    "CST": ("America/Chicago", "Asia/Shanghai"), "IST": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "BST": ("Europe/London", "Asia/Dhaka"), "AST": ("America/Halifax", "Asia/Riyadh"),
}  # fmt: skip
_BY_NAME = {name.upper(): name for name in available_timezones() if "/" in name}
_IN_BRACKETS = re.compile(r"[(\[]\s*([A-Za-z_]+(?:/[A-Za-z_]+)*(?:\s*[+−-]\d{1,2}(?::?\d{2})?)?)\s*[)\]]")
_AT_THE_END = re.compile(r"[a-z](U(?:TC|tc)|GMT|Gmt)$")
_WORDS = re.compile(r"[A-Za-z]+")
_PLAIN_IN_A_NAME = (  # others are words, too: Datum ist, Art
    "UTC", "GMT", "CET", "CEST", "MEZ", "MESZ", "BST", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "JST",
)  # fmt: skip
UNIVERSAL = ("Z", "UTC", "GMT", "UT")


class SeveralZonesError(Exception):
    """A zone's short name is used in several places; carries the name and the places."""

    def __init__(self, name: str, places: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name, self.places = name, places


@dataclass(frozen=True)
class Zones:
    """The zones that a column's values name: minutes east of Greenwich or a place by suffix, in capitals.

    `own` is the zone of values that name none. `has_offsets`: some end in a distance such as +02:00.
    """

    minutes: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    has_offsets: bool = False
    own: str | None = None

    @property
    def in_values(self) -> bool:
        """Whether any value names its zone."""
        return bool(self.minutes or self.places or self.has_offsets)


def zone_suffix(value: str) -> str:
    """SQL: what follows the time of day at the end of a text, in capitals; empty for nothing."""
    return f"upper(trim(regexp_extract({value}, {literal(_SUFFIX)}, 1)))"


def without_suffix(value: str, zones: Zones) -> str:
    """SQL: the text without the zone at its end, where that is one of `zones`."""
    if not zones.in_values:
        return value
    start = f"trim(left({value}, length({value}) - length(regexp_extract({value}, {literal(_SUFFIX)}, 1))))"
    return f"case when {_is_known(value, zones)} then {start} else {value} end"


def in_company_time(local: str, value: str, zones: Zones, company: str) -> str:
    """SQL: the company's time of a local one, `value` being the text with its zone."""
    own = local
    if zones.own and zones.own != company:
        moved = f"timezone({literal(company)}, timezone({literal(zones.own)}, {local}))"
        own = f"case when contains({value}, ':') then {moved} else {local} end"
    if not zones.in_values:
        return own
    minutes, place = _minutes_of(value, zones), _case(zone_suffix(value), zones.places, literal)
    from_utc = f"timezone({literal(company)}, timezone('UTC', {local} - to_minutes({minutes})))"
    from_place = f"timezone({literal(company)}, timezone({place}, {local}))"
    cases = f"when {minutes} is not null then {from_utc}"
    if zones.places:
        cases += f" when {place} is not null then {from_place}"
    return f"case {cases} else {own} end"


def resolve(suffixes: Iterable[str], home: str, is_given: bool) -> Zones:
    """The zones that suffixes, in capitals, stand for; those that are none are left out.

    `home` decides between places that share a short name, and where it `is_given` for the export what any short name
    that it uses means. Raises SeveralZonesError where it does not.
    """
    minutes: dict[str, int] = {}
    places: dict[str, str] = {}
    has_offsets = False
    known = set(suffixes)
    at_home = _short_names(home)
    for suffix in known - _NO_ZONES:
        name = suffix.strip("()[] ")
        if re.match(_OFFSET, suffix):
            has_offsets = True
        elif name in at_home and is_given:
            places[suffix] = home
        elif name in at_home and name in _SEVERAL:
            minutes[suffix] = at_home[name]
        elif name in _FIXED:
            minutes[suffix] = _FIXED[name]
        elif name in _PLACES or name in _BY_NAME:
            places[suffix] = _PLACES.get(name) or _BY_NAME[name]
        elif name in _SEVERAL:
            minutes[suffix] = _decided_by_others(name, known)
    return Zones(minutes, places, has_offsets)


def zone_in_name(column: str, home: str) -> str | None:
    """The zone that a column's name tells, as "Created (UTC)" or "time_pst"; None for none.

    Short names mean the place, with its summer time. Raises SeveralZonesError.
    """
    found = [*_IN_BRACKETS.findall(column), *_AT_THE_END.findall(column)]
    found += ["UTC"] if "universal time" in column.casefold() or column.casefold().startswith("zulu") else []
    found += [word for word in _WORDS.findall(column.replace("_", " ")) if word.upper() in _PLAIN_IN_A_NAME]
    for name in (each.upper().strip() for each in found):
        if offset := re.match(_OFFSET, name):
            hours = int(offset[2]) * (1 if offset[1] == "+" else -1)
            return f"Etc/GMT{-hours:+d}" if not offset[3] or offset[3] == "00" else None
        zones = resolve([name], home, is_given=True)
        if name in zones.places:
            return zones.places[name]
        if name in zones.minutes:
            return _place_of(name, zones.minutes[name])
    return None


def zone_called(text: str, home: str) -> str | None:
    """The zone that a text stands for, as "America/New_York", PST, -08:00 or GMT+1; None for none."""
    is_offset = re.match(r"[+−-]\d", text)
    return zone_in_name(f"({'UTC' if is_offset else ''}{text})", home)


def _place_of(name: str, minutes: int) -> str | None:
    """A zone for a short name in a column's name: with summer time where the place has it."""
    usual = {
        "CET": "Europe/Berlin", "CEST": "Europe/Berlin", "MEZ": "Europe/Berlin", "MESZ": "Europe/Berlin",
        "WET": "Europe/Lisbon", "EET": "Europe/Helsinki", "EST": "America/New_York", "EDT": "America/New_York",
        "CDT": "America/Chicago", "MST": "America/Denver", "MDT": "America/Denver", "PST": "America/Los_Angeles",
        "PDT": "America/Los_Angeles", "AEST": "Australia/Sydney", "AEDT": "Australia/Sydney",
    }.get(name)  # fmt: skip
    return usual or ("UTC" if minutes == 0 else f"Etc/GMT{-minutes // 60:+d}" if minutes % 60 == 0 else None)


def _short_names(zone: str) -> dict[str, int]:
    """What a place's clocks are called in winter and in summer, with their minutes east of Greenwich."""
    moments = [datetime(2025, month, 15, 12, tzinfo=ZoneInfo(zone)) for month in (1, 7)]
    return {(moment.tzname() or "").upper(): int((moment.utcoffset() or moment - moment).total_seconds() // 60)
            for moment in moments}  # fmt: skip


def _decided_by_others(name: str, known: set[str]) -> int:
    """The minutes of a short name that several places share, where another name in the column tells which it is."""
    if name == "CST" and known & {"CDT", "EST", "EDT", "MST", "MDT", "PST", "PDT"}:
        return -360
    if name == "BST" and "GMT" in known:
        return 60
    raise SeveralZonesError(name, _SEVERAL[name])


def _is_known(value: str, zones: Zones) -> str:
    suffix = zone_suffix(value)
    named = [*zones.minutes, *zones.places]
    tests = [f"{suffix} in ({', '.join(map(literal, named))})"] if named else []
    tests += [f"regexp_matches({suffix}, {literal(_OFFSET)})"] if zones.has_offsets else []
    return f"({' or '.join(tests)})"


def _minutes_of(value: str, zones: Zones) -> str:
    """SQL: minutes east of Greenwich of the value's zone; null where it has none, or that of a place."""
    suffix = zone_suffix(value)
    named = _case(suffix, zones.minutes, str)
    if not zones.has_offsets:
        return named

    def part(place: int) -> str:
        return f"regexp_extract({suffix}, {literal(_OFFSET)}, {place})"

    size = f"try_cast({part(2)} as integer) * 60 + coalesce(try_cast({part(3)} as integer), 0)"
    return f"coalesce({named}, case when {part(1)} = '+' then {size} when {part(1)} <> '' then -({size}) end)"


def _case(value: str, of: Mapping[str, object], write: object) -> str:
    cases = "".join(f" when {literal(key)} then {write(each)}" for key, each in of.items())  # type: ignore[operator]
    return f"case {value}{cases} end" if cases else "null"
