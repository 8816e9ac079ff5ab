"""A year of so many groups: what their people say, and what the clock owes them for it.

What is owed is worked out here from the published calendar and the wall clock alone; nothing of the bot's own planning
is asked. Every task, question and approval has a mark in its title, so that whatever speaks of it can be told apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bench.year_days import DAY, SATURDAY, add, back, plain, works
from chat.messages import TOKEN, Incoming, Place, Sender

NOON, NIGHT = time(12), time(20, 30)
ZONES = ("Asia/Shanghai",) * 8 + ("Europe/London", "America/New_York")
PEOPLE = "甲乙丙丁"
"""甲 leads; 乙 has the overdue tasks; 丙 the silent ones; 丁 takes days off. 戊 only watches."""
_REACHED = (("", "标准 合格"), ("", "勾 1"), ("甲", "勾 1"), ("甲", "达成"))
_CANCELLED = (("甲", "取消"),)
"""How a milestone ends: who says it, its owner or 甲, and what of it."""


@dataclass(frozen=True, slots=True)
class Act:
    """One message. Its key is the same however often it is sent."""

    at: datetime
    key: str
    group: str
    who: str
    text: str
    to: tuple[str, ...] = ()

    def thing(self, now: datetime) -> Incoming:
        """As it reaches the bot at ``now``."""
        people = tuple(Sender(person, person) for person in self.to)
        text = self.text.replace("@", TOKEN)
        place = Place(self.group, "group", self.group)
        return Incoming(
            self.key, "message", "wire", now, place, Sender(self.who, self.who), text=text, mentions=people,
            addressed=True, message_id=self.key,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Owed:
    """One thing to be said: what rule, to which group or person, on which local day, about what.

    ``at``: from when. ``until``: when nobody needs it any more.
    """

    kind: str
    whom: str
    day: date
    mark: str
    at: datetime = field(compare=False)
    until: datetime = field(compare=False)


@dataclass
class Plan:
    """``maybe``: may be said, once. ``last``: what is said on a later local day is nobody's business."""

    last: date
    acts: list[Act] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    maybe: list[Owed] = field(default_factory=list)


def plan(groups: int, first: date, last: date, seed: int) -> Plan:
    """Everybody's year, acts in order. Nothing is said or owed after ``last``."""
    whole = Plan(last)
    for number in range(groups):
        one = _Group(number, first, last, Random(seed * 100_003 + number)).lived()
        whole.acts += one.acts
        whole.owed += one.owed
        whole.maybe += one.maybe
    whole.acts.sort(key=lambda act: (act.at, act.group))
    return whole


