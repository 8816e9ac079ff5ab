"""Pass open work on.  ``/交接 @张三→@李四``  ``/交接 @李四``  ``接受交接``  ``不接交接 手头太满``  ``/交接 撤回``"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, listed, say
from commands.access import alone_for, require, seen_from
from commands.arguments import Everyone, Rest, take
from commands.context import Ctx
from commands.departed import here_still
from commands.grammar import answers, button, command, hears
from commands.handover_take import elsewhere, take_over
from commands.names import called
from commands.reply import Pressed, Reply, reply
from reports.approval_desk import is_apart
from reports.handover import Items, card, items_of
from storage.approval_sheet import HERE
from storage.handovers import Handover
from storage.people import Person

EXAMPLE = say("/交接 @张三→@李四", "/handover @Zhao @Wang")
WITHIN = timedelta(hours=12)
_BETWEEN = re.compile(r"^[\s→\-=>＞➡️,，、给交转到由让向与和to]*$")
_WITHDRAW = re.compile(r"^\s*(?:撤回|取消|withdraw|cancel)\s*$")
_APART = re.compile(r"[\s,，、→>＞\-]+|(?<=\S)(?:转?给|交给|到)(?=\S)")
_YES = re.compile(r"^\s*(?:接受|同意|accept|yes)\s*$")
_NO = re.compile(r"^\s*(?:不接受?|拒绝|拒接|refuse|no)[:：\s]*(?P<why>.*)$")


@command(
    "交接", "handover",
    usage=say("把名下没完成的交给别人", "Pass open work on to somebody"),
    example=EXAMPLE,
)  # fmt: skip
def handover(ctx: Ctx, people: Everyone, words: Rest) -> Reply:
    """Two people: from, to (admins only, unless the first is oneself). One: one's own work. Alone: what is open."""
    if people:
        return _offered(ctx, people, words)
    folded = ctx.line.folded
    if _WITHDRAW.match(folded):
        return _withdrawn(ctx)
    if _YES.match(folded):
        return Reply(text_card(take_over(ctx, _for_me(ctx))))
    if match := _NO.match(folded):
        return Reply(text_card(_refused(ctx, _for_me(ctx), match.group("why"))))
    named = [called(ctx, name) for name in _APART.split(words) if name]
    if (meant := [person for person in named if person is not None]) and len(meant) == len(named):
        return _offered(ctx, meant, "")
    if words:
        raise UserError(say("交给谁？例：{example}", "To whom? Example: {example}", example=EXAMPLE))
    return _shown(ctx)


@hears(r"^\s*(接受|接下|不接受?|拒绝|拒接|accept|refuse)\s*(?:交接|handover)[:：\s]*(.*)$", rank=10)
def said(ctx: Ctx, match: re.Match[str] | None) -> Reply:
    """``接受交接``, ``不接交接 手头太满``"""
    assert match is not None
    found = _for_me(ctx)
    if match.group(1) in ("接受", "接下", "accept"):
        return Reply(text_card(take_over(ctx, found)))
    return Reply(text_card(_refused(ctx, found, match.group(2))))


def _offered(ctx: Ctx, people: list[Person], words: str) -> Reply:
    if len(people) > 2 or not _BETWEEN.match(words.lower()):
        raise UserError(say("一次从一个人交给一个人。例：{example}", "From one person to one. Example: {example}",
                            example=EXAMPLE))  # fmt: skip
    giver, taker = (ctx.person, people[0]) if len(people) == 1 else people
    return offered(ctx, giver, taker)


def offered(ctx: Ctx, giver: Person, taker: Person) -> Reply:
    """The preview, which the taker answers. Raises UserError: not theirs to give, nothing to give, offered already."""
    if giver.id == taker.id:
        raise UserError(say("不能交给同一个人。例：{example}", "That is the same person. Example: {example}",
                            example=EXAMPLE))  # fmt: skip
    if giver.id != ctx.person.id:
        require(ctx, "handover.others")
    here_still(taker)
    open_one = ctx.books.handovers.of_giver(ctx.project.id, giver.id)
    if open_one is not None:
        raise UserError(
            say("{giver} 的已经在等 {taker} 接受。要换人先发：/交接 撤回",
                "{giver}'s work waits for {taker} already. To change that: /handover withdraw",
                giver=open_one.giver_name, taker=open_one.taker_name)
        )  # fmt: skip
    items = items_of(ctx.books, ctx.project.id, giver.id)
    if not len(items):
        raise UserError(
            say("{who} 在「{project}」没有要交接的。", "{who} has nothing open in “{project}”.", who=giver.name,
                project=ctx.project.name)
        )  # fmt: skip
    ctx.books.people.welcome(ctx.project.id, taker.id, "guest")
    made = ctx.books.handovers.add(ctx.project.id, giver.id, taker.id, ctx.person.id, ctx.chat.id)
    return _preview(ctx, made, items, taker)


def _preview(ctx: Ctx, made: Handover, items: Items, taker: Person) -> Reply:
    """Here, and directly to who takes over when they are not here."""
    here = {mention.id for mention in ctx.thing.mentions}
    apart = is_apart(ctx.books, ctx.speaker, ctx.chat, taker.id, here)
    mention = say("{m}", "{m}", m=ctx.speaker.mention(taker, ctx.chat.platform))
    if apart != HERE and taker.id != ctx.person.id:
        direct = card(made, items, say("{name}", "{name}", name=taker.name))
        if not ctx.speaker.to_person(taker, ctx.project, direct, name=made.card):
            raise UserError(
                say("私聊不到{who}。请在有 {who} 的群里发，或请 {who} 先和我说一句话。",
                    "I cannot reach {who}. Send it in a group with them, or ask them to write to me once.",
                    who=taker.name)
            )  # fmt: skip
    return Reply(card(made, items, mention), name=made.card)


