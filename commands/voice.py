"""Voice messages: what was heard is shown first, and done when its speaker says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chat.cards import Button, text_card
from chat.errors import UserError
from chat.messages import TOKEN, Sender
from chat.text import Text, say
from commands.context import Ctx
from commands.grammar import button
from commands.reply import Again, Pressed, Reply

SHOWN = 100
HERE, GROUP = say("这里", "here"), say("这个群", "in this group")
WHY: Mapping[str, Text] = {
    "permission": say(
        "{place}还没开语音识别，请打字。（管理员：开 speech_to_text 权限）",
        "Speech recognition is not on {place} yet; please type. (Admin: grant the permission speech_to_text)",
    ),
    "decoder": say(
        "{place}还没开语音识别，请打字。（管理员：在运行我的机器上装 ffmpeg）",
        "Speech recognition is not on {place} yet; please type. (Admin: install ffmpeg where the bot runs)",
    ),
    "long": say("语音超过 60 秒，听不了。请分开说，或打字。", "I can hear 60 seconds at most: say less, or type."),
}
UNCLEAR = say("没听清这条语音，请再说一次，或打字。", "I could not make that out. Say it again, or type.")


def heard(ctx: Ctx) -> str:
    """The words. Raises UserError: there are none, and why."""
    words = ctx.thing.text.replace(TOKEN, "").strip()
    if not words:
        why = WHY.get(str(ctx.thing.data.get("unheard", "")), UNCLEAR)
        raise UserError(Text(why.zh, why.en, {"place": GROUP if ctx.in_group else HERE}))
    return words


def confirm(ctx: Ctx) -> Reply:
    """Nothing is done but asked."""
    words = heard(ctx)
    key = ctx.books.drafts.keep("voice", ctx.chat.id, ctx.person.id, said=ctx.draft())
    text = say("听到：“{heard}”。要这样办吗？", "Heard: “{heard}”. Shall I do that?", heard=words[:SHOWN])
    return Reply(
        text_card(
            text,
            Button(say("照办", "Yes"), "voice.do", (key,), style="primary"),
            Button(say("不用", "No"), "voice.drop", (key,)),
        )
    )


@button("voice.do")
def do(ctx: Ctx, key: str) -> Pressed:
    """What was said is done as if it had been typed."""
    draft = _decided(ctx, key)
    mentions = tuple(Sender(*each) for each in draft["mentions"])
    done = say("好，照办。", "OK.")
    return Pressed(done, card=text_card(done), again=Again(draft["text"], mentions, draft["chosen"]))


@button("voice.drop")
def drop(ctx: Ctx, key: str) -> Pressed:
    _decided(ctx, key)
    nothing = say("好，没有办。", "OK, nothing was done.")
    return Pressed(nothing, card=text_card(nothing))


def _decided(ctx: Ctx, key: str) -> Mapping[str, Any]:
    draft = ctx.books.drafts.get(key)
    if draft is None or draft.kind != "voice":
        raise UserError(say("这条已经过期，请重新发一次。", "This has expired. Please send it again."))
    if draft.person_id != ctx.person.id:
        raise UserError(say("请让发这条消息的人来选。", "Only the person who sent the message can choose."))
    if not ctx.books.drafts.use(draft):
        raise UserError(say("已经选过了。", "This was already chosen."))
    return dict(draft.subject["said"])
