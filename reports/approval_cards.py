"""How an approval looks: the card that is pressed, the same card after every vote, and the one line of its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from chat.cards import Block, Button, Buttons, Card, Field, Form, Paragraph, Tone
from chat.frozen import frozen
from chat.text import NOTHING, Text, join, listed, say, verbatim
from planning.approval import Choice, Mode
from planning.calendar import Calendar
from reports.clocks import seen_by
from reports.days import bare_day, long_day
from storage.approval_sheet import UNSEEN, Approval, Said, Seat, Sheet

MODE = {
    Mode.ALL: say("会签", "all of"),
    Mode.ANY: say("或签", "any of"),
    Mode.IN_TURN: say("依次", "in turn"),
    Mode.EVERY: say("会签（都表态后定）", "all of, when all have spoken"),
}
CHOICE = {"yes": say("同意", "approved"), "no": say("拒绝", "rejected"), "back": say("退回", "sent back")}
STATE = {
    "approved": say("已通过", "approved"),
    "rejected": say("未通过", "rejected"),
    "returned": say("退回修改", "sent back"),
    "expired": say("已过期", "expired"),
    "withdrawn": say("已撤回", "withdrawn"),
    "open": say("待处理", "open"),
}
REASONS = (
    say("预算不足", "No budget"),
    say("信息不全", "Too little information"),
    say("时机不对", "Wrong time"),
    say("方案要换", "Another way is better"),
)
"""What a refusal may say where a card takes no words."""
_MARK = {"approved": "✅", "rejected": "❌", "returned": "↩️", "expired": "⏱", "withdrawn": "🚫"}
_TONE: dict[str, Tone] = {"approved": "good", "rejected": "bad", "returned": "warn"}
SHOWN_DETAIL, SHOWN_REASON = 300, 200


@frozen
class Look:
    """Where an approval is looked at. ``now``: on the local wall clock. ``in_group``: it was asked in one.

    ``zones``: of all who read it.
    """

    calendar: Calendar
    now: datetime
    in_group: bool
    zones: tuple[str, ...] = ()

    def clock(self, at: datetime) -> str:
        return clock(at, self.now)

    def day(self, at: datetime) -> Text:
        """``2026-10-10（周六·调休上班）12:00``: without 今天, for a card is read on other days too."""
        local = at.astimezone(self.now.tzinfo)
        day = long_day(local.date(), self.calendar, None, local.hour * 60 + local.minute)
        return seen_by(self.zones, day, at, ZoneInfo(str(self.now.tzinfo))) if any(self.zones) else day


def clock(at: datetime, now: datetime) -> str:
    """``14:20``, or ``9-18 14:20`` on another day."""
    local = at.astimezone(now.tzinfo)
    day = "" if local.date() == now.date() else bare_day(local.date()) + " "
    return f"{day}{local:%H:%M}"


def head(approval: Approval) -> Text:
    """``P1 预算追加3万元``."""
    return say("{ref} {title}", "{ref} {title}", ref=approval.ref, title=approval.title)


def called(seat: Seat) -> Text:
    """``陈晨``, or ``陈晨（代 赵六）``."""
    if seat.stands_for is None or seat.stands_for == seat.person:
        return verbatim(seat.name)
    return say("{name}（代 {other}）", "{name} (for {other})", name=seat.name, other=seat.stands_for_name)


def names(seats: Sequence[Seat]) -> Text:
    return listed(called(seat) for seat in seats)


def facts(sheet: Sheet, look: Look, unreached: Sequence[str] = ()) -> list[Text]:
    """Everything the card says, line by line."""
    approval = sheet.approval
    shown = _behind(approval.title, approval.detail)
    lines = [
        say(
            "🖊 {head}{more}　{mode} {yes}/{n}", "🖊 {head}{more} · {mode} {n}: {yes}/{n} approved", head=head(approval),
            more="…" if shown.startswith("…") else "", mode=MODE[approval.mode], yes=sheet.decision.yes,
            n=len(sheet.seats),
        ),
        say("发起：{who}｜截止 {day}", "From: {who} | Due {day}", who=approval.requester_name,
            day=look.day(approval.deadline)),
    ]  # fmt: skip
    if shown:
        lines.append(verbatim(_cut(shown, SHOWN_DETAIL)))
    if approval.changes != NOTHING:
        lines.append(approval.changes if approval.state != "open" else _to_decide_again(approval.changes))
    if approval.state != "open":
        return [*lines, *_outcome_line(sheet, look)]
    if any(vote.choice == "yes" for vote in sheet.votes):
        lines.append(say("已同意：{who}", "Approved by: {who}", who=voters(sheet, look)))
    if any(vote.choice == "no" for vote in sheet.votes):
        lines.append(say("已拒绝：{who}", "Rejected by: {who}", who=voters(sheet, look, "no")))
    lines.append(say("待：{who}", "Waiting for: {who}", who=_waiting(sheet)))
    return lines + _apart(sheet, look, unreached)


def _cut(words: str, size: int) -> str:
    return words if len(words) <= size else words[:size] + "…"


def _behind(title: str, detail: str) -> str:
    """What the title does not say already; it is how the detail begins."""
    rest = detail.removeprefix(title)
    return rest.strip() if rest == detail or rest[:1].isspace() else f"…{rest}"


def _to_decide_again(changes: Text) -> Text:
    return say("{what}，请重新处理", "{what}: please decide again", what=changes)


def _waiting(sheet: Sheet) -> Text:
    asked = sheet.asked
    later = [seat for seat in sheet.silent if seat not in asked]
    if not later:
        return names(asked)
    return say("{who}（之后 {later}）", "{who} (then {later})", who=names(asked), later=names(later))


def _apart(sheet: Sheet, look: Look, unreached: Sequence[str]) -> list[Text]:
    """Who was asked directly because they are not here; who could not be."""
    lines = []
    for seat in sheet.asked:
        if seat.name in unreached:
            lines.append(
                say("私聊不到{who}，请转告：私聊我回「同意 {ref}」",
                    "I cannot reach {who}: please tell them to send me “yes {ref}”",
                    who=seat.name, ref=sheet.approval.ref)
            )  # fmt: skip
        elif seat.apart == UNSEEN and look.in_group:
            lines.append(say("已私聊 {who}", "{who} was asked directly", who=seat.name))
        elif seat.apart and look.in_group:
            lines.append(
                say("{who}不在本群，已私聊", "{who} is not in this group and was asked directly", who=seat.name)
            )
    return lines


def voters(sheet: Sheet, look: Look, choice: Choice = "yes") -> Text:
    """``王五 10:01、赵六 10:01``."""
    return listed(_voter(sheet, vote, look) for vote in sheet.votes if vote.choice == choice)


def _voter(sheet: Sheet, vote: Said, look: Look) -> Text:
    return say("{who} {at}", "{who} {at}", who=_called_by(sheet, vote), at=look.clock(vote.at))


def _called_by(sheet: Sheet, vote: Said) -> Text:
    return next((called(seat) for seat in sheet.seats if seat.seat == vote.seat), verbatim(vote.name))


def _against(sheet: Sheet) -> Said | None:
    ended = "back" if sheet.approval.state == "returned" else "no"
    return next((vote for vote in sheet.votes if vote.choice == ended), None)


def _outcome_line(sheet: Sheet, look: Look) -> list[Text]:
    state = sheet.approval.state
    who = _who_ended(sheet, look)
    return [
        say("{mark} {state}{who}", "{mark} {state}{who}", mark=_MARK[state], state=STATE[state], who=who)
    ]  # fmt: skip


def _who_ended(sheet: Sheet, look: Look) -> Text:
    """``（赵六：预算已满）``, or NOTHING."""
    approval, no = sheet.approval, _against(sheet)
    if approval.state == "approved":
        return say("（{who}）", " ({who})", who=voters(sheet, look))
    if approval.state == "expired":
        return say("（{who}未处理）", " (no answer from {who})", who=names(sheet.silent))
    if approval.state not in ("rejected", "returned") or no is None:
        return NOTHING
    if not no.reason:
        return say("（{who}）", " ({who})", who=_called_by(sheet, no))
    return say("（{who}：{why}）", " ({who}: {why})", who=_called_by(sheet, no),
               why=_cut(" ".join(no.reason.split()), SHOWN_REASON))  # fmt: skip


def outcome(sheet: Sheet, look: Look) -> Text:
    """The one line everybody gets: ``✅ P1 预算追加3万元 已通过（王五 10:01、赵六 10:01）``."""
    approval, state = sheet.approval, sheet.approval.state
    called_so = head(approval) if state == "approved" else verbatim(approval.ref)
    return say(
        "{mark} {head} {state}{who}", "{mark} {head} {state}{who}", mark=_MARK[state], head=called_so,
        state=STATE[state], who=_who_ended(sheet, look),
    )  # fmt: skip


def card(approval: Approval, lines: list[Text], version: int, *, typed: bool) -> Card:
    """lines: its ``facts``, kept as evidence under ``version``.

    typed: the platform's cards take words; where not, a refusal chooses among four reasons.
    """
    blocks: list[Block] = [Paragraph(join(lines, "\n"))]
    if approval.state != "open":
        if approval.state == "expired":
            blocks.append(Buttons((again_button(approval),)))
        return Card(tuple(blocks), tone=_TONE.get(approval.state, "plain"))
    blocks += buttons(approval, version, typed=typed)
    blocks.append(
        Paragraph(
            say("也可回：同意 {ref} / 拒绝 {ref} 原因", "Or reply: yes {ref} / no {ref} reason", ref=approval.ref),
            quiet=True,
        )
    )
    return Card(tuple(blocks))


def buttons(approval: Approval, version: int, *, typed: bool) -> list[Block]:
    """[同意] [拒绝…] [退回修改]. version: of the evidence of what stands above them."""
    args = (str(approval.id), str(approval.round))
    yes = Button(say("同意", "Approve"), "approval.yes", args, version, "primary")
    back = Button(say("退回修改", "Send back"), "approval.back", args, version)
    if typed:
        why = Field("why", say("原因", "Reason"), required=True, hint=say("例：预算已满", "e.g. the budget is spent"))
        form = Form("approval.no", (why,), say("拒绝", "Reject"), args, version, say("拒绝…", "Reject…"))
        return [Buttons((yes,)), form, Buttons((back,))]
    refusals = [
        Button(say("拒绝：{why}", "Reject: {why}", why=reason), "approval.no", (*args, str(number)), version)
        for number, reason in enumerate(REASONS, 1)
    ]
    return [Buttons((yes, *refusals, back))]


def again_button(approval: Approval) -> Button:
    return Button(say("重新发起", "Ask again"), "approval.again", (str(approval.id), str(approval.round)))
