"""May people approve their own requests, and who stands in for who is gone?

``/设置 审批 自审 开``, ``/设置 审批 后备 @王五``, ``/设置 审批 拒绝 都表态后定``
"""

from __future__ import annotations

import re

from chat.errors import UserError
from chat.text import Text, say
from commands.access import require
from commands.arguments import Rest, Someone
from commands.context import Ctx
from commands.departed import here_still
from commands.grammar import command
from commands.reply import Reply, reply
from reports.approval_desk import FALLBACK, PATIENT, SELF

_SHOWN = say("/设置 审批 自审 开", "/set approval self on")
_SELF = re.compile(r"^(?:自审|自己审批|self)?\s*(开|打开|开启|允许|on|yes|关|关闭|关掉|不允许|off|no)$")
_PATIENT = re.compile(
    r"^(?:会签)?(?:一人|有人)?拒绝[\s:：]*(?:(?P<wait>等?都?全?部?表态(?:之?后)?(?:再|才)?(?:定|结束)?|不(?:马上|立即)?结束)"
    r"|(?P<end>就?(?:马上|立即|立刻)?(?:结束|否决)))$|^refusal (?:(?P<waits>waits)|(?P<ends>ends))$"
)
_ON = ("开", "打开", "开启", "允许", "on", "yes")
_NOBODY = re.compile(r"^(?:后备人?|fallback)\s*(?:无|没有|不要|清除|none|nobody|off|关)$")
_FALLBACK = re.compile(r"^(?:后备人?|fallback)$")


@command(
    "设置 审批", "set approval",
    usage=say("审批：能否自审，谁是后备人", "Approvals: of oneself, and who stands in"),
    example=_SHOWN,
    roles="admin",
)  # fmt: skip
def settings(ctx: Ctx, who: Someone, words: Rest) -> Reply:
    """Alone: how it is set now."""
    said = words.lower()
    if not said and who is None:
        return _now(ctx)
    require(ctx, "settings.approval")
    if who is not None and _FALLBACK.match(said):
        here_still(who)
        ctx.books.projects.set(ctx.project, **{FALLBACK: who.id})
        return reply("✅ 审批后备人：{who}。审批人离职时自动转给 {who}。",
                     "✅ {who} stands in for approvers who have left.", who=who.name)  # fmt: skip
    if _NOBODY.match(said):
        ctx.books.projects.set(ctx.project, **{FALLBACK: None})
        return reply("✅ 审批后备人：无。审批人离职时问发起人。",
                     "✅ Nobody stands in: the requester is asked when an approver has left.")  # fmt: skip
    if who is None and (match := _SELF.match(said)):
        on = match.group(1) in _ON
        ctx.books.projects.set(ctx.project, **{SELF: on or None})
        return reply("✅ 自审：{state}。", "✅ Approving one's own requests: {state}.", state=_word(on))
    if who is None and (match := _PATIENT.match(said)):
        waits = bool(match["wait"] or match["waits"])
        ctx.books.projects.set(ctx.project, **{PATIENT: waits or None})
        said_so = _patience(waits)
        return reply("✅ 会签有人拒绝：{state}。对之后发起的审批有效。",
                     "✅ When somebody refuses: {state}. For requests from now on.", state=said_so)  # fmt: skip
    raise UserError(
        say("没看懂。例：{example}、/设置 审批 后备 @王五、/设置 审批 拒绝 都表态后定",
            "I do not understand. Examples: {example}, /set approval fallback @Wang, /set approval refusal waits",
            example=_SHOWN)
    )  # fmt: skip


def _now(ctx: Ctx) -> Reply:
    on = bool(ctx.project.settings.get(SELF))
    other = ctx.project.settings.get(FALLBACK)
    name = ctx.books.people.get(other).name if isinstance(other, int) else say("无", "nobody")
    return reply(
        "审批：自审 {state}，后备人 {who}，会签有人拒绝{patience}。\n"
        "改：/设置 审批 自审 {other}　/设置 审批 后备 @某人　/设置 审批 拒绝 都表态后定",
        "Approvals: of oneself {state}, stand-in {who}; when somebody refuses: {patience}.\n"
        "Change: /set approval self {other}, /set approval fallback @name, /set approval refusal waits",
        patience=_patience(bool(ctx.project.settings.get(PATIENT))),
        state=_word(on), who=name, other=_word(not on),
    )  # fmt: skip


def _patience(waits: bool) -> Text:
    return say("都表态后定", "all are heard first") if waits else say("就结束", "it ends")


def _word(on: bool) -> Text:
    return say("开", "on") if on else say("关", "off")
