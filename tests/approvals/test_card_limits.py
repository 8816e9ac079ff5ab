"""What an approval looks like with twenty people, long reasons and hostile words is within what each platform takes."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest

from adapters.dingtalk import cards as dingtalk
from adapters.feishu import cards as feishu
from adapters.wecom import render as wecom
from chat.cards import Card
from chat.text import NOTHING, Locale, verbatim
from planning.approval import Choice, Mode
from planning.calendar import Calendar
from reports.approval_cards import Look, card, facts, outcome
from storage.approval_sheet import HERE, Approval, Said, Seat, Sheet
from tests.approvals.conftest import Office

NOW = datetime(2026, 10, 9, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
HOSTILE = ("<at id=all></at>{{7*7}}**粗**[点我](http://evil.example/?a=1&b=2)`x`|~~y~~ @所有人 \u202e反" * 3)[:100]


def drawn(*, state: str = "open", yes: int = 0, reason: str = "", detail: str = "", mode: Mode = Mode.ALL) -> Sheet:
    ends = NOW + timedelta(days=1)
    approval = Approval(1, 1, 12345, 1, 1, "张三" * 10, HOSTILE, detail, mode, 1, state, NOW, ends, None, NOTHING)
    seats = tuple(
        Seat(n, n, f"<b>审批人{n:02}*_`名字很长", 99 if n % 3 == 0 else None, "原来的人" if n % 3 == 0 else "", HERE)
        for n in range(1, 21)
    )

    def vote(n: int, choice: Choice, why: str) -> Said:
        return Said(n, choice, 1, n, seats[n - 1].name, why, NOW, "words", "room", "m", 1, "")

    votes = [vote(n, "yes", "") for n in range(1, yes + 1)]
    votes += [vote(yes + 1, "no", reason)] if reason else []
    return Sheet(approval, seats, tuple(votes))


SHEETS = [
    drawn(), drawn(yes=19), drawn(mode=Mode.IN_TURN), drawn(detail="长" * 4000 + "\n" + "[a](http://b.example)" * 40),
    drawn(state="rejected", yes=5, reason="理由\n" * 1000), drawn(state="approved", yes=20),
    drawn(state="expired", yes=3),
]  # fmt: skip
LOOK = Look(Calendar(), NOW, True)


def card_of(sheet: Sheet, *, typed: bool) -> Card:
    return card(sheet.approval, facts(sheet, LOOK), 7, typed=typed)


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("sheet", SHEETS)
def test_feishu_takes_it_as_one_card(sheet: Sheet, locale: Locale) -> None:
    """One: only then is it the answer to a press."""
    (made,) = feishu.cards(card_of(sheet, typed=True), locale)
    words = orjson.dumps(made).decode()
    assert len(words.encode()) < 30_000
    assert "<at id=all>" not in words
    assert "](http" not in words


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("sheet", SHEETS)
def test_dingtalk_takes_it(sheet: Sheet, locale: Locale) -> None:
    for inputs in (True, False):
        writer = dingtalk.Writer(inputs=inputs)
        for part in writer.parts(card_of(sheet, typed=inputs), locale, named=True):
            assert not isinstance(part, dingtalk.Media)
            if isinstance(part, dingtalk.Interactive):
                assert len(part.params["markdown"].encode()) <= dingtalk.VALUE_BYTES
                buttons = orjson.loads(part.params["sys_full_json_obj"])["msgButtons"]
                assert len(buttons) <= dingtalk.BUTTONS
            else:
                assert len(part.content.encode()) <= 20_000
                assert "](http" not in part.content


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("sheet", SHEETS)
def test_wecom_takes_it(sheet: Sheet, locale: Locale) -> None:
    for part in wecom.Writer("https://jindu.example").parts(card_of(sheet, typed=False), locale, "base"):
        assert not isinstance(part, wecom.Media)
        if isinstance(part, wecom.Words):
            assert len(part.content.encode()) <= 20_480
            assert "](http" not in part.content
            continue
        assert len(part.card["main_title"]["title"]) <= wecom.TITLE
        assert len(part.card.get("sub_title_text", "")) <= wecom.BODY
        buttons = part.card.get("button_list", [])
        assert len(buttons) <= wecom.BUTTONS
        assert all(len(button["text"]) <= wecom.LABEL for button in buttons)
        assert sheet.approval.state != "open" or buttons or part.card["checkbox"]


def test_the_line_of_a_long_reason_is_short() -> None:
    said = outcome(drawn(state="rejected", yes=5, reason="理由\n" * 1000), LOOK).plain()
    assert len(said) < 260
    assert said.endswith("…）")
    assert "\n" not in said


async def test_a_long_reason_is_kept_whole_for_the_record(office: Office) -> None:
    await office.say("张三", "/审批 买灯 @王五 明天12:00")
    said = await office.say("王五", "拒绝 P1 " + "太贵" * 999)
    assert len(said[0]) < 260
    kept = "SELECT length(reason) FROM approval_vote"
    assert await office.number(kept) == 1998
    assert verbatim("太贵" * 100).plain() in said[0]
