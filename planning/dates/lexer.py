"""Where a date expression may start, and which rule reads the piece that starts there."""

import re
from collections.abc import Callable
from functools import cache

from planning.dates import (
    clock,
    clock_en,
    days_en,
    days_zh,
    every,
    every_en,
    holidays,
    lunar,
    months_en,
    months_zh,
    numeric,
    offsets,
    periods_en,
    periods_zh,
    runs,
    spans_en,
)
from planning.dates.pieces import Moment, Piece
from planning.dates.words import compiled

Build = Callable[[re.Match[str], Moment], Piece | None]
Rule = tuple[re.Pattern[str], Build]
Listed = tuple[str, str, Build]  # the characters it may start with, its regular expression, what it makes of a match

_ORDER: tuple[tuple[Listed, ...], ...] = (
    every.RULES,
    every_en.EN_RULES,
    lunar.RULES,
    numeric.RULES,
    holidays.RULES,
    runs.RULES,
    runs.EN_RULES,
    offsets.RULES,
    offsets.EN_RULES,
    days_zh.SAME_RULES,
    months_zh.RULES,
    periods_zh.RULES,
    days_zh.RULES,
    clock_en.RANGE_RULES,
    spans_en.EN_RULES,
    clock.COLON_RULES,
    clock.RULES,
    months_en.EN_RULES,
    periods_en.EN_RULES,
    months_en.LATER_RULES,
    days_en.EN_RULES,
    clock_en.EN_RULES,
    holidays.EN_RULES,
    months_zh.DAY_RULES,
    numeric.SHORT_RULES,
)
_ENGLISH = (
    every_en.EN_RULES,
    runs.EN_RULES,
    offsets.EN_RULES,
    clock_en.RANGE_RULES,
    spans_en.EN_RULES,
    months_en.EN_RULES,
    periods_en.EN_RULES,
    months_en.LATER_RULES,
    days_en.EN_RULES,
    clock_en.EN_RULES,
    holidays.EN_RULES,
)
_THINGS = " ?[件款台套张条份名位元块页箱批项种]"
_FIGURES = (
    rf"\d+(?:(?P<things>{_THINGS})|(?P<zh>[^\x00-\x7f])"
    r"|(?P<colon>:[0-5]\d(?=$|[^\x00-\x7f]| [^ a-z\d~-])))?"
)


@cache
def _rules(char: str, after: str | None = None) -> tuple[Rule, ...]:
    """The rules that may read a piece beginning with ``char``, compiled when the first such piece is met.

    after: what follows a figure: ``zh`` a Chinese character, ``colon`` the minutes of a time.
    """
    order = _ORDER if after != "colon" else (clock.COLON_RULES,)
    return tuple(
        (compiled(pattern), build)
        for rules in order
        if after is None or rules not in _ENGLISH
        for starts, pattern, build in rules
        if char in starts
    )


@cache
def _may(char: str, after: str | None = None) -> re.Pattern[str] | None:
    """All of those in one: where it does not match, none of them does. None: they cannot be put together."""
    patterns = [pattern.pattern for pattern, _ in _rules(char, after)]
    if any("(?P=" in pattern for pattern in patterns):
        return None
    return re.compile("|".join(_NAMED.sub("(?:", f"(?:{pattern})") for pattern in patterns))


_NAMED = re.compile(r"\(\?P<\w+>")
_EN_STARTS = (
    r"(?:today|tod|tdy|tom[mo]|tom(?= )|2mrw|tmr|tmw|tonig|tonit|2day|2moro|yest|overm|jan|feb|mar|apr|may"
    r"|jun|jul|aug|sep|oct|nov"
    r"|dec"
    r"|mon|tue|wed|thu|fri|sat|sun|next|this|last|coming|upcoming|current|following|previous|past|within|before work"
    r"|same time|after|every"
    r"|each|weekly"
    r"|daily|monthly|biweek|bi-week|fortnight|quarter|yearly|year[ -]end|month[ -]end|annual|weekdays"
    r"|weekend(?=$|s)|everyday|hourly|business days|workdays|working days|w/c|half|noon|mid|morning|afternoon|evening"
    r"|night"
    r"|(?<=timer )for|(?<=alarm )for|(?:week|wk|cw|kw) ?#?\d|calendar week|h[12](?=[ -]?20\d\d)"
    r"|lunch|eo[dwmqynb]|cob|close of|end|begin|start|early|late|fifteen|twenty|thirty|twelfth|eleventh|tenth|ninth"
    r"|eighth"
    r"|seventh|sixth|(?:thir|four|fif|six|seven|eigh|nine)teenth|ash w|palm s|armist|groundhog|patriot|saint pat"
    r"|singles|women's|children's|christmas|xmas|new year"
    r"|valentine|week of"
    r"|halloween"
    r"|thanks|good fri|boxing|earth|april|st pat|st\. pat|veteran|president|columbus|juneteenth|cyber|black"
    r"|mother|father|memorial|labor|indep|easter|spring f|chinese n|lunar|dragon|national|first|second"
    r"|third"
    r"|fourth|fifth|right now|once|couple|few|rest of|(?:by|since|until|during|before|middle of"
    r"|at (?:the )?(?:end|start|beginning) of) (?:the )?(?:year )?20\d\d"
    r"|(?:the|day|in|on|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a|an|now|for the|over the|ev|few"
    r"|q[1-4])(?![a-z]))"
)
_STARTERS = frozenset("".join(starts for rules in _ORDER for starts, _, _ in rules))
_ZH_STARTS = "".join(sorted(char for char in _STARTERS if char > "\x7f"))
_START = (
    rf"(?=[{''.join(sorted(_STARTERS))}])"  # one look at each character that can be none
    rf"(?:(?<![a-z]){_EN_STARTS}|[{_ZH_STARTS}]|(?<![a-z\d])[0-9](?!\d*(?:%|{_THINGS}))"
    r"|(?<=[a-z])[0-9](?=\d{0,3}[年月日号点:/.-]))"
)
_NUMERAL_RUN = r"[零〇一二两三四五六七八九十廿卅百]+|\d+(?:[.:/-]\d+)*"


def start_from(text: str, pos: int) -> int:
    """Where the next expression could start, -1 when nowhere."""
    found = compiled(_START).search(text, pos)
    return found.start() if found else -1


def piece_at(text: str, pos: int, at: Moment) -> tuple[Piece, int] | None:
    """The piece that begins exactly at ``pos`` and the place it ends."""
    if pos >= len(text) or (char := text[pos]) not in _STARTERS:
        return None
    figures = compiled(_FIGURES).match(text, pos) if char.isdecimal() else None
    after = figures.lastgroup if figures else None
    if after == "things":  # 36 件
        return None
    may = _may(char, after)
    if may is not None and may.match(text, pos) is None:
        return None
    for pattern, build in _rules(char, after):
        found = pattern.match(text, pos)
        if found is not None and found.end() > pos:
            piece = build(found, at)
            if piece is not None:
                return piece, found.end()
    return None


def skip(text: str, pos: int) -> int:
    """Past a numeral whose start was no date: its tail is none either."""
    run = compiled(_NUMERAL_RUN).match(text, pos)
    return run.end() if run else pos + 1
