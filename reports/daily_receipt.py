"""What is said when a report was taken."""

from __future__ import annotations

from datetime import date, datetime

from chat.text import Mention, Text, join, listed, say, verbatim
from planning.daily import Parsed
from planning.daily_words import Part
from reports.daily_desk import Desk
from reports.daily_filing import Filed
from reports.days import bare_day, place, short_day
from reports.digest import short
from reports.readers import readers_of

_FULL: dict[Part, Text] = {
    "done": say("今日进展", "today"),
    "plan": say("明日计划", "tomorrow"),
    "blocked": say("阻塞问题", "blockers"),
}
_SHORT: dict[Part, Text] = {
    "done": say("今日", "today"),
    "plan": say("明日", "tomorrow"),
    "blocked": say("阻塞", "blockers"),
}


def receipt(desk: Desk, filed: Filed, public: bool, platform: str, *, goes_on: bool = False) -> Text:
    """One line; with what was understood where everybody can read it anyhow, or where somebody is asked to help.

    goes_on: the rest of a report of which a part had come before.
    """
    head = headline(desk, filed, goes_on=goes_on, public=public)
    if not public:
        head = say("{which}{head}", "{which}{head}", which=desk.which(filed.report.person), head=head)
    closed = readers_of(desk) != "all"
    brief = closed or filed.report.standing in ("late", "overdue") or _is_update(filed) or _ahead(desk, filed)
    if not filed.asked and (brief or not public):
        return head
    words = filed.report.words
    said = [] if closed else [
        say("今日：{words}", "Today: {words}", words=short(words.done, 300) or "—"),
        say("明日：{words}", "Tomorrow: {words}", words=short(words.plan, 300) or "—"),
    ]  # fmt: skip
    lines = [
        head,
        *said,
        say(
            "阻塞：{words}{then}",
            "Blockers: {words}{then}",
            words=_blocked(filed),
            then=_then(desk, filed, platform if public else ""),
        ),
        say("要改：/日报 改 阻塞 …", "To change it: /daily change blockers …"),
    ]
    return join(lines, "\n")