def _shown(ctx: Ctx) -> Reply:
    lines = [
        say("{giver} → {taker}", "{giver} → {taker}", giver=one.giver_name, taker=one.taker_name)
        for one in ctx.books.handovers.concerning(ctx.person.id)
    ]
    if not lines:
        return reply("没有在等的交接。发起：{example}", "No handover is open. To begin one: {example}", example=EXAMPLE)
    return reply(
        "在等的交接：{lines}。接受交接 / 不接交接 原因 / /交接 撤回",
        "Open handovers: {lines}. Accept handover / refuse handover / /handover withdraw",
        lines=listed(lines),
    )


def _withdrawn(ctx: Ctx) -> Reply:
    found = next((one for one in ctx.books.handovers.concerning(ctx.person.id) if one.maker == ctx.person.id), None)
    if found is None:
        raise UserError(say("没有可撤回的交接。", "There is no handover of yours to withdraw."))
    ctx.books.handovers.close(found, "withdrawn")
    text = say("交接 {giver} → {taker} 已撤回。", "Handover {giver} → {taker} was withdrawn.", giver=found.giver_name,
               taker=found.taker_name)  # fmt: skip
    ctx.speaker.redraw(found.card, text_card(text))
    return Reply(text_card(text))


def _refused(ctx: Ctx, found: Handover, why: str) -> Text:
    """Nothing moves; who offered it hears why."""
    ctx.books.handovers.close(found, "refused")
    words = why.strip()[:200]
    text = say(
        "{taker} 没有接 {giver} 的交接{why}。什么都没动。",
        "{taker} did not take over from {giver}{why}. Nothing moved.",
        taker=found.taker_name, giver=found.giver_name,
        why=say("：{words}", ": {words}", words=words) if words else say("", ""),
    )  # fmt: skip
    ctx.speaker.redraw(found.card, text_card(text))
    elsewhere(ctx, found, text)
    return text


def _for_me(ctx: Ctx) -> Handover:
    """The newest offer to this person; of this project in a group. Raises UserError."""
    for found in ctx.books.handovers.concerning(ctx.person.id):
        if found.taker == ctx.person.id and (not ctx.in_group or found.project_id == ctx.project.id):
            return found
    raise UserError(say("没有等你接受的交接。", "No handover waits for you."))


# --- pressed -------------------------------------------------------------------------------------------------------


@button("handover.yes")
def accepted(ctx: Ctx, number: int) -> Pressed:
    text = take_over(ctx, _of_card(ctx, number))
    return Pressed(text, text_card(text))


@button("handover.no")
def refused(ctx: Ctx, number: int) -> Pressed:
    text = _refused(ctx, _of_card(ctx, number), "")
    return Pressed(text, text_card(text))


def _of_card(ctx: Ctx, number: int) -> Handover:
    """Raises UserError: it is not theirs to say, or was said already."""
    found = ctx.books.handovers.get(number)
    if found is None:
        raise UserError(say("这份交接已经失效。", "This handover is no longer valid."))
    if found.taker != ctx.person.id:
        raise UserError(
            say("这份交接在等 {who} 接受。", "This handover waits for {who}.", who=found.taker_name),
            audit="handover.take",
        )
    alone_for(ctx, found.project_id)
    if found.state != "open":
        states = {"accepted": say("已经接下了", "was accepted"), "refused": say("没有接", "was refused")}
        state = states.get(found.state, say("已撤回", "was withdrawn"))
        raise UserError(say("这份交接{state}。", "This handover {state}.", state=state))
    return found


@button("handover.ask")
def whom(ctx: Ctx, project: int, person: int) -> Pressed:
    """[交接…]: the next words name who takes over."""
    ctx = _seen_from(ctx, project)
    if person != ctx.person.id:
        require(ctx, "handover.others")
    giver = _known(ctx, person)
    ctx.books.questions.ask(ctx.chat.id, ctx.person.id, "handover.to", lasts=WITHIN, project=project, person=person)
    text = say("{who} 的交给谁？回：@某人", "Who takes over from {who}? Reply: @name", who=giver.name)
    return Pressed(text, reply=Reply(text_card(text)))


@answers("handover.to")
def named(ctx: Ctx, subject: Mapping[str, Any]) -> Reply | None:
    """``@李四``; words without a person are none of this question's."""
    people = take(Everyone, ctx)
    if len(people) != 1:
        return None
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    there = _seen_from(ctx, subject["project"])
    return offered(there, _known(there, subject["person"]), people[0])


def _known(ctx: Ctx, person: int) -> Person:
    """Raises UserError: somebody who has nothing to do with the project."""
    if not ctx.books.people.role(ctx.project.id, person):
        raise UserError(say("没找到这个人。", "This person cannot be found."))
    return ctx.books.people.get(person)


def _seen_from(ctx: Ctx, project: int) -> Ctx:
    """The same thing seen from another project of this person's. Raises UserError."""
    there = seen_from(ctx, project)
    if there is None:
        raise UserError(say("这张卡片已经过期。", "This card has expired."))
    return there