class _Group:
    """One group with five people and one project."""

    def __init__(self, number: int, first: date, last: date, chance: Random) -> None:
        self.name = f"群{number}"
        self.zone = ZoneInfo(ZONES[number % len(ZONES)])
        self.first, self.last, self.chance = first, last, chance
        self.plan = Plan(last)
        self.base = datetime.combine(first, NOON) + timedelta(minutes=number % 40)
        self.road = Random(chance.random())
        self.count = {"T": 0, "M": 0, "R": 0, "P": 0, "act": 0}
        self.later: dict[tuple[date, time], list[tuple[str, str]]] = {}
        self.reported: dict[date, set[str]] = {}
        self.away: set[date] = set()
        self.watched = number % 4 == 0
        self.stirred = False

    def lived(self) -> Plan:
        day = self.first if works(self.first) else add(self.first, 1)
        self._settle(day)
        while day <= self.last:
            for moment in (NOON, NIGHT):
                for who, text in self.later.pop((day, moment), []):
                    self._say(day, moment, who, text)
                if moment == NOON and day != self.first:
                    self._midday(day)
            self._daily(day)
            day = add(day, 1)
        self.plan.owed = [one for one in self.plan.owed if one.day <= self.last]
        return self.plan

    def person(self, letter: str) -> str:
        return f"{self.name}{letter}"

    def _settle(self, day: date) -> None:
        self._say(day, NOON, "甲", f"/设置 项目时区 {self.zone.key}")
        self._say(
            day, NOON, "甲", "/成员 加 @ @ @" + (" 只看 @" if self.watched else ""), "乙丙丁戊"[: 3 + self.watched]
        )
        self._say(day, NOON, "甲", "/日报 设置 17:30 收 18:30 截止")

    def _midday(self, day: date) -> None:
        for letter in "乙丁":
            if self.chance.random() < 0.3 and not (letter == "丁" and day in self.away):
                self._say(day, NOON, letter, "/日报 今日：拍摄 明日：上架 阻塞：无")
                self.reported.setdefault(day, set()).add(letter)
        if self.chance.random() < 0.5 and add(day, 9) < self.last:
            self.chance.choice((self._remind, self._overdue, self._silent, self._ask, self._approve, self._leave))(day)
        if self.road.random() < 0.12 and add(day, 12) < self.last:
            self._milestone(day)
        if self.road.random() < 0.05 and add(day, 12) < self.last:
            self._late(day)

    def _daily(self, day: date) -> None:
        self._owe("日报提示", self.name, day, time(17, 30))
        self._owe("日汇总", self.name, day, time(18, 30))
        if not works(day + DAY) or day.isoweekday() == SATURDAY:
            self._weekly(day)
        if not works(day + DAY) or day.isoweekday() == SATURDAY or add(day, 1).month != day.month:
            for letter in PEOPLE:  # who has enough to sum up, and all but them when a month ends
                self._owe("自己的", self.person(letter), day, time(18, 45), maybe=True)
        if self.watched and self.reported.get(day):
            self._owe("日汇总", self.person("戊"), day, time(18, 30))
        for letter in PEOPLE:
            if letter not in self.reported.get(day, ()) and not (letter == "丁" and day in self.away):
                self._owe("日报催", self.person(letter), day, time(18, 18), until=time(18, 30))

    def _weekly(self, day: date) -> None:
        """Owed after a week in which tasks were made or done; a quiet one may go without."""
        self._owe("周报", self.name, day, time(18, 40), maybe=not self.stirred)
        if self.watched:
            self._owe("周报", self.person("戊"), day, time(18, 40), maybe=True)
        self.stirred = False

    # --- what they do ---------------------------------------------------------------------------------------------

    def _task(self, day: date, kind: str, rest: str, to: str) -> tuple[int, str]:
        """(its number, its mark)."""
        self.count["T"] += 1
        number, mark = self.count["T"], f"{kind}{self.name[1:]}x{self.count['T']}"
        self._say(day, NOON, "甲", f"/任务 {mark} @ {rest}".rstrip(), to)
        return number, mark

    def _remind(self, day: date) -> None:
        wished = day + DAY * self.chance.randint(1, 4)
        on = wished if works(wished) else add(wished, 1)  # what somebody else asked for is not said on days off
        self._reminded(day, on, time(self.chance.randint(9, 19), self.chance.randint(0, 59)))

    def _reminded(self, day: date, on: date, at: time) -> None:
        number, mark = self._task(day, "提", f"提醒 {on} {at:%H:%M}", "乙")
        self._owe("任务提醒", self.person("乙"), on, at, mark)
        self._then(add(on, 1), NOON, "乙", f"T{number} 完成")

    def _overdue(self, day: date) -> None:
        due = next(d for d in (day + DAY * n for n in range(self.chance.randint(0, 3), 40)) if plain(d))
        self._ladder(day, due, self.chance.choice(("soon", "moved", "never")))

    def _ladder(self, day: date, due: date, ends: str) -> None:
        number, mark = self._task(day, "逾", f"{due}", "乙")
        self._near(day, due, mark)
        for kind, letter, count in (("静默 3 日", "乙", 4), ("静默 5 日", "甲", 6)):
            if add(day, count) <= due:
                self._owe(kind, self.person(letter), add(day, count), time(9, 30), mark)
        told = self._first_rung(due, mark)
        if ends == "moved":
            due = add(told, self.chance.randint(1, 2))
            self._near(told, due, mark)
            self._then(told, NIGHT, "乙", f"/改期 T{number} {due} 因为 供应商缺货")
            told = self._first_rung(due, mark)
        if ends != "never":
            self._then(told, NIGHT, "乙", f"T{number} 完成")
            return
        for letter in "甲乙":
            self._owe("逾期 D+1", self.person(letter), add(told, 1), time(10), mark)
        self._owe("逾期 D+3", self.name, add(told, 3), time(10), mark)
        self._then(add(told, 4), NOON, "乙", f"T{number} 完成")

    def _near(self, said: date, due: date, mark: str) -> None:
        """At 10:00 of the last working day before it and of the day itself, if its date was said on an earlier day."""
        last = due if works(due) else back(due)
        for day in {last, back(due)}:
            if day > said:
                self._owe("临期", self.person("乙"), day, time(10), mark)

    def _first_rung(self, due: date, mark: str) -> date:
        told, at = (due, time(18)) if works(due) else (add(due, 1), time(9))
        self._owe("逾期 D0", self.person("乙"), told, at, mark)
        return told

    def _silent(self, day: date) -> None:
        due = next(d for d in (day + DAY * n for n in range(25, 60)) if plain(d))
        number, mark = self._task(day, "静", f"{due}", "丙")
        self._say(day, NOON, "丙", f"T{number} 20%")
        self._owe("静默 3 日", self.person("丙"), add(day, 4), time(9, 30), mark)
        self._owe("静默 5 日", self.person("甲"), add(day, 6), time(9, 30), mark)
        self._then(add(day, 7), NOON, "丙", f"T{number} 完成")

    def _milestone(self, day: date) -> None:
        """Five, three and one working day before it whoever has something of it to do hears of it, else its owner.

        So does the group; at 18:00 of its day its owner. At one of these moments something else is late, due or to be
        reminded of.
        """
        due, owner = add(day, self.road.randint(2, 9)), self.road.choice("乙丙")
        done = self.road.choice((None, due, add(day, 2)))  # None: without a task; the day on which that is done at noon
        number, mark = 0, f"里{self.name[1:]}x{self.count['M'] + 1}"
        if done is not None:
            number, _ = self._task(day, "碑", "", "乙")
            self._then(done, NOON, "乙", f"T{number} 完成")
        self.count["M"] += 1
        self._say(day, NOON, "甲", f"/里程碑 {mark} {due} @" + (f" 包含 T{number}" if number else ""), owner)
        self._say(day, NOON, "甲", f"M{self.count['M']} 验收人 @", "甲")
        for who, words in self.road.choice((_REACHED, _CANCELLED)):
            self._then(due, NIGHT, who or owner, f"M{self.count['M']} {words}")
        told = [on for on in (back(due, 5), back(due, 3), back(due)) if on > day]
        for on in told:
            whom = "乙" if done is not None and on <= done else owner
            for each in (self.person(whom), self.name):
                self._owe("里程碑预警", each, on, time(10), mark)
        self._owe("里程碑到期", self.person(owner), due, time(18), mark)
        beside = self.road.choice((due, *(back(on) for on in told)))
        if beside > day:
            self._ladder(day, beside, "never")
        if self.road.random() < 0.4:
            self._reminded(day, *self.road.choice(((due, time(18)), *((on, time(10)) for on in told))))

    def _late(self, day: date) -> None:
        """A plan that cannot hold: at 18:00 who can change it hears of it, and whose own task waits; the group one day

        later. Then what it waited for is done.
        """
        due, after = add(day, 2), add(day, 4)
        number, mark = self._task(day, "碑", f"{after}", "乙")
        self.count["M"] += 1
        milestone, name = self.count["M"], f"里{self.name[1:]}x{self.count['M']}"
        self._say(day, NOON, "甲", f"/里程碑 {name} {due} @ 包含 T{number}", "甲")
        self._owe("要误期", self.person("乙"), day, time(18), mark)
        if self.road.random() < 0.5:
            waiting, other = self._task(day, "碑", f"{add(day, 3)}", "丙")
            self._owe("临期", self.person("丙"), due, time(10), other)
            self._say(day, NOON, "甲", f"T{waiting} 依赖 T{number}")
            self._owe("在等的", self.person("丙"), day, time(18), mark)
            self._then(due, NOON, "丙", f"T{waiting} 完成")
        if self.road.random() < 0.5:
            self._ladder(day, day, "soon")
        for whom in (self.person("乙"), self.name):
            self._owe("里程碑预警", whom, add(day, 1), time(10), name)
        self._owe("要误期", self.name, add(day, 1), time(18), name)
        self._then(due, NOON, "乙", f"T{number} 完成")
        self._owe("里程碑到期", self.person("甲"), due, time(18), name)
        self._then(due, NIGHT, "甲", f"M{milestone} 取消")

    def _ask(self, day: date) -> None:
        self.count["R"] += 1
        number, mark = self.count["R"], f"问{self.name[1:]}x{self.count['R']}"
        begun = self._say(day, NOON, "甲", f"/请回复 @ @ 今天17:00 “{mark} 用哪一版”", "乙丙")
        answered = self.chance.sample("乙丙", self.chance.randint(0, 2))
        for letter in answered:
            self._say(day, NOON, letter, f"R{number} 第一版")
        half = begun + (datetime.combine(day, time(17)) - begun) / 2
        for letter in "乙丙":
            if letter not in answered:
                self._owe("请回复催", self.person(letter), day, half.time().replace(second=0), mark, until=time(17))
                self._then(add(day, 1), NOON, letter, f"R{number} 第二版")
        if len(answered) < 2:
            self._owe("请回复到点", self.person("甲"), day, time(17), f"R{number}")

    def _approve(self, day: date) -> None:
        self.count["P"] += 1
        number, mark = self.count["P"], f"批{self.name[1:]}x{self.count['P']}"
        begun = self._say(day, NOON, "甲", f"/审批 {mark} 会签 @ @ 截止 {day} 17:00", "乙丙")
        if self.chance.random() < 0.5:
            for letter in "乙丙":
                ended = self._say(day, NOON, letter, f"同意 P{number}")
            self._owe("审批结果", self.name, day, ended.time(), f"P{number}")
            return
        whole = datetime.combine(day, time(17)) - begun
        half, nearly = ((begun + whole * part / 100).time().replace(second=0) for part in (50, 90))
        self._owe("审批催", self.name, day, half, mark, until=nearly)  # slept through, the next one says it
        self._owe("审批催", self.name, day, nearly, mark, until=time(17))
        self._owe("审批结果", self.name, day, time(17), f"P{number}")

    def _leave(self, day: date) -> None:
        first = add(day, 1)
        last = add(first, self.chance.randint(0, 2))
        self._say(day, NOON, "丁", f"/请假 {first}~{last}" if first != last else f"/请假 {first}")
        self.away |= {first + DAY * n for n in range((last - first).days + 1)}

    # --- the books ------------------------------------------------------------------------------------------------

    def _say(self, day: date, moment: time, who: str, text: str, to: str = "") -> datetime:
        """One after another from ``moment`` on: numbers are given in this order. The local moment."""
        local = datetime.combine(day, moment) + (self.base - datetime.combine(self.first, NOON))
        if self.plan.acts:
            before = self.plan.acts[-1].at.astimezone(self.zone).replace(tzinfo=None)
            local = max(local, before + timedelta(minutes=1))
        at = local.replace(tzinfo=self.zone).astimezone(UTC)
        self.count["act"] += 1
        self.stirred = self.stirred or (moment == NOON and (text.startswith("/任务") or text.endswith("完成")))
        people = tuple(self.person(letter) for letter in to)
        if day <= self.last:
            key = f"{self.name}:{self.count['act']}"
            self.plan.acts.append(Act(at, key, self.name, self.person(who), text, people))
        return local

    def _then(self, day: date, moment: time, who: str, text: str) -> None:
        self.later.setdefault((day if works(day) else add(day, 1), moment), []).append((who, text))

    def _owe(
        self, kind: str, whom: str, day: date, at: time, mark: str = "", until: time = time.max, *, maybe: bool = False
    ) -> None:
        begins, ends = (datetime.combine(day, moment, self.zone).astimezone(UTC) for moment in (at, until))
        (self.plan.maybe if maybe else self.plan.owed).append(Owed(kind, whom, day, mark, begins, ends))