def headline(desk: Desk, filed: Filed, *, goes_on: bool = False, public: bool = False) -> Text:
    """``✅ 已收 李四 9-21 日报（17:41，准时）`` and its relatives. public: others read it by another clock."""
    report, times, now = filed.report, filed.times, desk.books.at
    local = desk.rhythm.local(now)
    data = {"name": report.name, "day": bare_day(report.day), "time": _clock(desk, local, public=public)}
    if filed.before is not None and not goes_on:
        return updated(desk, filed) if _is_update(filed) else _replaced(desk, filed.before.changed_at)
    if report.standing == "early":
        return early(desk, filed)
    if filed.collection is not None and filed.collection.excused and report.standing != "overdue":
        return say("✅ 已收 {name} {day} 日报（{time}）", "✅ Got {name}'s report for {day} ({time})", **data)
    if report.standing == "on_time":
        at = _clock(desk, desk.rhythm.local(min(now, times.closes)), public=public)
        return say(
            "✅ 已收 {name} {day} 日报（{time}，准时）", "✅ Got {name}'s report for {day} ({time}, on time)",
            **(data | {"time": at}),
        )  # fmt: skip
    if report.standing == "overdue":
        return say(
            "✅ 已补 {name} {day} 日报（超期补交，原因：{reason}）",
            "✅ Got {name}'s report for {day} (overdue, because: {reason})",
            **data, reason=report.reason,
        )  # fmt: skip
    if local.date() != report.day:
        return say(
            "✅ 已补 {name} {day} 日报（{today} {time}）", "✅ Got {name}'s report for {day} (late, {today} {time})",
            **data, today=bare_day(local.date()),
        )  # fmt: skip
    return say(
        "✅ 已补 {name} {day} 日报（{time}，迟 {n} 分钟）", "✅ Got {name}'s report for {day} ({time}, {n} min late)",
        **data, n=max(1, int((now - times.closes).total_seconds() // 60)),
    )  # fmt: skip


def _clock(desk: Desk, local: datetime, *, public: bool) -> Text:
    """``18:10``; where others read it, of somebody with a zone of their own, ``18:10 London``."""
    at = f"{local:%H:%M}"
    if public and desk.person is not None and desk.rhythm.zone.key != desk.project.zone:
        return say("{at} {city}", "{at} {city}", at=at, city=place(desk.rhythm.zone.key))
    return verbatim(at)


def early(desk: Desk, filed: Filed) -> Text:
    """For a day whose prompt has not come yet."""
    day = filed.report.day
    local = desk.rhythm.local(desk.books.at)
    if _ahead(desk, filed):
        return say("✅ 已记入 {day}。", "✅ Entered for {day}.", day=short_day(day, desk.rhythm.calendar))
    return say(
        "✅ 已收 {name} {day} 日报（{time}，提前）", "✅ Got {name}'s report for {day} ({time}, early)",
        name=filed.report.name, day=bare_day(day), time=f"{local:%H:%M}",
    )  # fmt: skip


def updated(desk: Desk, filed: Filed) -> Text:
    """``已更新 9-18 日报（第 2 版）。汇总已同步。``"""
    text = say(
        "已更新 {day} 日报（第 {n} 版）。", "Report for {day} changed (version {n}).",
        day=bare_day(filed.report.day), n=filed.report.version,
    )  # fmt: skip
    if filed.published is None:
        return text
    return join([text, synced(desk, filed.published.digest)])


def synced(desk: Desk, digest: str) -> Text:
    """What became of the digest."""
    if desk.speaker.fixed(digest):
        return say("汇总不能改了，整点补一行说明。", " The digest cannot be changed; a line follows at the full hour.")
    return say("汇总已同步。", " The digest shows it.")


def ask_rest(parsed: Parsed, day: date, today: date) -> Text:
    """``✅ 记下“今日”。还差 明日计划、阻塞问题，回两行即可；没有就回“无”。``"""
    missing = parsed.missing
    had = [say("“{part}”", "“{part}”", part=_SHORT[part]) for part in _SHORT if part in parsed.found]
    return say(
        "✅ 记下{day}{had}。还差 {missing}，回{n}行即可；没有就回“无”。",
        "✅ Noted {day}{had}. Still missing: {missing}; reply with {n}, or “none”.",
        day="" if day == today else say(" {day} 的", "{day} ", day=bare_day(day)),
        had=join(had),
        missing=listed(_FULL[part] for part in missing),
        n=say("两", "two lines") if len(missing) == 2 else say("一", "one line"),
    )


def _replaced(desk: Desk, before: datetime) -> Text:
    local = desk.rhythm.local(before)
    today = desk.rhythm.local(desk.books.at).date()
    return say(
        "已替换 {time} 的版本", "Replaced the version of {time}",
        time=f"{local:%H:%M}" if local.date() == today else f"{bare_day(local.date())} {local:%H:%M}",
    )  # fmt: skip


def _ahead(desk: Desk, filed: Filed) -> bool:
    """For a later day than today."""
    return filed.report.day > desk.rhythm.local(desk.books.at).date()


def _is_update(filed: Filed) -> bool:
    """A change after the digest went out."""
    return filed.before is not None and filed.published is not None


def _blocked(filed: Filed) -> Text | str:
    return short(filed.report.words.blocked, 300) or say("无", "none")


def _then(desk: Desk, filed: Filed, platform: str) -> Text | str:
    """`` → B1，已请 @王五 回应``"""
    blocker = filed.blocker
    if blocker is None:
        return ""
    if not filed.asked:
        return say(" → 仍是 {ref}", " → still {ref}", ref=blocker.ref)
    if blocker.helper is None:
        return f" → {blocker.ref}"
    helper: Text | Mention | str = blocker.helper_name
    if platform:
        helper = desk.speaker.mention(desk.books.people.get(blocker.helper), platform)
    return say(" → {ref}，已请 {who} 回应", " → {ref}, asked {who} for an answer", ref=blocker.ref, who=helper)
