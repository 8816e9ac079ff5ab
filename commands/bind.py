"""One person on several platforms.  ``/绑定`` gives a code, ``/绑定 482913`` elsewhere joins, ``/解绑`` parts.

``/我是 李四``: a name, where the platform tells only ids.
"""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256

from chat.cards import Button, text_card
from chat.errors import UserError
from chat.text import say
from commands.arguments import Rest, known_people
from commands.context import Ctx
from commands.grammar import button, command
from commands.line import fold
from commands.reply import Pressed, Reply, reply
from storage.drafts import Draft
from storage.identities import Left
from storage.people import Person
from storage.statement import ms

VALID = timedelta(minutes=10)
_CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")
_NAME = re.compile(r"[\w·.\- （）()]{1,20}")


@command(
    "绑定",
    "link me",
    usage=say("在另一个平台上的我也是我", "Be the same person on another platform"),
    example=say("/绑定", "/link me"),
    roles="guest",
)
def link(ctx: Ctx) -> Reply:
    """Without a code: get one. With it: asked whether to become the person who got it."""
    _alone(ctx)
    code = _CODE.search(ctx.line.folded)
    if code is None:
        if ctx.line:
            raise UserError(say("绑定码是 6 位数字。没有码先私聊我发「/绑定」。", "A code has 6 digits."))
        return reply(
            "在另一个平台上私聊我发「/绑定 {code}」，10 分钟内有效，只给你自己用，别告诉别人。",
            "On the other platform send me “/link me {code}” directly within 10 minutes. It is for you alone.",
            code=_new_code(ctx),
        )
    other = ctx.books.people.get(_offer(ctx, code.group(1)).person_id)
    text = say(
        "要和「{name}」成为同一个人吗？任务、日报和权限都归到一起。这个码如果是别人发给你的，请选「不是我」。",
        "Become the same person as “{name}”? Tasks, reports and rights are put together. If somebody else sent you "
        "this code, choose “Not me”.",
        name=other.name,
    )
    return Reply(
        text_card(
            text,
            Button(say("是我", "It is me"), "person.join", (code.group(1),), style="primary"),
            Button(say("不是我", "Not me"), "person.join", ("",)),
        )
    )


@button("person.join")
def link_pressed(ctx: Ctx, code: str) -> Pressed:
    """args: code, or "" to stay who they are."""
    if not code:
        done = say("好的，没有绑定。", "OK, nothing was changed.")
        return Pressed(done, text_card(done))
    _alone(ctx)
    offer = _offer(ctx, code)
    new = ctx.books.people.get(offer.person_id)
    ctx.books.drafts.use(offer)
    _join(ctx, new)
    done = say(
        "✅ 你在这里和「{name}」是同一个人了。不对就发「/解绑」。",
        "✅ Here you are the same person as “{name}” now. If that is wrong, send “/unlink me”.",
        name=new.name,
    )
    return Pressed(done, text_card(done))


@command(
    "解绑",
    "unlink me",
    usage=say("在这个平台上不再是绑定的那个人", "Be a person of your own here again"),
    example=say("/解绑", "/unlink me"),
    roles="guest",
)
def unlink(ctx: Ctx) -> Reply:
    """The identity here goes back to the person it was; tasks stay where they are."""
    _alone(ctx)
    platform, mine = ctx.chat.platform, _own_id(ctx)
    joined = _last_joined(ctx)
    if joined is None or joined.used:
        raise UserError(say("你在这里没有绑定过，没有改动。", "You were not joined here; nothing was changed."))
    ctx.books.drafts.use(joined)
    left = Left([(project, role) for project, role in joined.subject["roles"]], joined.subject["chats"])
    ctx.books.identities.part(platform, mine, joined.subject["was"], left)
    ctx.books.audit(ctx.project.id, "person.part", "done", f"{ctx.person.id} {joined.subject['was']}")
    return reply(
        "✅ 已解绑，在这里你又是「{who}」了。绑定期间归到一起的任务留在原处。",
        "✅ Parted: here you are “{who}” again. Tasks that were put together stay where they are.",
        who=ctx.books.people.get(joined.subject["was"]).name,
    )


