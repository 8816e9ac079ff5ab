"""The evidence of an approval as a file: every act, by whom, when, through what, and what they saw.

``/审批 导出 P1``
"""

from __future__ import annotations

import csv
import io
from datetime import datetime

from chat.cards import Attachment, Card, Paragraph
from chat.errors import UserError
from chat.text import Locale, Text, say
from commands.approve_desk import approval_said, desk_of, manages
from commands.context import Ctx
from commands.daily_export import BOM, harmless
from commands.grammar import command
from commands.reply import Reply
from reports.approval_cards import CHOICE, STATE
from reports.approval_desk import Desk
from reports.clocks import of_a_file
from storage.approval_evidence import Shown
from storage.approval_sheet import Approval, Said, Step

_SHOWN = say("/审批 导出 P1", "/approve export P1")
_HEADER = (
    say("轮次", "Round"), say("时间", "Time"), say("人", "Who"), say("代", "For"), say("动作", "Act"),
    say("说明", "Words"), say("方式", "Through"), say("平台", "Platform"), say("消息 id", "Message id"),
    say("所见内容 SHA-256", "SHA-256 of what was shown"), say("所见内容", "What was shown"),
)  # fmt: skip
_ACTS = {
    "asked": say("发起", "asked"),
    "changed": say("修改，新一轮", "changed, new round"),
    "again": say("重新发起，新一轮", "asked again, new round"),
    "delegated": say("换人", "handed on"),
    "added": say("加签", "added"),
    "urged": say("催办", "urged"),
    "expired": say("过期", "expired"),
    "withdrawn": say("撤回", "withdrawn"),
    "decided": say("结果", "outcome"),
}
_ERASED = say(
    "（有人的个人数据已清除，名字换成了编号，与哈希不再一致）",
    "(Somebody's personal data was erased: a number stands for the name, and the hash no longer fits)",
)
_RANKS = {"asked": 0, "changed": 0, "again": 0}
"""What stands before the votes (1) of the same moment, not after them."""
_VIA = {"button": say("按钮", "button"), "words": say("文字", "words")}


@command(
    "审批 导出", "approve export",
    usage=say("导出一个审批的全部记录", "The whole record of a request as a file"),
    example=_SHOWN,
)  # fmt: skip
def export(ctx: Ctx) -> Reply:
    """For its requester, its approvers of any round, and admins."""
    approval = approval_said(ctx, say("导出", "Export"), _SHOWN)
    desk = desk_of(ctx, approval)
    votes = ctx.books.approvals.votes(approval)
    seated = desk.sheet(approval).seated(ctx.person.id) or any(vote.person == ctx.person.id for vote in votes)
    if not manages(ctx, approval) and not seated:
        raise UserError(
            say("{ref} 的记录只给发起人、审批人和管理员。",
                "The record of {ref} is for its requester, its approvers and admins.", ref=approval.ref),
            audit="approval.manage",
        )  # fmt: skip
    ctx.books.audit(ctx.project.id, "approval.export", "done", approval.ref)
    text = say("{ref} 的记录：{n} 次表态。{whose}", "The record of {ref}: {n} votes.{whose}", ref=approval.ref,
               n=len(votes), whose=of_a_file(desk.project, ctx.person, ctx.at))  # fmt: skip
    file = Attachment(f"{approval.ref}.csv", as_csv(desk, approval, ctx.locale))
    return Reply(Card((Paragraph(text), file)))


def as_csv(desk: Desk, approval: Approval, locale: Locale) -> str:
    """By time. The hash is of the last column's text in UTF-8, lines ended by LF, as it was when somebody acted."""
    shown = desk.books.evidence.every(approval.id)
    votes, steps = desk.books.approvals.votes(approval), desk.books.approvals.history(approval)
    rows = [
        ((vote.at, vote.round, 1), _of_vote(desk, approval, vote, shown.get(vote.version), locale)) for vote in votes
    ]
    rows += [((step.at, step.round, _RANKS.get(step.what, 2)), _of_step(desk, step, locale)) for step in steps]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([title.render(locale) for title in _HEADER])
    for _, row in sorted(rows, key=lambda each: each[0]):
        writer.writerow([harmless(cell) for cell in row])
    return BOM + out.getvalue()


def _of_vote(desk: Desk, approval: Approval, vote: Said, card: Shown | None, locale: Locale) -> tuple[str, ...]:
    words = card.hashed(vote.shown) if card else ""
    if words is None and card:
        words = f"{_ERASED.render(locale)}\n{card.english if locale == 'en' else card.words}"
    seats = desk.books.approvals.seats(approval, vote.round)
    whose = next((seat.stands_for_name for seat in seats if seat.seat == vote.seat), "")
    return (
        str(vote.round), _time(desk, vote.at), vote.name, whose, CHOICE[vote.choice].render(locale), vote.reason,
        _VIA[vote.via].render(locale), vote.platform, vote.message_id, vote.shown, words or "",
    )  # fmt: skip


def _of_step(desk: Desk, step: Step, locale: Locale) -> tuple[str, ...]:
    words: Text | None = STATE.get(step.detail) if step.what == "decided" else None
    detail = words.render(locale) if words else "" if step.what == step.detail else step.detail
    return (str(step.round), _time(desk, step.at), step.who, "", _ACTS[step.what].render(locale), detail,
            "", "", "", "", "")  # fmt: skip


def _time(desk: Desk, at: datetime) -> str:
    return f"{at.astimezone(desk.zone):%Y-%m-%d %H:%M:%S.%f}"[:-3]
