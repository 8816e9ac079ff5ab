"""Holidays of a year as published.  ``/日历 导入 2027 {…}`` or as a file; and what to do until they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chat.cards import Button, text_card
from chat.errors import UserError
from chat.text import Text, say
from commands.access import allowed_in, require
from commands.context import Ctx
from commands.grammar import answers, button, command
from commands.press import STALE
from commands.reply import Pressed, Reply
from planning.calendar_years import KINDS, REASONS, CalendarError
from reports.calendar_warning import decide
from reports.daily_plan import arrange
from reports.rhythm import rhythm_of
from storage.calendars import base
from storage.projects import ProjectInfo

WAITS = timedelta(hours=1)
"""How long a document is waited for."""
MOST_OFF = 80
"""Days off in one year; more is no holiday notice."""
SHAPE = '{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}'
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


@command(
    "日历 导入",
    "calendar import",
    usage=say("导入一年的放假安排", "Import a year's holidays"),
    example=say("/日历 导入 2027", "/calendar import 2027"),
    roles="admin",
)
def take(ctx: Ctx) -> Reply:
    """The document stands in the message or in an attached file; without one it is asked for."""
    require(ctx, "calendar.import")
    words, _, rest = ctx.line.text.partition("{")
    said = _YEAR.search(words)
    year = int(said.group(1)) if said else 0
    if year and not rest:
        _not_published(year)
    document = _document(ctx)
    return _import(ctx, document, year) if document else _ask(ctx, year)


@answers("calendar.document")
def document_said(ctx: Ctx, subject: Mapping[str, Any]) -> Reply | None:
    """The next message with a document in it, pasted or attached."""
    document = _document(ctx)
    if not document:
        return None
    require(ctx, "calendar.import")
    return _import(ctx, document, subject["year"])


@button("calendar.import")
def import_pressed(ctx: Ctx, year: int) -> Pressed:
    _mine(ctx)
    return Pressed(say("请把放假安排发给我。", "Please send me the holidays."), reply=_ask(ctx, year))


@button("calendar.guess")
def guess(ctx: Ctx, year: int) -> Pressed:
    """Monday to Friday work until something better is known; no more warnings."""
    return _decided(
        ctx,
        year,
        "guess",
        say(
            "好的，{year} 年先按周一至周五推算，提示里会注明。官方安排出来后发「/日历 导入 {year}」。",
            "OK: Monday to Friday count as working days in {year}, and prompts say so. "
            "When the holidays are published send “/calendar import {year}”.",
            year=year,
        ),
    )


@button("calendar.stop")
def stop(ctx: Ctx, year: int) -> Pressed:
    """From 1 January nothing is sent until the year is imported."""
    return _decided(
        ctx,
        year,
        "stop",
        say(
            "好的，{year}-1-1 起先停发日报和汇总，导入后自动恢复：/日历 导入 {year}",
            "OK: from {year}-1-1 no reports are asked for until the holidays are there: /calendar import {year}",
            year=year,
        ),
    )


def _decided(ctx: Ctx, year: int, choice: str, text: Text) -> Pressed:
    projects = _mine(ctx)
    if abs(year - ctx.today.year) > 1:
        raise UserError(STALE)
    if all(ctx.books.calendars.of(project).known(year) for project in projects):
        raise UserError(say("{year} 年放假安排已导入，不用选了。", "The holidays of {year} are imported.", year=year))
    for project in projects:
        decide(ctx.books, project, year, choice)
    return Pressed(text, text_card(text))


def _mine(ctx: Ctx) -> list[ProjectInfo]:
    """The Chinese projects this person manages. Raises UserError when there are none."""
    projects = [
        project
        for project in ctx.books.projects.of(ctx.person.id)
        if project.country == "CN" and allowed_in(ctx, project.id, "calendar.import")
    ]
    if not projects:
        raise UserError(say("只有管理员能决定。", "Only an admin can decide."), audit="calendar.import")
    return projects


def _ask(ctx: Ctx, year: int) -> Reply:
    ctx.books.questions.ask(ctx.chat.id, ctx.person.id, "calendar.document", lasts=WAITS, year=year)
    how = say("@我 再贴 JSON", "@ me with the JSON") if ctx.in_group else say("直接贴 JSON", "paste the JSON")
    return Reply(
        text_card(
            say(
                "把 {year} 年放假安排发给我：{how}，或发 .json 文件。格式：\n{shape}",
                "Send me the holidays of {year}: {how}, or a .json file. It looks like this:\n{shape}",
                year=str(year) if year else say("这", "the"),
                how=how,
                shape=SHAPE,
            ),
            Button(say("取消", "Cancel"), "calendar.cancel"),
        )
    )


@button("calendar.cancel")
def cancel(ctx: Ctx) -> Pressed:
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    done = say("好的，先不导入。", "OK, nothing is imported.")
    return Pressed(done, text_card(done))


def _document(ctx: Ctx) -> str:
    """The JSON in the message, or the text of an attached file; ""."""
    start, stop = ctx.thing.text.find("{"), ctx.thing.text.rfind("}")
    if 0 <= start < stop:
        return ctx.thing.text[start : stop + 1].replace("“", '"').replace("”", '"')
    return next((file.text for file in ctx.thing.files if file.text), "")


def _not_published(year: int) -> None:
    """Raises UserError when the year needs no import."""
    if base("CN").known(year):
        raise UserError(
            say(
                "{year} 年官方安排已内置，不用导入。要改某一天：/日历 休 10-9 团建",
                "The holidays of {year} are built in. To change a day: /calendar off 10-9 outing",
                year=year,
            )
        )


def _import(ctx: Ctx, document: str, year: int) -> Reply:
    try:
        plan = ctx.books.calendars.import_year("CN", document)
    except CalendarError as error:
        raise UserError(
            say(
                "读不懂这份安排，没有改动：{why}\n格式：{shape}",
                "This cannot be read and nothing was changed: {why}\nIt should look like {shape}",
                why=_why(error),
                shape=SHAPE,
            )
        ) from None
    if year and plan.year != year:
        raise UserError(
            say(
                "这份是 {there} 年的，不是 {year} 年的，没有改动。",
                "This is for {there}, not {year}; nothing was changed.",
                there=plan.year,
                year=year,
            )
        )
    _not_published(plan.year)
    if len(plan.off) > MOST_OFF:
        raise UserError(
            say(
                "{n} 天都休息，不像放假安排，没有改动。",
                "{n} days off does not look like a year's holidays; nothing was changed.",
                n=len(plan.off),
            )
        )
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    ctx.books.audit(ctx.project.id, "calendar.import", "done", str(plan.year))
    _take_effect(ctx, plan.year)
    return Reply(
        text_card(
            say(
                "✅ {year} 年放假安排已导入：休 {off} 天，调休上班 {work} 天。",
                "✅ The holidays of {year} are imported: {off} days off, {work} makeup days.",
                year=plan.year,
                off=len(plan.off),
                work=len(plan.work),
            )
        )
    )


_WHY = {
    "json": "第 {line} 行第 {column} 个字起不是 JSON",
    "deep": "套得太深",
    "missing": "缺这一项",
    "kind": "这里要写{wanted}",
    "year": "没有 {found} 年",
    "date": "「{found}」不是日期，例：{year}-01-01",
    "elsewhere": "{found} 不在 {year} 年",
    "twice": "{found} 写了两次",
    "none": "整年没有一天休息",
}
_KINDS = {
    KINDS[int]: "数字",
    KINDS[str]: "文字",
    KINDS[bool]: " true 或 false",
    KINDS[list]: "列表 […]",
    KINDS[dict]: "对象 {{…}}",
}


def _why(error: CalendarError) -> Text:
    """Where in the document, and what is wrong there."""
    data = {name: str(value)[:40] for name, value in error.data.items()}
    wanted = {"wanted": say(_KINDS[data["wanted"]], data["wanted"])} if "wanted" in data else {}
    why = say(_WHY[error.reason], REASONS[error.reason], **(data | wanted))
    if error.place == "file":
        return why
    return say("{place} {why}", "{place} {why}", place=error.place, why=why)


def _take_effect(ctx: Ctx, year: int) -> None:
    """Every project of the country reckons with it from now on; those that stood still for it go on."""
    for project in ctx.books.projects.all():
        if project.country != "CN":
            continue
        decide(ctx.books, project, year, "")
        rhythm = rhythm_of(ctx.books, ctx.books.projects.get(project.id))
        if rhythm.plan.on and not rhythm.project.stands_still:
            arrange(ctx.books, rhythm)
