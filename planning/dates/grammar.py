"""Putting the pieces together: where expressions start, what joins a day to a time, ranges, deadline words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from planning.dates import clock, days_en, days_zh, every, holidays, months_zh, numeric, offsets
from planning.dates.pieces import Clock, Day, Every, Moment, Piece, Span

Rule = tuple[re.Pattern[str], Callable[[re.Match[str], Moment], Piece | None]]
Listed = tuple[str, re.Pattern[str], Callable[[re.Match[str], Moment], Piece | None]]

_ORDER: tuple[Listed, ...] = (
    *every.RULES,
    *every.EN_RULES,
    *numeric.RULES,
    *holidays.RULES,
    *offsets.RULES,
    *offsets.EN_RULES,
    *months_zh.RULES,
    *days_zh.RULES,
    *clock.RULES,
    *days_en.EN_RULES,
    *clock.EN_RULES,
    *holidays.EN_RULES,
    *months_zh.DAY_RULES,
    *numeric.SHORT_RULES,
)


def _by_first_letter() -> dict[str, tuple[Rule, ...]]:
    table: dict[str, list[Rule]] = {}
    for starts, pattern, build in _ORDER:
        for char in dict.fromkeys(starts):
            table.setdefault(char, []).append((pattern, build))
    return {char: tuple(rules) for char, rules in table.items()}


_RULES = _by_first_letter()
_EN_STARTS = (
    r"(?:today|tod|tdy|tom[mo]|tmr|tmw|tonig|tonit|the |2day|yest|day |mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct"
    r"|nov|dec|next|this|last|coming|current|following|previous|past|in |within|after|every|each|on |weekly|daily|monthly|biw|bi-w|fortnight|quarter|yearly"
    r"|annual|weekdays|half|noon|mid|midday|midnight|morning|afternoon|evening|night|lunch|eod|eow|eom|eoq|eoy|eon|eob|cob|close of|end|begin|start"
    r"|early|late|one |two |three |four |five |six |seven |eight |nine |ten |eleven |twelve |twenty|thirty|a |an |christmas|xmas|new year|valentine|halloween|thanks|black|mother|father|memorial"
    r"|labor|indep|easter|spring f|chinese n|lunar|dragon|national|first|second|third|fourth|fifth|right now|now|for the|over the|rest of|overm|ev |by the end|at the end|couple|few|q[1-4])"
)
_ZH_STARTS = "".join(char for char in _RULES if char > "\x7f")
_START = re.compile(rf"(?<![a-z]){_EN_STARTS}|[0-9{_ZH_STARTS}]")
_NUMERAL_RUN = re.compile(r"[零〇一二两三四五六七八九十廿卅百]+|\d+(?:[.:/-]\d+)*")
_GLUE = re.compile(r" ?[,(]? ?(?:的|at |on |of |in |@ ?|around |about |for |from |(?=[^ ]))")
_ZH_LINK = re.compile(r" ?(?:到|至|直到|[-~]{1,2}|to |till |until |through |thru |和|与|and ) ?")
_BETWEEN = re.compile(r"(?:从|自|from|between) ?$")


def start_from(text: str, pos: int) -> int:
    """Where the next expression could start, -1 when nowhere."""
    found = _START.search(text, pos)
    return found.start() if found else -1


def piece_at(text: str, pos: int, at: Moment) -> tuple[Piece, int] | None:
    """The piece that begins exactly at ``pos`` and the place it ends."""
    for pattern, build in _RULES.get(text[pos : pos + 1], ()):
        found = pattern.match(text, pos)
        if found is not None and found.end() > pos:
            piece = build(found, at)
            if piece is not None:
                return piece, found.end()
    return None


def skip(text: str, pos: int) -> int:
    """Past a numeral whose start was no date: its tail is none either."""
    run = _NUMERAL_RUN.match(text, pos)
    return run.end() if run else pos + 1


class Phrase:
    """A day, a time and a recurrence gathered from adjoining pieces; ``start`` to ``stop`` in the folded text."""

    __slots__ = ("clock", "day", "end", "rule", "start", "stop")

    def __init__(self, piece: Piece, start: int, stop: int) -> None:
        self.start, self.stop = start, stop
        self.day: Day | None = None
        self.clock: Clock | None = None
        self.rule: Every | None = None
        self.end: Phrase | None = None
        self._take(piece)

    def _take(self, piece: Piece) -> None:
        if isinstance(piece, Clock):
            self.clock = piece
        elif isinstance(piece, Every):
            self.rule = piece
            self.clock = self.clock or piece.clock
        else:
            self.day = piece
            self.clock = self.clock or piece.clock

    def join(self, piece: Piece) -> bool:
        """Add an adjoining piece, if it can belong to the same expression."""
        if isinstance(piece, Clock):
            return self._join_clock(piece)
        if isinstance(piece, Every):
            if self.day or self.rule:
                return False
            self._take(piece)
            return True
        if self.rule:
            return False
        if self.day is None:
            if piece.minute is not None or (piece.role and self.clock and self.clock.vague):
                return False
            self._take(piece)
            return True
        return self._join_day(self.day, piece)

    def _join_clock(self, piece: Clock) -> bool:
        if self.day and self.day.minute is not None:
            return False
        if self.clock is None:
            self.clock = piece
            return True
        if self.clock.vague and not piece.vague:
            self.clock = within_part(piece, self.clock)
            return True
        if piece.vague and self.clock.loose:
            self.clock = within_part(self.clock, piece)
            return True
        return False

    def _join_day(self, day: Day, other: Day) -> bool:
        """A weekday with its date (周五 9月25日), or a weekday in a week (下周的周三, Friday next week)."""
        if self.clock and other.clock:
            return False
        if other.grain == "week" and day.weekday is not None:
            day, other = other, day
        if day.grain == "week" and other.weekday is not None:
            spans: tuple[Span, ...] = tuple(
                (first.fromordinal(first.toordinal() + (other.weekday - first.weekday()) % 7), None)
                for first, _ in day.options
            )
            self.day = replace(other, options=spans, weekday=None)
            return True
        if day.weekday is not None and other.grain == "day" and other.weekday is None:
            day, other = other, day
        if other.weekday is None or day.grain != "day" or day.weekday is not None:
            return False
        spans = tuple(span for span in day.options if span[0].weekday() == other.weekday)
        if not spans:
            return False
        self.day = replace(day, options=spans)
        return True


def within_part(time: Clock, part: Clock) -> Clock:
    """``5:30`` said with ``afternoon``: 17:30."""
    if not time.loose:
        return time
    minute, carry = time.minute, 0
    if part.part in ("afternoon", "evening") and minute < 720:
        late = part.part == "evening" and minute < 300
        minute, carry = (minute, 1) if late else (minute + 720, 0)
    elif part.part == "evening" and minute < 780:
        minute, carry = minute - 720, 1
    elif part.part == "noon" and minute < 240:
        minute += 720
    elif part.part in ("morning", "dawn") and minute >= 720:
        minute -= 720
    end = time.end
    if end is not None and end < minute and end < 720:
        end += 720
    return replace(time, minute=minute, carry=carry, part=part.part, loose=False, weak=False, end=end)


def _extend(text: str, phrase: Phrase, at: Moment) -> None:
    """Take every further piece that adjoins and fits."""
    while phrase.stop < len(text):
        glue = _GLUE.match(text, phrase.stop)
        pos = glue.end() if glue else phrase.stop
        joined = False
        for place in dict.fromkeys((pos, phrase.stop)):
            got = piece_at(text, place, at)
            if got is not None and phrase.join(got[0]):
                stop = got[1]
                closes = "(" in text[phrase.stop : place] and text[stop : stop + 1] == ")"
                phrase.stop = stop + closes
                joined = True
                break
        if not joined:
            return


def phrase_at(text: str, pos: int, at: Moment) -> Phrase | None:
    """The longest phrase that begins at ``pos``, without its range end and role words."""
    got = piece_at(text, pos, at)
    if got is None:
        return None
    phrase = Phrase(got[0], pos, got[1])
    _extend(text, phrase, at)
    return phrase


def _bare_end(text: str, pos: int, phrase: Phrase) -> Phrase | None:
    """The far end of a range said short: 周三至五, 下午3点-5 is not taken."""
    if phrase.day is None or phrase.day.roll is None or phrase.clock:
        return None
    found = re.compile(r"[一二三四五六日天](?![点月号日天个周年])").match(text, pos)
    if found and re.search(r"(?:周|星期|礼拜)[一二三四五六日天]$", text[phrase.start : phrase.stop]):
        from planning.dates.days_zh import next_weekday
        from planning.dates.words import zh_weekday

        weekday = zh_weekday(found[0])
        there = next_weekday(weekday, phrase.day.options[0][0])
        return Phrase(Day(((there, None),), roll=lambda day: next_weekday(weekday, day)), pos, found.end())
    return None


def range_end(text: str, phrase: Phrase, at: Moment) -> Phrase | None:
    """The phrase after 到 / ~ / to, when it can be the far end of a range that begins with ``phrase``."""
    if phrase.rule or (phrase.day and (phrase.day.options[0][1] or phrase.day.minute is not None)):
        return None
    link = _ZH_LINK.match(text, phrase.stop)
    if link is None:
        return None
    if link[0].strip() in ("和", "与", "and") and not _BETWEEN.search(text[: phrase.start]):
        return None
    other = _bare_end(text, link.end(), phrase) or phrase_at(text, link.end(), at)
    if other is None or other.rule:
        return None
    if phrase.day and other.day is None and not (phrase.clock and other.clock):
        return None
    if other.day and phrase.day is None and not phrase.clock:
        return None
    if other.day and other.day.minute is not None:
        return None
    return other


def phrases(text: str, at: Moment) -> Iterator[Phrase]:
    """Every phrase of the folded text, in order."""
    pos = start_from(text, 0)
    while pos >= 0:
        phrase = phrase_at(text, pos, at)
        if phrase is None:
            pos = start_from(text, skip(text, pos))
            continue
        other = range_end(text, phrase, at)
        if other is not None:
            phrase.end, phrase.stop = other, other.stop
        yield phrase
        pos = start_from(text, phrase.stop)
