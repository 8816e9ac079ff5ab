"""Blockers that are not over, or not for who was asked.  ``B1 重开``  ``重开 B1``  ``B1 没解决``  ``B2 交给 @赵六``"""

from __future__ import annotations

import re

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, listed, say
from commands.access import allowed_in
from commands.context import Ctx
from commands.daily_desk import desk_of
from commands.departed import here_still
from commands.plain_task import first_person
from reports.daily_desk import Desk
from reports.digest import short
from storage.blockers import Blocker
from storage.people import Person

AGAIN = re.compile(
    r"(?:又|还是|还|仍然?)?"
    r"(?:重开|重新打开|没有?(?:解决|搞定|好|完成)|reopen|not (?:solved|fixed|done))(?:了|呢)?"
)
PASS_ON = re.compile(r"\s*(?:交给|转给|转交(?:给)?|改由|改请|换成?|换人[:：]?|hand to|pass to|give to|ask)\s*(?=\S)")


def find(ctx: Ctx, number: int) -> tuple[Desk, Blocker]:
    """In this chat's project; in a direct chat, in the project where it concerns this person. Raises UserError."""
    desk = desk_of(ctx)
    blocker = ctx.books.blockers.numbered(desk.project.id, number)
    if not ctx.in_group and (blocker is None or ctx.person.id not in (blocker.person, blocker.helper)):
        for project in ctx.books.projects.of(ctx.person.id):
            other = ctx.books.blockers.numbered(project.id, number)
            if other is not None and ctx.person.id in (other.person, other.helper):
                return desk_of(ctx, project), other
    if blocker is None:
        raise UserError(
            say(
                "没找到阻塞 B{n}。发「/阻塞」看看有哪些。", "There is no blocker B{n}. Send “/blockers” to see them.",
                n=number,
            )
        )  # fmt: skip
    return desk, blocker


def reopen_blocker(ctx: Ctx, number: int) -> Text:
    """Raises UserError: there is none, it is open, or it is others' to say."""
    return reopened(ctx, *find(ctx, number))


def reopened(ctx: Ctx, desk: Desk, blocker: Blocker) -> Text:
    """It was closed too soon: from when it was reported on it counts again."""
    _theirs(ctx, desk, blocker, say("重开", "reopen"))
    if not ctx.books.blockers.reopen(blocker):
        raise UserError(
            say("{ref} 没有关，还在等。", "{ref} is open.", ref=blocker.ref)
            if blocker.state == "open"
            else say("{ref} 已经撤掉了。还有问题就重新报：/阻塞 …",
                     "{ref} was taken back. To report it again: /blockers …", ref=blocker.ref)
        )  # fmt: skip
    text = say(
        "{ref} 又打开了：{words}。", "{ref} is open again: {words}.", ref=blocker.ref, words=short(blocker.words)
    )
    return _told(ctx, desk, blocker, text)


def passed_on(ctx: Ctx, desk: Desk, blocker: Blocker) -> Text | None:
    """The words behind ``交给`` begin with whom it goes to. None: they do not. Raises UserError."""
    person = first_person(ctx)
    if person is None:
        return None
    _theirs(ctx, desk, blocker, say("转交", "pass on"))
    here_still(person)
    if person.id in (blocker.helper, blocker.person):
        raise UserError(
            say("{ref} 本来就在等 {who}，没有改动。", "{ref} waits for {who} already; nothing was changed.",
                ref=blocker.ref, who=person.name)
            if person.id == blocker.helper
            else say("{ref} 是 {who} 提出的，请换一个人。", "{ref} was reported by {who}; name somebody else.",
                     ref=blocker.ref, who=person.name)
        )  # fmt: skip
    ctx.books.blockers.ask(blocker, person.id)
    if ctx.in_group:
        who = ctx.speaker.mention(person, ctx.chat.platform)
    else:
        who = say("{name}", "{name}", name=person.name)
        ctx.speaker.to_person(person, desk.project, text_card(asking(blocker, blocker.name)))
    return say("{ref} 改请 {who} 回应：{words}。", "{ref}: now {who} is asked for an answer: {words}.",
               ref=blocker.ref, who=who, words=short(blocker.words))  # fmt: skip


def asking(blocker: Blocker, reporter: str) -> Text:
    """What who is asked reads directly."""
    return say(
        "{who} 的阻塞 {ref}：{words}\n什么时候能好？回「{ref} 19:00 前给」；解决了回「{ref} 解决」。",
        "{who} is blocked ({ref}): {words}\nWhen can you help? Reply “{ref} by 19:00”; when done “{ref} solved”.",
        who=reporter, ref=blocker.ref, words=blocker.words,
    )  # fmt: skip


def _theirs(ctx: Ctx, desk: Desk, blocker: Blocker, verb: Text) -> None:
    """Raises UserError: neither who reported it, nor who is asked, nor an admin."""
    if ctx.person.id in (blocker.person, blocker.helper) or allowed_in(ctx, desk.project.id, "blocker.others"):
        return
    people = listed(name for name in (blocker.name, blocker.helper_name) if name)
    raise UserError(
        say(
            "{ref} 由 {people} 来{verb}。",
            "{ref} is for {people} to {verb}.",
            ref=blocker.ref,
            people=people,
            verb=verb,
        )
    )


def _told(ctx: Ctx, desk: Desk, blocker: Blocker, text: Text) -> Text:
    """The other one hears of it: in the group by an @, else directly."""
    other = _other(ctx, blocker)
    if other is None:
        return text
    if ctx.in_group:
        return say("{text}{who} 请回应。", "{text} {who}, please answer.", text=text,
                   who=ctx.speaker.mention(other, ctx.chat.platform))  # fmt: skip
    ctx.speaker.to_person(other, desk.project, text_card(text))
    return text


def _other(ctx: Ctx, blocker: Blocker) -> Person | None:
    number = blocker.helper if ctx.person.id != blocker.helper else blocker.person
    return ctx.books.people.get(number) if number is not None and number != ctx.person.id else None
