"""What joins a day to a time, and the words that tell it from another: one phrase, without range and role words."""

from dataclasses import replace

from planning.dates.lexer import piece_at
from planning.dates.phrase import Phrase
from planning.dates.pieces import Clock, Moment
from planning.dates.relative import lasts, lead_of_time, leading, trail_of_time, trailing
from planning.dates.spans_en import lasting, lengthened
from planning.dates.words import compiled

_GLUE = (
    r" ?[,(·∙|]? ?(?:的?(?:大约|大概|约)|的|(?:北京|当地|本地)时间:? ?"
    r"|[-.:](?=\d{1,2}:\d\d)|at |(?:(?:[ecmp][sd]?t|gmt|utc|bst) )?on |of |in |@ ?"
    r"|(?:at )?(?:around|about|approximately"
    r"|approx\.?|roughly) |for |from |between |after |(?:no"
    r"|not) (?:later|earlier) than |by |before "
    r"|提醒(?:我们|我|他|她|大家)(?=(?:[早晚]上?|[上下中]午|凌晨|傍晚)?(?:\d{1,2}[点:]"
    r"|[一二两三四五六七八九十]{1,3}点))|(?=[^ ]))"
)
_BY = r"by |before |later than "
_ONWARDS = r"的?(?:(?P<day>当[天日]|那[天日])|(?P<night>当晚))"
_TRAILS = frozenset("的前后最第首头之以起开")
_LEADS = frozenset("0123456789tfslwdmnoaeh")


def extend(text: str, phrase: Phrase, at: Moment) -> None:
    """Take every further piece that adjoins and fits."""
    at = at._replace(joined=True)
    if phrase.day and text[phrase.stop : phrase.stop + 1] in ("当", "那", "的"):
        _onwards(text, phrase)
    while phrase.stop < len(text):
        if text[phrase.stop] in _TRAILS and phrase.day and not phrase.clock and _told(text, phrase, at):
            continue
        if _lasts(text, phrase, at):
            continue
        glue = compiled(_GLUE).match(text, phrase.stop)
        pos = glue.end() if glue else phrase.stop
        joined = False
        space = phrase.stop + (text[phrase.stop] == " ")
        for place in dict.fromkeys((pos, space, phrase.stop)):
            got = piece_at(text, place, at)
            if got is not None and phrase.join(got[0]):
                stop = got[1]
                if place > phrase.stop and compiled(_BY).search(text, phrase.stop, place):
                    phrase.limit = "within"
                closes = "(" in text[phrase.stop : place] and text[stop : stop + 1] == ")"
                phrase.stop = stop + closes
                joined = True
                break
        if not joined:
            return


def _lasts(text: str, phrase: Phrase, at: Moment) -> bool:
    """Take how long it lasts: from 9:30 「for two hours」, from Monday 「for 3 days」."""
    found = lasting(text, phrase.stop)
    if found is None or phrase.rule:
        return False
    unit, n, stop = found
    if unit == "minute":
        clock = phrase.clock and lengthened(phrase.clock, n)
        if not clock:
            return False
        phrase.clock = clock
    elif phrase.day and not phrase.clock and phrase.day.grain == "day" and not phrase.day.options[0][1]:
        phrase.day = lasts(n, unit, phrase.day, at)
    else:
        return False
    phrase.stop = stop
    return True


def _onwards(text: str, phrase: Phrase) -> None:
    """Take 当天 and 当晚 after a day: they are that day's."""
    found = compiled(_ONWARDS).match(text, phrase.stop)
    if found and phrase.day and phrase.day.minute is None and not phrase.day.options[0][1] and not phrase.clock:
        phrase.stop = found.end()
        if found["night"]:
            phrase.clock = Clock(1080, 1320, part="evening", vague=True)


def _shift_time(text: str, phrase: Phrase) -> None:
    """Take the words that tell another time from the phrase's own: 3点「前半小时」, 下班前「一小时」."""
    clock = phrase.clock
    if clock is None or clock.vague or phrase.rule or phrase.stop == len(text):
        return
    trail = trail_of_time(text, phrase.stop, clock.role == "deadline")
    if trail and 0 <= clock.minute + trail[0] < 1440:
        phrase.clock = replace(clock, minute=clock.minute + trail[0], end=None, role=None, weak=False)
        phrase.stop = trail[1]


def _told(text: str, phrase: Phrase, at: Moment) -> bool:
    """Take the words that tell another day from the phrase's own: 9月「最后五天」."""
    relation = phrase.day and trailing(text, phrase.stop, phrase.day)
    day = relation and phrase.day and relation[0](phrase.day, at)
    if not relation or not day:
        return False
    phrase.day, phrase.stop = day, relation[1]
    return True


def _led(text: str, pos: int, at: Moment) -> Phrase | None:
    """A phrase that begins with words telling its day from another one: 「two days after」 next Friday."""
    if text[pos : pos + 1] not in _LEADS:
        return None
    relation = leading(text, pos)
    if relation is None:
        return _before_time(text, pos, at)
    inner = relation and _phrase(text, relation[1], at._replace(joined=True))
    day = relation and inner and inner.day and inner.day.options and relation[0](inner.day, at)
    if not inner or not day:
        return None
    inner.day, inner.start, inner.led_by_clock = day, pos, False
    return inner


def _before_time(text: str, pos: int, at: Moment) -> Phrase | None:
    """A phrase whose time is told from another one: 「an hour before」 5pm tomorrow."""
    lead = lead_of_time(text, pos)
    inner = lead and _phrase(text, lead[1], at._replace(joined=True))
    if not lead or not inner or not inner.clock or inner.clock.vague or inner.rule:
        return None
    minute = inner.clock.minute + lead[0]
    if not 0 <= minute < 1440:
        return None
    inner.clock = replace(inner.clock, minute=minute, end=None, loose=False)
    inner.start = pos
    return inner


def phrase_at(text: str, pos: int, at: Moment) -> Phrase | None:
    """The longest phrase that begins at ``pos``, without its range end and role words."""
    return _led(text, pos, at) or _phrase(text, pos, at)


def _phrase(text: str, pos: int, at: Moment) -> Phrase | None:
    got = piece_at(text, pos, at)
    if got is None:
        return None
    phrase = Phrase(got[0], pos, got[1])
    if phrase.day is None or phrase.day.options:
        extend(text, phrase, at)
    _shift_time(text, phrase)
    return phrase
