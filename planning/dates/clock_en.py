"""English times of day: 3pm, noon, half past three, 2-4pm, ten thirty, 2.30pm, EOD."""

import re
from dataclasses import replace

from planning.dates.clock import at_hour, halves
from planning.dates.pieces import Clock, Moment
from planning.dates.words import compiled

_DOTTED = (
    r"(?<![\d.$#v/-])(?P<h>2[0-3]|[01]?\d)\.(?P<m>[0-5]\d)(?![\d.])(?:(?P<ap> ?[ap]\.?m(?![a-z])\.?)"
    r"|(?<=at \d\.\d\d)(?= ?(?:$|[,;!?]|\.(?!\d)))|(?<=at \d\d\.\d\d)(?= ?(?:$|[,;!?]|\.(?!\d))))"
)
_EN = (
    r"(?<![%#a-z])(?:(?P<half>half(?: past)?|(?:a )?quarter (?P<q>past|to|after|before)|(?P<n>[1-5]?[05]|[1-5]?\d"
    r"(?= min)|five"
    r"|ten|fifteen|twenty"
    r"|twenty-five)(?: min(?:ute)?s?)? (?P<way>past|to|till|after|before)) )?"
    r"(?P<h>1[0-2]|0?[1-9]|2[0-4]|1[3-9]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midday"
    r"|midnight)"
    r"(?: ?(?P<clock>o'?clock|ish))?"
    r"(?P<ap>[ap](?![a-z]|\.[a-z])| ?(?:[ap]\.? ?m(?![a-z])\.?|in the (?:morning|afternoon|evening|pm|am)|at night))?"
    r"(?![a-z\d:]|[.,/]\d)"
)
_EN_RUN = (
    r"(?<![\d.:/#%-])(?:(?P<h>1[0-2]|0?[1-9])(?P<m>[0-5]\d) ?(?P<ap>[ap]\.?m(?![a-z])\.?)"
    r"|(?<=at )(?P<h24>0\d|1[0-8]|2[1-3])(?P<m24>[0-5]\d)(?![\d:.a-z%]| [a-z]))"
)
_EN_ONE = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_EN_TEEN = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_EN_WORDS = (
    r"(?P<h>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[ -]"
    rf"(?P<m>(?:oh|o)[ -]{_EN_ONE}|{_EN_TEEN}|(?:twenty|thirty|forty|fifty)(?:[ -]{_EN_ONE})?)(?: minutes)?"
    r"(?P<ap> ?[ap]\.? ?m(?![a-z])\.?)?(?![a-z\d-])"
)
_EN_RANGE = (
    r"(?P<h>1[0-2]|0?[1-9])(?::(?P<m>[0-5]\d))? ?(?:-|~|to|until|till|–|and) ?(?P<h2>1[0-2]|0?[1-9])(?::"
    r"(?P<m2>[0-5]\d))? ?(?P<ap>[ap]\.?m(?![a-z])\.?|(?<=\d)[ap](?![a-z.]))"
)
_EN_HOURS = {
    word: n for n, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {"fifteen": 15, "twenty": 20, "twenty-five": 25}  # fmt: skip
_EN_TENS = {"oh": 0, "o": 0, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_EN_TEENS = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_EN_PART = (
    r"(?:in the |this |early |late |at )*(?P<part>morning|afternoon|evening|night|lunch(?:time)?|lunch)s?(?![a-z])(?! "
    r"(?:shift|owl|call|routine|break|menu))"
)
_EN_HALF = r"(?<=day )(?P<half>[ap])m(?![a-z])"
_EN_SPANS = {
    "morning": (8, 12),
    "afternoon": (13, 18),
    "evening": (18, 22),
    "night": (20, 24),
    "lunch": (12, 14),
    "lunchtime": (12, 14),
}
_EN_DAYEND = (
    r"(?:by )?(?:eod|eob|cob|close of business|end of business|close of play|(?:the )?end of (?:the )?(?:day"
    r"|business day|work ?day))(?![a-z])"
)


def _dotted(found: re.Match[str], at: Moment) -> Clock | None:
    """``2.30pm``, ``at 2.30.``"""
    return at_hour(int(found["h"]), int(found["m"]), halves(found))


def _en(found: re.Match[str], at: Moment) -> Clock | None:
    word, half = found["h"], halves(found)
    hour = {"noon": 12, "midday": 12, "midnight": 24}.get(word) or _EN_HOURS.get(word) or int(word)
    fixed = word in ("noon", "midday", "midnight")
    way = found["q"] or found["way"]
    counted = found["n"] and found["n"].isdecimal() and way in ("to", "before")  # bump from 5 to 6
    if not (fixed or half or found["clock"] or (found["half"] and not counted)) and not (
        _after_at(found, at) or (at.joined and _from_to(found))
    ):
        return None
    if fixed:
        half = None
    minutes = 0
    if found["half"]:
        n = found["n"]
        minutes = 30 if not way else 15 if found["q"] else int(n) if n.isdecimal() else _EN_HOURS[n]
        minutes = -minutes if way in ("to", "till", "before") else minutes
    clock = at_hour(hour, 0, half)
    if clock is None:
        return None
    minute = clock.minute + clock.carry * 1440 + minutes
    return Clock(minute % 1440, carry=minute // 1440, part=half, loose=clock.loose and not fixed)


BACK = 24
"""Letters around a figure that are looked at: enough for the longest word asked for."""
_TONIGHT = r",? (?:tonight|this (?:morning|afternoon|evening)|tomorrow (?:morning|afternoon|evening|night))"


def _from_to(found: re.Match[str]) -> bool:
    """The 9 of ``Monday from 9 to 10``."""
    text, start = found.string, found.start()
    return bool(
        compiled(r"(?<![a-z])(?:from|between) $").search(text[max(0, start - BACK) : start])
        and compiled(r" ?(?:to|-|till|until|and) ?\d{1,2}(?!\d|[/.-]\d)").match(text, found.end())
    )


def _after_at(found: re.Match[str], at: Moment) -> bool:
    """``at 5``, ``@ 5``, ``by 5`` at the end of a phrase; ``at 5 places`` is no hour.

    Beside a day, or first of all, an hour has something to be done after it: today at 5 call Bob, at 5 leave.
    """
    text, start = found.string, found.start()
    if compiled(_TONIGHT).match(text, found.end()):
        return True
    if not re.search(r"(?:(?<![a-z])(?:at|around|by|before)|(?<![^ (])@) ?$", text[max(0, start - BACK) : start]):
        return False
    first = compiled(r"^(?:at|@|by) $").match(text[:start])
    if (at.joined or first) and compiled(r" (?![a-z]+s(?![a-z]))[a-z]{3,}").match(text, found.end()):
        return True
    return not re.match(
        r" ?(?:[%\d]|(?!(?:on|in|this|next|and|for|with|to|tomorrow|today|tonight|sharp|by|or)\b)[a-z])",
        text[found.end() : found.end() + BACK],
    )


def _en_run(found: re.Match[str], at: Moment) -> Clock | None:
    """``1030am``, ``at 1430``."""
    if found["h24"]:
        clock = at_hour(int(found["h24"]), int(found["m24"]), None)
        return replace(clock, loose=False) if clock and found["h24"].startswith("0") else clock
    return at_hour(int(found["h"]), int(found["m"]), halves(found))


def _early(found: re.Match[str], at: Moment) -> Clock | None:
    """``Friday 0900``."""
    return Clock(int(found["h"]) * 60 + int(found["m"])) if at.joined else None


def _work(found: re.Match[str], at: Moment) -> Clock:
    """``after work``, ``before work``."""
    after = found["side"] == "after"
    return Clock(1080 if after else 540, part="evening" if after else None, role=None if after else "deadline")


def _same(found: re.Match[str], at: Moment) -> Clock:
    """``this time tomorrow``."""
    return Clock(at.minute)


def _en_words(found: re.Match[str], at: Moment) -> Clock | None:
    """``at ten thirty``, ``six forty-five pm``."""
    half = halves(found)
    ranged = compiled(r"(?<![a-z])(?:from|between|until|till|to|and|-) ?$").search(found.string[: found.start()])
    if not half and not ranged and not _after_at(found, at):
        return None
    tens, *ones = re.split("[ -]", found["m"])
    minute = (10 + _EN_TEENS.index(tens)) if tens in _EN_TEENS else _EN_TENS[tens]
    minute += _EN_HOURS[ones[0]] if ones else 0
    return at_hour(_EN_HOURS[found["h"]], minute, half)


def _en_range(found: re.Match[str], at: Moment) -> Clock | None:
    if " and " in found[0] and not found.string[: found.start()].endswith("between "):
        return None
    half = "afternoon" if found["ap"][0] == "p" else "morning"
    last = at_hour(int(found["h2"]), int(found["m2"] or 0), half)
    first = at_hour(int(found["h"]), int(found["m"] or 0), half)
    if first is None or last is None:
        return None
    start = first.minute if first.minute < last.minute else first.minute - 720
    return Clock(start % 1440, last.minute, part=half)


def _en_part(found: re.Match[str], at: Moment) -> Clock | None:
    if found[0][-1] == "s" and not found.string[: found.start()].endswith("day "):
        return None
    first, last = _EN_SPANS[found["part"]]
    part = {"morning": "morning", "afternoon": "afternoon", "lunch": "noon", "lunchtime": "noon"}.get(
        found["part"], "evening"
    )
    alone = found[0] == found.string and found[0] != "morning"
    weak = found[0].removesuffix("s") == found["part"] and not alone
    return Clock(first * 60, min(last * 60, 1439), part=part, vague=True, weak=weak)


def _en_half(found: re.Match[str], at: Moment) -> Clock:
    """Thursday AM."""
    part = "morning" if found["half"] == "a" else "afternoon"
    first, last = _EN_SPANS[part]
    return Clock(first * 60, last * 60, part=part, vague=True)


def _en_dayend(found: re.Match[str], at: Moment) -> Clock:
    return Clock(1080, part="afternoon", role="deadline")


_HOURS = r"(?P<h>1[3-9]|2[0-3])-(?P<h2>1[4-9]|2[0-4])(?![\d.:/-]|[^\x00-\x7f])"


def _hours(found: re.Match[str], at: Moment) -> Clock | None:
    """``fri 13-14``: beside a day, figures that are no month are hours."""
    first, last = int(found["h"]), int(found["h2"])
    return Clock(first * 60, min(last * 60, 1439)) if at.joined and first < last else None


RANGE_RULES = (
    ("12", _HOURS, _hours),
    ("0123456789", _EN_RANGE, _en_range),
    ("0123456789", _DOTTED, _dotted),
)
_EARLY = r"(?<=[a-z] )(?P<h>0\d)(?P<m>[0-5]\d)(?![\d:.,a-z%-]| [a-z])"
_WORK = r"(?P<side>after|before) work(?![a-z-])(?! (?:on|is|begins|starts|with|as))"
_SAME = r"(?:at )?(?:the )?(?:this|same) time (?=(?:on )?(?:tomorrow|next|mon|tue|wed|thu|fri|sat|sun))"
EN_RULES = (
    ("0", _EARLY, _early),
    ("ab", _WORK, _work),
    ("ats", _SAME, _same),
    ("0123456789", _EN_RUN, _en_run),
    ("otfsen", _EN_WORDS, _en_words),
    ("hqaftenosm0123456789", _EN, _en),
    ("itelamn", _EN_PART, _en_part),
    ("ap", _EN_HALF, _en_half),
    ("ectb", _EN_DAYEND, _en_dayend),
)
