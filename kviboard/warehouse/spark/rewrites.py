"""Expressions of DuckDB's that mean something else on Spark unless they are written as here: a function for each.

A function is given an expression whose parts are Spark's already. It returns what Spark says for it, or None where that
is not known to give the same.
"""

import re
from collections.abc import Callable

import sqlglot
from sqlglot import exp

_BEGINNINGS = ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
_STEPS = ("DAY", "DAYS", "WEEK", "WEEKS", "MONTH", "MONTHS", "YEAR", "YEARS")
_DAYS_AND_WEEKS = _STEPS[:4]
_BLANKS = "".join(map(chr, (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))
_FRACTIONS = ("double", "float", "timestamp")  # written otherwise as text
_PATTERN = re.compile(
    r"(?:(?:\((?:\?:)?(?!\?)|[A-Za-z0-9 _:/,|^$)-]|\\[.dD+\\/()-]|\[[A-Za-z0-9., +_-]+\])"
    r"(?:(?:[*+?]|\{\d+(?:,\d*)?\})\??(?![*+?{]))?)+"
)
"""What is alike in RE2 and in Java, but for the end of a text."""
_CHARACTERS = re.compile(r"\[\^?(?:[^\[\]\\&^-]|\\[pP]\{[A-Z][a-z]?\}|\\[nrt])+\]\+?")  # alike in RE2 and in Java


def _trim(node: exp.Expr) -> exp.Expr | None:
    """DuckDB's takes all of Unicode's blanks away, Spark's only the first of them."""
    if node.args.get("position"):
        return None
    if node.expression:
        parts = list(node.expression.flatten()) if isinstance(node.expression, exp.DPipe) else [node.expression]
        given = "".join(part.name for part in parts if isinstance(part, exp.Literal))
        is_given = all(isinstance(part, exp.Literal) and part.is_string for part in parts)
        return exp.Trim(this=node.this, expression=exp.Literal.string(given), position="BOTH") if is_given else None
    return exp.Trim(this=node.this, expression=exp.Literal.string(_BLANKS), position="BOTH")


def _lower(node: exp.Expr) -> exp.Expr:
    """Spark makes two letters of one, and looks at where in a word a sigma stands."""
    return exp.Lower(this=exp.func("translate", node.this, exp.Literal.string("İΣ"), exp.Literal.string("iσ")))


def _regexp_replace(node: exp.Expr) -> exp.Expr | None:
    pattern, new = node.args["expression"], node.args["replacement"]
    is_plain = isinstance(pattern, exp.Literal) and _CHARACTERS.fullmatch(pattern.name)
    is_text = isinstance(new, exp.Literal) and not set(new.name) & set("\\$")
    modifiers = node.args.get("modifiers")
    if not (is_plain and is_text and modifiers and modifiers.name == "g"):
        return None
    return exp.func("regexp_replace", node.this, pattern, new)


def _letters(node: exp.Expr) -> exp.Expr | None:
    """Letter by letter, and without those that have no other: both mean the same where these are given."""
    return node if all(isinstance(each, exp.Literal) for each in (node.args["from_"], node.args["to"])) else None


def _cast(node: exp.Expr) -> exp.Expr | None:
    """To a whole number DuckDB rounds, a double to the even one, where Spark cuts."""
    value, target = node.this, node.args["to"].this
    if target in (exp.DType.INT, exp.DType.BIGINT):
        rounded = "if(typeof({0}) in ('double', 'float'), bround({0}), round({0}))"
        return exp.Cast(this=_spark(rounded, value), to=node.args["to"])
    if target == exp.DType.DECIMAL and node.args["to"].expressions:
        return exp.Cast(this=_unless(value, "double", "float", "string"), to=node.args["to"])
    if target == exp.DType.TEXT:
        return node if isinstance(value, exp.Null) else exp.Cast(this=_unless(value, *_FRACTIONS), to=node.args["to"])
    is_same = target in (exp.DType.DATE, exp.DType.TIMESTAMPNTZ, exp.DType.DOUBLE, exp.DType.BOOLEAN)
    return node if is_same else None


def _try_cast(node: exp.Expr) -> exp.Expr | None:
    """Of numbers only: which texts are numbers the two see differently."""
    if node.args["to"].this != exp.DType.DOUBLE:
        return None
    return exp.Cast(this=_unless(node.this, "string"), to=node.args["to"])


def _unless(value: exp.Expr, *kinds: str) -> exp.Expr:
    """A value whose type is none of `kinds`, of which the two make something else."""
    named = ", ".join(f"'{kind}'" for kind in kinds)
    return _spark(
        f"if(typeof({{0}}) in ({named}), raise_error('A fraction or a text is made something else.'), {{0}})", value
    )


def _regexp_matches(node: exp.Expr) -> exp.Expr | None:
    """Whether a pattern is found. A dollar is the very end, which Spark's is not where a line ends there."""
    pattern = node.args["expression"]
    if node.args.get("flag") or not isinstance(pattern, exp.Literal) or not _PATTERN.fullmatch(pattern.name):
        return None
    ends = re.sub(r"(\\.|\[[^\]]*\])|\$", lambda found: found[1] or r"\z", pattern.name)
    return exp.func("regexp", node.this, exp.Literal.string(ends))


def _substring(node: exp.Expr) -> exp.Expr | None:
    start = node.args.get("start")
    return node if isinstance(start, exp.Literal) and start.is_int and int(start.name) > 0 else None


def _chr(node: exp.Expr) -> exp.Expr | None:
    codes = node.expressions
    is_given = len(codes) == 1 and isinstance(codes[0], exp.Literal) and codes[0].is_int
    return exp.Literal.string(chr(int(codes[0].name))) if is_given else None


def _floor(node: exp.Expr) -> exp.Expr | None:
    """A double stays one; from 2 ** 53 on each is whole."""
    if node.args.get("decimals"):
        return None
    whole = "if(typeof({0}) in ('double', 'float'), if(abs({0}) < 9e15, floor({0}), {0}), floor({0}))"
    return _spark(whole, node.this)


def _arg_min(node: exp.Expr) -> exp.Expr | None:
    """Of the rows that have a value."""
    if node.args.get("count"):
        return None
    return _spark("min_by({0}, if({0} is null, null, {1}))", node.this, node.expression)


def _tuple(node: exp.Expr) -> exp.Expr:
    return _hash(*node.expressions)


def _div(node: exp.Expr) -> exp.Expr | None:
    """By what is never 0: there DuckDB gives nothing, Spark an error."""
    return node if _is_positive(node.expression) else None


def _is_positive(value: exp.Expr) -> bool:
    if isinstance(value, exp.Paren | exp.Subquery):
        inner = value.this
        is_sole = isinstance(inner, exp.Select) and len(inner.selects) == 1 and not inner.args.get("where")
        return _is_positive(inner.selects[0] if is_sole and isinstance(inner, exp.Select) else inner)
    if isinstance(value, exp.Greatest):
        return any(map(_is_positive, (value.this, *value.expressions)))
    return isinstance(value, exp.Literal) and not value.is_string and float(value.name) > 0


def _limit(node: exp.Expr) -> exp.Expr | None:
    """Only where all rows are the same: which ones come first is not said."""
    select = node.parent
    is_alike = isinstance(select, exp.Select) and all(
        isinstance(each.unalias(), exp.Literal) for each in select.selects
    )
    return node if is_alike and isinstance(node.expression, exp.Literal) else None


def _by_name(node: exp.Expr) -> exp.Expr | None:
    """Functions that sqlglot knows by name only."""
    function = _NAMED.get(str(node.this).lower())
    return function(*node.expressions) if function else None


def _timezone(zone: exp.Expr, value: exp.Expr) -> exp.Expr | None:
    """The local time of a moment; not the moment of a local time, of which there are two or none twice a year."""
    if not isinstance(zone, exp.Literal):
        return None
    moment = "if(typeof({0}) = 'timestamp', {0}, raise_error('A local time is no moment.'))"
    return _spark(f"cast(from_utc_timestamp({moment}, {{1}}) as timestamp_ntz)", value, zone)


def _hash(*values: exp.Expr) -> exp.Expr:
    """What tells rows apart: the values themselves, of which no two are one by chance. As one value: of a bare struct
    Spark makes several where it is looked for in a list."""
    named = ", ".join(f"'value_{place}', {{{place}}}" for place in range(len(values)))
    return _spark(f"coalesce(named_struct({named}))", *values)


def _list_position(values: exp.Expr, value: exp.Expr) -> exp.Expr | None:
    if not isinstance(values, exp.Array) or not all(isinstance(each, exp.Literal) for each in values.expressions):
        return None
    return _spark("nullif(cast(array_position({0}, {1}) as int), 0)", values, value)


_NAMED: dict[str, Callable[..., exp.Expr | None]] = {
    "hash": _hash,
    "list_position": _list_position,
    "strlen": lambda text: exp.func("octet_length", text),
    "timezone": _timezone,
}


def _date_diff(node: exp.Expr) -> exp.Expr | None:
    """DuckDB counts the borders between days or months, Spark whole ones that have passed."""
    end, start = (exp.cast(side, "date") for side in (node.this, node.expression))
    unit = node.args["unit"].name.upper()
    if unit == "DAY":
        return _spark("cast(datediff({0}, {1}) as bigint)", end, start)
    if unit == "MONTH":
        return _spark("cast(12 * (year({0}) - year({1})) + month({0}) - month({1}) as bigint)", end, start)
    return None


def _date_trunc(node: exp.Expr) -> exp.Expr | None:
    unit = node.args["unit"].name.upper()
    if unit not in _BEGINNINGS:
        return None
    return _spark(f"cast(date_trunc('{unit}', {{0}}) as timestamp_ntz)", node.this)


def _extract(node: exp.Expr) -> exp.Expr | None:
    return node if node.this.name.upper() in ("DAY", "MONTH", "QUARTER", "YEAR") else None


def _interval(node: exp.Expr) -> exp.Expr | None:
    unit = node.args.get("unit")
    return node if isinstance(node.this, exp.Literal) and unit and unit.name.upper() in _STEPS else None


def _generate_series(node: exp.Expr) -> exp.Expr | None:
    """Days from the first to the last: none where that lies before, which Spark refuses to count. Steps of months begin
    on the first of one: from the 31st the two count otherwise."""
    start, end, step = (node.args.get(key) or exp.Null() for key in ("start", "end", "step"))
    unit = step.args["unit"].name.upper() if isinstance(step, exp.Interval) else ""
    begins = start
    while isinstance(begins, exp.Cast):
        begins = begins.this
    if unit not in _DAYS_AND_WEEKS and not (unit and isinstance(begins, exp.TimestampTrunc)):
        return None
    return _spark("if({0} <= {1}, sequence({0}, {1}, {2}), null)", start, end, step)


def _spark(text: str, *values: exp.Expr) -> exp.Expr:
    """An expression of Spark's with values put in."""
    names = [f"value_{position}" for position in range(len(values))]
    found: exp.Expr = sqlglot.parse_one(text.format(*names), dialect="spark")
    for column in list(found.find_all(exp.Column)):
        column.replace(values[names.index(column.name)].copy())
    return found


REWRITES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr | None]] = {
    exp.Trim: _trim,
    exp.Lower: _lower,
    exp.RegexpReplace: _regexp_replace,
    exp.Translate: _letters,
    exp.Cast: _cast,
    exp.TryCast: _try_cast,
    exp.RegexpLike: _regexp_matches,
    exp.Substring: _substring,
    exp.Div: _div,
    exp.Limit: _limit,
    exp.Anonymous: _by_name,
    exp.ArgMin: _arg_min,
    exp.Tuple: _tuple,
    exp.Chr: _chr,
    exp.Floor: _floor,
    exp.DateDiff: _date_diff,
    exp.TimestampTrunc: _date_trunc,
    exp.DateTrunc: _date_trunc,
    exp.Extract: _extract,
    exp.Interval: _interval,
    exp.GenerateSeries: _generate_series,
}