@command(
    "我是",
    "i am",
    usage=say("告诉我你叫什么（企业微信只给我编号）", "Tell me your name (WeCom gives me only an id)"),
    example=say("/我是 李四", "/i am Li"),
    roles="guest",
)
def name_me(ctx: Ctx, words: Rest) -> Reply:
    """Where a platform tells no names. Who was added under that name before is the same person."""
    name = words.strip(" @＠。.")
    if ctx.can.mentions:
        raise UserError(
            say("这个平台会告诉我你的名字，不用说。", "This platform tells me your name; no need to say it.")
        )
    if not _NAME.fullmatch(name):
        raise UserError(say("名字要 1–20 个字，例：/我是 李四", "A name has 1–20 characters, e.g. /i am Li"))
    awaited = ctx.books.identities.awaited(ctx.chat.platform, name)
    if awaited is not None and awaited != ctx.person.id:
        ctx.books.identities.arrived(ctx.chat.platform, name)
        _join(ctx, ctx.books.people.get(awaited))
    elif any(fold(one.name) == fold(name) and one.id != ctx.person.id for one in known_people(ctx)):
        raise UserError(
            say(
                "这里已经有一位「{name}」了，请加上部门，例：/我是 {name}（投放部）",
                "There is a “{name}” here already. Please add a surname or department.",
                name=name,
            )
        )
    else:
        ctx.books.identities.call(ctx.person.id, name)
    return reply("✅ 记住了，你是「{who}」。", "✅ Noted: you are “{who}”.", who=name)


# --- inside ----------------------------------------------------------------------------------------------------------


def _alone(ctx: Ctx) -> None:
    if ctx.in_group:
        raise UserError(say("这要私聊我，别在群里发码。", "Please send me this directly; codes are not for the group."))


def _own_id(ctx: Ctx) -> str:
    assert ctx.thing.sender is not None
    return ctx.thing.sender.id


def _new_code(ctx: Ctx) -> str:
    """Six digits, the same for the same message."""
    for number in range(100):
        digest = sha256(f"{ctx.thing.key}/person/{number}".encode()).digest()
        code = f"{int.from_bytes(digest[:4]) % 1_000_000:06d}"
        if ctx.books.drafts.get(_key(code)) is None:
            ctx.books.drafts.keep(
                "person", ctx.chat.id, ctx.person.id, under=_key(code), until=ms(ctx.at + VALID),
                platform=ctx.chat.platform,
            )  # fmt: skip
            return code
    raise UserError(say("现在给不出绑定码，请过几分钟再试。", "No code is free right now; please try later."))


def _key(code: str) -> str:
    return f"person:{code}"


def _offer(ctx: Ctx, code: str) -> Draft:
    """Raises UserError: the code is wrong, old or used, or joins nobody new."""
    offer = ctx.books.drafts.get(_key(code))
    if offer is None or offer.used or offer.subject["until"] < ms(ctx.at):
        raise UserError(
            say(
                "绑定码 {code} 不对或已过期。请在另一个平台再私聊我发一次「/绑定」。",
                "The code {code} is wrong or too old. Send “/link me” on the other platform again.",
                code=code,
            )
        )
    if offer.person_id == ctx.person.id:
        raise UserError(say("这里的你已经是同一个人了。", "Here you are the same person already."))
    if ctx.books.people.external_id(offer.person_id, ctx.chat.platform):
        raise UserError(
            say(
                "「{name}」在这个平台上已经有身份了，没有改动。",
                "“{name}” is on this platform already; nothing was changed.",
                name=ctx.books.people.get(offer.person_id).name,
            )
        )
    return offer


def _join(ctx: Ctx, new: Person) -> None:
    """Whoever speaks here is ``new`` from now on, with the open tasks of who they were."""
    platform, mine, old = ctx.chat.platform, _own_id(ctx), ctx.person
    for task in ctx.tasks.open_of(old.id):
        ctx.tasks.change(task, owner=new.id, owner_name=new.name, owner_zone=new.zone)
    left = ctx.books.identities.join(platform, mine, old.id, new.id)
    ctx.books.drafts.keep(
        "joined", ctx.chat.id, new.id, under=_free_key(ctx), was=old.id, roles=left.roles, chats=left.chats
    )
    ctx.books.audit(ctx.project.id, "person.join", "done", f"{old.id} {new.id}")


def _free_key(ctx: Ctx) -> str:
    number = 0
    while ctx.books.drafts.get(key := _joined_key(ctx, number)) is not None:
        number += 1
    return key


def _last_joined(ctx: Ctx) -> Draft | None:
    found, number = None, 0
    while (draft := ctx.books.drafts.get(_joined_key(ctx, number))) is not None:
        found, number = draft, number + 1
    return found


def _joined_key(ctx: Ctx, number: int) -> str:
    return f"joined:{ctx.chat.platform}:{_own_id(ctx)}:{number}"
