"""Where to write to me when no chat reaches me.  ``/邮箱 wang@example.com``  ``/邮箱 482913``  ``/邮箱 取消``"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from chat.cards import text_card
from chat.errors import UserError
from chat.ports import MAIL
from chat.text import Text, say
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import command
from commands.reply import Reply
from storage.mail import Mail

EXAMPLE = say("/邮箱 wang@example.com", "/mail wang@example.com")
LASTS = timedelta(minutes=30)
AGAIN = timedelta(minutes=1)
"""Between two codes for one person."""
TRIES, A_DAY = 5, 5
"""Guesses at one code; codes for one person, and to one address. Together they make guessing hopeless."""
DAY = timedelta(days=1)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}")
_CODE = re.compile(r"\d{6}")
_OFF = re.compile(r"(?:取消|关闭?|删除?|不要|解绑|off|no|none|delete|cancel)")


@command(
    "邮箱", "mail", "email",
    usage=say("聊天里找不到我时，发到这个邮箱", "Write to this address when no chat reaches me"),
    example=EXAMPLE,
)  # fmt: skip
def mail(ctx: Ctx, words: Rest) -> Reply:
    """An address: a code goes there. The code: it is used from now on. Alone: which one, and how it does."""
    said = words.strip()
    if _OFF.fullmatch(said.lower()):
        return _private(_forgotten(ctx))
    if not ctx.abilities(MAIL).direct:
        raise UserError(
            say("还没有接邮件，请管理员在 config.toml 的 [mail] 里配好。",
                "Mail is not set up yet. An admin can do that in [mail] of config.toml.")
        )  # fmt: skip
    if not said:
        return _private(_shown(ctx))
    if _CODE.fullmatch(said):
        return _private(_confirmed(ctx, said))
    if len(said) > 254 or not _ADDRESS.fullmatch(said):
        raise UserError(
            say("「{words}」不是邮箱地址。例：{example}", "“{words}” is no e-mail address. Example: {example}",
                words=said[:40], example=EXAMPLE)
        )  # fmt: skip
    return _private(_asked(ctx, said.lower()))


def _private(text: Text) -> Reply:
    """An address is nobody else's business."""
    return Reply(text_card(text), private=True)


def _asked(ctx: Ctx, address: str) -> Text:
    """Raises UserError: a code went out a moment ago, or it is theirs already."""
    known = ctx.books.mails.of(ctx.person.id)
    if known is not None and (known.address, known.state) == (address, "confirmed"):
        raise UserError(
            say("本来就是 {address}，没有改动。", "It is {address} already; nothing changed.", address=address)
        )
    for whom in (f"person:{ctx.person.id}", f"mail:{address}"):
        if not ctx.books.notices.first(whom, "mail.code", AGAIN):
            raise UserError(say("验证码刚发过，等 1 分钟再试。", "A code was just sent. Try again in a minute."))
        if not any(ctx.books.notices.first(whom, f"mail.code.{n}", DAY) for n in range(A_DAY)):
            raise UserError(
                say("今天发过 {n} 次验证码了，明天再试。", "{n} codes were sent today. Try again tomorrow.", n=A_DAY)
            )
    code = f"{secrets.randbelow(1_000_000):06d}"
    ctx.books.mails.ask(ctx.person.id, address, code, LASTS)
    letter = say(
        "验证码 {code}\n{who} 想用这个邮箱收进度助手的提醒。是你就在 30 分钟内到聊天里回：/邮箱 {code}。不是就不用管。",
        "Code {code}\n{who} wants reminders to come to this address. If that is you, send “/mail {code}” in chat "
        "within 30 minutes. If not, ignore this.",
        code=code, who=ctx.person.name,
    )  # fmt: skip
    ctx.books.outbox.post(MAIL, address, text_card(letter), kind="direct", locale=ctx.locale, secret=True)
    return say(
        "✉️ 验证码已发到 {address}，30 分钟内回：/邮箱 6 位数字。没收到就看看垃圾箱。",
        "✉️ A code was sent to {address}. Send “/mail” and its 6 digits within 30 minutes; see the spam folder, too.",
        address=address,
    )


def _confirmed(ctx: Ctx, code: str) -> Text:
    """Raises UserError: there is nothing to confirm, it is too late, or it was guessed too often."""
    known = ctx.books.mails.of(ctx.person.id)
    if known is None or known.state != "asked" or known.code_until <= ctx.at or known.tries >= TRIES:
        raise UserError(
            say("验证码过期了，重新发：{example}", "This code has expired. Send anew: {example}", example=EXAMPLE)
        )  # fmt: skip
    if not known.fits(code):
        ctx.books.mails.wrong(ctx.person.id)
        return say("验证码不对，再看一眼邮件。", "That is not the code. Please look at the letter again.")
    ctx.books.mails.confirm(ctx.person.id)
    return say(
        "✅ 聊天里找不到你时，发到 {address}。不要了：/邮箱 取消",
        "✅ When no chat reaches you, {address} does. To stop: /mail off", address=known.address,
    )  # fmt: skip


def _forgotten(ctx: Ctx) -> Text:
    if not ctx.books.mails.drop(ctx.person.id):
        raise UserError(say("没有登记邮箱。例：{example}", "There is no address. Example: {example}", example=EXAMPLE))
    return say("✅ 邮箱已删除，不再发邮件。", "✅ The address is forgotten; no more letters.")


def _shown(ctx: Ctx) -> Text:
    known = ctx.books.mails.of(ctx.person.id)
    if known is None:
        return say(
            "还没登记邮箱。聊天里找不到你时可以发邮件：{example}",
            "There is no address yet. For when no chat reaches you: {example}", example=EXAMPLE,
        )  # fmt: skip
    return say("邮箱：{address}（{state}）。换一个：{example}，删掉：/邮箱 取消",
               "Address: {address} ({state}). Another: {example}; none: /mail off",
               address=known.address, state=_state(known), example=EXAMPLE)  # fmt: skip


def _state(known: Mail) -> Text:
    if known.state == "confirmed":
        return say("在用", "in use")
    return (
        say("被退信了，请换一个", "letters come back") if known.state == "bounced" else say("待验证", "to be confirmed")
    )
