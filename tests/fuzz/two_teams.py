"""Two teams that share one bot, one boss and no secrets: everything of the second one bears a mark."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from adapters.room.things import Change, Message
from bot.play import Played, perform
from bot.room_stage import RoomStage
from bot.script import read
from bot.stage import PRIVATE
from chat.cards import Attachment
from chat.plain import plain

START = datetime(2026, 9, 18, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
MARK = "乙密X9"
OURS, THEIRS = "甲群", f"{MARK}群"
LEAD, MEMBER, BOSS, FORMER, STRANGER = "张三", "李四", "王总", f"孙八{MARK}", "陈晨"
THEIR_LEAD, THEIR_MEMBER = f"赵六{MARK}", f"钱七{MARK}"
_LINES = """
{lead}@{group}> @进度助手 /项目 新建 项目{mark} 11-11
{lead}@{group}> @进度助手 /成员 加 @{member} @{boss}
{lead}@{group}> @进度助手 /成员 管理员 @{boss}
{lead}@{group}> @进度助手 /日报 设置 17:30 18:30
{lead}@{group}> @进度助手 /任务 选品{mark} @{member} 周五18:00 !高 #标{mark}
{lead}@{group}> @进度助手 /任务 主图{mark} @{lead} 9-17
{lead}@{group}> @进度助手 /任务 文案{mark}
{lead}@{group}> @进度助手 T1 50% 素材{mark}
{lead}@{group}> @进度助手 T2 依赖 T1
{member}@{group}> @进度助手 今日：写{mark} 明日：改{mark} 阻塞：等{mark}
{lead}@{group}> @进度助手 /里程碑 上线{mark} 9-30
{lead}@{group}> @进度助手 /审批 预算{mark} @{member}
{lead}@{group}> @进度助手 /决策 方案{mark} @{member}
{lead}@{group}> @进度助手 /请回复 报价{mark} @{member} 明天
{lead}@{group}> @进度助手 /周期 每周一 周报{mark} @{member}
{lead}@{group}> @进度助手 /目标 销量{mark} 100
{lead}@{group}> @进度助手 /基线 冻结
{lead}@{group}> @进度助手 /交接 @{lead}→@{member}
"""


class Teams:
    """``seen``: what somebody could read since it was last emptied: (place, words)."""

    def __init__(self, folder: Path) -> None:
        self.stage = RoomStage(START)
        self._file = folder / "step.chat"
        self._played = Played(self._file)
        self.seen: list[tuple[str, str]] = []
        self.stage.room.watch(self._carried)

    async def start(self) -> None:
        await self.stage.start()
        await self._do(f"群 {OURS}：{LEAD} {MEMBER} {BOSS}")
        await self._do(f"群 {THEIRS}：{THEIR_LEAD} {THEIR_MEMBER} {BOSS} {FORMER}")
        team = {"lead": LEAD, "member": MEMBER, "boss": BOSS, "group": OURS, "mark": ""}
        await self._do(_LINES.format(**team))
        await self._do(_LINES.format(**{**team, "lead": THEIR_LEAD, "member": THEIR_MEMBER, "group": THEIRS,
                                        "mark": MARK}))  # fmt: skip
        await self._do(f"{THEIR_LEAD}@{THEIRS}> @进度助手 /客户 新建 客户{MARK} 签约2026-09-15 @{THEIR_MEMBER}")
        for words in (f"/客户 回访 客户{MARK} 聊了{MARK}", f"T3 清单 检查{MARK}", f"T3 跳过 1 赶{MARK}"):
            await self._do(f"{THEIR_LEAD}@{THEIRS}> @进度助手 {words}")
        await self._do(f"{FORMER}@{THEIRS}> @进度助手 /进度")
        await self._do(f"{THEIR_LEAD}@{THEIRS}> @进度助手 /成员 移除 @{FORMER}")
        await self._do(f"事件 {FORMER} 退群")
        for who in (LEAD, MEMBER, BOSS, FORMER, STRANGER):
            await self._do(f"{who}@{PRIVATE}> 你好")
        self.seen.clear()

    async def close(self) -> None:
        await self.stage.close()

    async def says(self, who: str, where: str, words: str) -> None:
        """where: a group, or 私聊."""
        room = self.stage.room
        person = self.stage._person(who)
        room.say(person, self._place(who, where), words if where == PRIVATE else f"@进度助手 {words}")
        await self._settle()

    async def presses(self, who: str, where: str, verb: str, args: tuple[str, ...]) -> None:
        """A button that nobody drew."""
        room, person, place = self.stage.room, self.stage._person(who), self._place(who, where)
        key = room.press(person, self._card(place).id, (verb, args))
        await self._settle()
        answer = room.answer(key)
        if answer is not None:
            self.seen.append((f"@{who}", answer.toast.render("zh")))
            if answer.card is not None:
                self.seen.append((where if where != PRIVATE else f"@{who}", plain(answer.card, "zh")))

    async def waits(self, at: datetime) -> None:
        await self.stage.go(at)
        await self._settle()

    def leaks(self) -> list[tuple[str, str]]:
        """What was shown to somebody who may not see it."""
        theirs = {THEIRS, f"@{THEIR_LEAD}", f"@{THEIR_MEMBER}", f"@{BOSS}"}
        return [
            (place, words) for place, words in self.seen if MARK in words.replace(FORMER, "") and place not in theirs
        ]

    def _carried(self, change: Change) -> None:
        """What stands in a file can be read as well."""
        message = change.message
        for block in message.card.blocks if message is not None and message.card is not None else ():
            if isinstance(block, Attachment):
                chat = self.stage.room.chats[message.chat]
                place = chat.name if chat.kind == "group" else "@" + self.stage.room.people[chat.members[0]].name
                self.seen += [(place, words) for words in (block.name, *_texts(block.data))]

    async def _do(self, lines: str) -> None:
        self._file.write_text(lines, encoding="utf-8")
        for step in read(self._file):
            if step.kind == "event":
                self.stage.group = THEIRS
            await perform(self.stage, step, self._played)
        await self._settle()

    async def _settle(self) -> None:
        await self.stage.idle()
        self.seen += [(line.place, line.text) for line in self.stage.said]
        self.stage.said.clear()
        self.stage.toasts.clear()

    def _place(self, who: str, where: str) -> str:
        return self.stage.room.direct(self.stage._person(who)) if where == PRIVATE else self.stage.room.group(where)

    def _card(self, place: str) -> Message:
        return next(message for message in reversed(self.stage.room.messages(place)) if message.kind == "card")


def _texts(data: bytes) -> list[str]:
    """Of a file, or of what is packed in it: a workbook is an archive."""
    if not data.startswith(b"PK"):
        return [data.decode(errors="replace")]
    with ZipFile(BytesIO(data)) as packed:
        return [packed.read(name).decode(errors="replace") for name in packed.namelist()]
