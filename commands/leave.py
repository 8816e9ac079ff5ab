"""Leave.  ``/请假 9-21~9-22 年假``  ``/请假 今天下午``  ``/请假 @赵六 9-21``  ``/请假 取消 9-21``  ``/请假``

The reason is neither kept nor repeated: what the group reads is that somebody is away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, join, say
from commands.arguments import Rest, Someone
from commands.context import Ctx
from commands.grammar import button, command
from commands.leave_days import EXAMPLE, chosen_of, days_of, person_meant, whose
from commands.line import fold
from commands.reply import Pressed, Reply, reply
from planning.away import AHEAD, BACK, Part, around, without, working_days
from reports import approval_away
from reports.away import bare, correct, shown, tell_lead
from reports.daily_desk import Desk
from reports.days import bare_day
from reports.handover import suggest
from reports.own_clock import calendar_of
from storage.people import Person
from storage.projects import ProjectInfo

SOON = timedelta(days=30)
Was = dict[int, Mapping[date, Part | None]]
"""{project: {day: how it was before; None: not away}}."""
_LIST = ("", "列表", "记录", "名单", "谁", "list", "who")
_TAKEN_BACK = re.compile(r"(?P<days>.*?)[\s,，]*(?:取消|撤销|删除|不请|不休|cancel)[了吧]?\s*")
"""The verb behind its days: /请假 9-21 取消."""
_PARTS: Mapping[str, Part] = {"day": "day", "am": "am", "pm": "pm"}


@command(
    "请假",
    "休假",
    "away",
    usage=say("请假、半天、看谁休假", "Days off: take, list"),
    example=say("/请假 9-21~9-22", "/away 9-21~9-22"),
)
def away(ctx: Ctx, whom: Someone, words: Rest) -> Reply:
    """Without words: who is away. Admins may enter it for others."""
    if whom is None and fold(words).strip() in _LIST:
        return _listed(ctx)
    if taken_back := _TAKEN_BACK.fullmatch(fold(words)):
        return cancel(ctx, whom, words[slice(*taken_back.span("days"))])
    person, words = whose(ctx, whom, words)
    return Reply(text_card(_take(ctx, person, days_of(ctx, person, words))))


@command(
    "请假 取消", "取消 请假", "销假", "away cancel",
    usage=say("取消请假", "Cancel days off"),
    example=say("/请假 取消 9-21", "/away cancel 9-21"),
)  # fmt: skip
def cancel(ctx: Ctx, whom: Someone, words: Rest) -> Reply:
    """The days named, or halves of them; without days everything from today on."""
    person, words = whose(ctx, whom, words)
    chosen = chosen_of(ctx, person, words)
    first, last = (min(chosen), max(chosen)) if chosen else (ctx.today, ctx.today + 2 * AHEAD)
    gone: dict[date, Part] = {}
    was: Was = {}
    for desk in _desks(ctx, person):
        before = ctx.books.leaves.of(desk.project.id, person.id, first, last)
        left = {day: without(part, chosen.get(day) if chosen else "day") for day, part in before.items()}
        changed = {day: part for day, part in left.items() if part != before[day]}
        ctx.books.leaves.remove(desk.project.id, person.id, [day for day, part in changed.items() if part is None])
        ctx.books.leaves.put(desk.project.id, person.id, {day: part for day, part in changed.items() if part})
        correct(desk, (day for day in changed if day <= ctx.today))
        gone |= {day: without(before[day], part) or before[day] for day, part in changed.items()}
        was[desk.project.id] = {day: before[day] for day in changed}
    approval_away.arm(ctx.books, person)
    if not gone:
        raise UserError(say("没有可取消的休假。发「/请假」看登记了哪些。",
                            "There are no days off to cancel. Send “/away” to see them."))  # fmt: skip
    _remember(ctx, person, was)
    return reply(
        "✅ 已取消 {who}{days}的休假，日报照常。", "✅ Cancelled {who}days off {days}; reports as usual.",
        who=_other(ctx, person), days=shown(dict(sorted(gone.items())), ctx.calendar),
    )  # fmt: skip


@button("leave.half")
def half(ctx: Ctx, person: int, day: date, part: str) -> Pressed:
    """Which half of a day."""
    try:
        person_said = ctx.books.people.get(person)
    except KeyError:
        raise UserError(say("没找到这个人。", "This person cannot be found.")) from None
    if part not in _PARTS or not -BACK <= day - ctx.today <= AHEAD:
        raise UserError(say("这张卡片已经过期。", "This card has expired."))
    text = _take(ctx, person_meant(ctx, person_said), {day: _PARTS[part]})
    return Pressed(text, card=text_card(text))


# --- what is done --------------------------------------------------------------------------------------------------


def _desks(ctx: Ctx, person: Person) -> list[Desk]:
    """One's own leave counts in all one's projects; what an admin enters, in this one."""
    projects: list[ProjectInfo] = [ctx.project]
    if person.id == ctx.person.id:
        projects += [project for project in ctx.books.projects.of(person.id) if project.id != ctx.project.id]
    return [Desk(ctx.books, ctx.speaker, project) for project in projects]


def _take(ctx: Ctx, person: Person, days: Mapping[date, Part]) -> Text:
    """Enter them, correct what is past, tell the lead; what to answer."""
    merged: dict[date, Part] = dict(days)
    was: Was = {}
    old: dict[date, Part] = {}
    for desk in _desks(ctx, person):
        before = ctx.books.leaves.of(desk.project.id, person.id, min(days) - AHEAD, max(days) + AHEAD)
        after = {day: part if before.get(day, part) == part else "day" for day, part in days.items()}
        fresh = {day: part for day, part in after.items() if before.get(day) != part}
        ctx.books.leaves.put(desk.project.id, person.id, fresh)
        was[desk.project.id] = {day: before.get(day) for day in fresh}
        correct(desk, (day for day in fresh if day <= ctx.today))
        if fresh and max(fresh) >= ctx.today:
            suggest(desk, person, working_days(around(before | after, days), desk.rhythm.calendar))
        tell_lead(desk, person, (day for day in fresh if day >= ctx.today))
        if desk.project.id == ctx.project.id:
            merged, old = around(before | after, days), before
    if not any(was.values()):
        raise UserError(
            say("{who}{days} 已经登记过休假，没有改动。取消：/请假 取消 {day}",
                "{who}{days}: entered as away already; nothing was changed. Cancel: /away cancel {day}",
                who=_other(ctx, person), days=bare(days), day=bare_day(min(days)))
        )  # fmt: skip
    approval_away.arm(ctx.books, person)
    joined = any(day in merged for day in old)
    _remember(ctx, person, was)
    return _entered(ctx, person, days, merged, joined=joined)


def _remember(ctx: Ctx, person: Person, was: Was) -> None:
    """How it was before, for ``/撤销``."""
    before = {str(project): {day.isoformat(): part for day, part in days.items()} for project, days in was.items()}
    ctx.books.deeds.add(ctx.project.id, ctx.person.id, "leave", person=person.id, was=before)


def _entered(ctx: Ctx, person: Person, days: Mapping[date, Part], merged: Mapping[date, Part], *, joined: bool) -> Text:
    if max(days) < ctx.today:
        return say(
            "已补记 {who}{days} 休假，并修正当天统计。", "Entered {who}{days} as away and corrected the figures.",
            who=_other(ctx, person), days=bare(days),
        )  # fmt: skip
    if len(merged) == 1 and (part := next(iter(merged.values()))) != "day":
        return _half_day(ctx, person, next(iter(merged)), part)
    calendar = calendar_of(ctx.books, ctx.project, person)
    cost = working_days(merged, calendar)
    text = say(
        "✅ {who} {days}休假 {n} 个工作日，期间不催日报。",
        "✅ {who} is away {days} (working days: {n}); no reminders.",
        who=person.name, days=shown(merged, calendar), n=int(cost) if cost == int(cost) else cost,
    )  # fmt: skip
    if joined:
        text = join([text, say("已与之前登记的合并。", " Merged with what was entered before.")])
    if min(days) < ctx.today:
        text = join([text, say("过去的日子已修正统计。", " Past days are corrected.")])
    return join([text, *(_guessed(year) for year in calendar.unknown_years(min(merged), max(merged)))])


def _guessed(year: int) -> Text:
    """The working days of that year may still change."""
    return say(
        "{year} 年放假安排未导入，按周一至周五推算。",
        " The holidays of {year} are not imported: Monday to Friday are counted.",
        year=year,
    )


def _half_day(ctx: Ctx, person: Person, day: date, part: Part) -> Text:
    own = person.id == ctx.person.id
    if part == "am":
        if own:
            return say("✅ {day} 上午休假，当天日报照常。", "✅ Away {day} in the morning; report as usual.",
                       day=bare_day(day))  # fmt: skip
        return say("✅ {who} {day} 上午休假，当天日报照常。", "✅ {who} away {day} in the morning; report as usual.",
                   who=person.name, day=bare_day(day))  # fmt: skip
    when = say("今天", "today") if day == ctx.today else say("当天", "that day")
    if own:
        return say("✅ {day} 下午休假，{when}不提示你。", "✅ Away {day} in the afternoon; no prompt {when}.",
                   day=bare_day(day), when=when)  # fmt: skip
    return say("✅ {who} {day} 下午休假，{when}不提示。", "✅ {who} away {day} in the afternoon; no prompt {when}.",
               who=person.name, day=bare_day(day), when=when)  # fmt: skip


def _other(ctx: Ctx, person: Person) -> Text:
    """The name where it is not the writer's own."""
    return say("", "") if person.id == ctx.person.id else say("{name} ", "{name} ", name=person.name)


def _listed(ctx: Ctx) -> Reply:
    """Who is away in the next thirty days; one's own leave as far as it goes. Days only, never why."""
    own = ctx.books.leaves.of(ctx.project.id, ctx.person.id, ctx.today, ctx.today + 2 * AHEAD)
    lines: list[Text] = []
    if own:
        lines.append(say("你：{days}", "You: {days}", days=shown(own, ctx.calendar)))
    others = [
        one
        for one in ctx.books.leaves.between(ctx.project.id, ctx.today, ctx.today + SOON)
        if one.person != ctx.person.id
    ]
    lines += [say("{who}：{days}", "{who}: {days}", who=one.name, days=shown(one.days, ctx.calendar)) for one in others]
    if not lines:
        return reply("近 {n} 天没人休假。例：{example}", "Nobody is away in the next {n} days. Example: {example}",
                     n=SOON.days, example=EXAMPLE)  # fmt: skip
    if own:
        lines.append(say("取消：/请假 取消 {day}", "To cancel: /away cancel {day}", day=bare_day(min(own))))
    return reply("{lines}", "{lines}", lines=join(lines, "\n"))
