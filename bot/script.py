"""The transcript format: who says what where, presses, clock moves, and the lines expected of the bot.

::

    # a comment
    == 2026-09-18 14:00 ==                  the clock; the first one starts it, later ones let time pass: 17:30, +10分
    停机到 20:10                             the bot is off from now until then
    额度 4012/5000                          so many of the month's messages are used; 额度 用完, 额度 恢复
    平台 企业微信                            the one platform it is for: 飞书, 钉钉, 企业微信; without: 聊天室 and any
    〔企业微信〕 …                           this line and what continues it there alone; 〔飞书 钉钉〕; 〔钉钉以外〕
    群 双十一大促：张三 李四（投放部）         a group the bot is in already; the first person added it
    进群 双十一大促：张三 李四                the same, and what the bot says on entering is expected below
    张三> @进度助手 /任务 写周报              said in the group named last;  张三@私聊>  to the bot alone;  张三@群名>
    张三 引用「主图」> @进度助手 转任务        replying to the newest message that contains 主图
    张三 语音> @进度助手 …                   a voice message with its transcript
    张三 随即撤回> @进度助手 …               said and taken back before the bot can answer
    张三 点 [完成]                           presses the newest button of that name here;  张三@私聊 点 [完成]
    张三 点 [完成]「T1」                      … on the newest card that contains T1
    张三 填 [填写日报] 今日=a 明日=b           sends a form, fields by label or name; ｜ for a line break within a field
    张三 撤回「投放计划」                     recalls their newest message that contains it
    事件 李四 退群                           退群, 入群, 离职, 移出机器人, 拉回机器人, 解散, 改名 新名
    事件 李四 已读                           has read all that the bot said, where a platform tells
    机器人> ✅ T1 写周报                      expected next in the group;  机器人@张三>  in a direct chat;  机器人@群名>
        [完成] [改时间]                      indented lines continue the message; [ ] are buttons, in order
    改> …                                   a card that the bot redraws;  改@张三>
    提示> 已完成                             the answer to the last press, seen by the presser alone
    断言 任务 2                              rows in the books: 任务, 里程碑, 依赖, 日报, 阻塞, 休假, 请回复, 定时, 被拒
    ~ 张三> …                               preparation: what the bot answers to it is not looked at

``⟨…⟩`` in an expected line stands for any words. White space is not compared; an unexpected bot line fails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DEFAULT = "聊天室"
PLATFORMS = (DEFAULT, "飞书", "钉钉", "企业微信")
BUT = "以外"
_ONLY = re.compile(r"〔([^〕]+)〕\s*")
_TIME = re.compile(r"==\s*(.+?)\s*==$")
_OFF = re.compile(r"停机到\s+(.+)$")
_GROUP = re.compile(r"(群|进群)\s+(.+?)[：:]\s*(.+)$")
_BOT = re.compile(r"(机器人|改)(?:@([^>＞]+?))?[>＞]\s?(.*)$")
_TOAST = re.compile(r"提示[>＞]\s?(.*)$")
_CHECK = re.compile(r"断言\s+(\S+)\s+(\d+)$")
_EVENT = re.compile(r"事件\s+(\S+)\s+(\S+)(?:\s+(.+))?$")
_RECALL = re.compile(r"(\S+?)(?:@(\S+))?\s+撤回「(.+)」$")
_PRESS = re.compile(r"(\S+?)(?:@(\S+))?\s+点\s*\[(.+?)\](?:\s*「(.+)」)?$")
_FORM = re.compile(r"(\S+?)(?:@(\S+))?\s+填\s*\[(.+?)\]\s*(.*)$")
_SAID = re.compile(r"(\S+?)(?:@([^>＞\s]+))?(?:\s+引用「(.+?)」)?(?:\s+(语音|随即撤回))?[>＞]\s?(.*)$")


@dataclass
class Step:
    """One line of a transcript.

    ``kind``: time, off, quota, platform, group, bot, edit, toast, check, event, recall, press, form, said.
    ``where``: "" the group named last, 私聊, a group's or (for the bot's lines) a person's name.
    """

    line: int
    kind: str
    who: str = ""
    where: str = ""
    text: str = ""
    more: str = ""
    voice: bool = False
    recalled: bool = False
    quiet: bool = False


class BadScript(Exception):
    """A line that is no step; ``str()`` names file, line and what was there."""


def read(path: Path, platform: str = "") -> list[Step]:
    """The steps of one file as played on ``platform``, or on the one that the file itself names.

    Raises BadScript, OSError.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    platform = _named(lines) or platform or DEFAULT
    steps: list[Step] = []
    skipped = False
    for number, raw in enumerate(lines, 1):
        indented = raw[:1] in (" ", "\t")
        if not raw.strip() or raw.startswith("#") or (indented and skipped):
            continue
        here, raw = _here(raw.lstrip() if indented else raw, platform, f"{path}:{number}")
        if indented:
            if not steps or steps[-1].kind not in ("bot", "edit", "toast", "said"):
                raise BadScript(f"{path}:{number}: an indented line must continue a message: {raw.strip()}")
            steps[-1].text += f"\n{raw.strip()}" if here else ""
            continue
        skipped = not here
        quiet = raw.startswith("~")
        step = _step(raw.lstrip("~ "), number)
        if step is None:
            raise BadScript(f"{path}:{number}: not a step: {raw}")
        step.quiet = step.quiet or quiet
        if here:
            steps.append(step)
    return steps


def _named(lines: list[str]) -> str:
    """The platform that a file asks for; "" for none."""
    return next((line[3:].strip() for line in lines if line.startswith("平台 ")), "")


def _here(raw: str, platform: str, where: str) -> tuple[bool, str]:
    """(is this line for this platform?, the line without the mark). Raises BadScript."""
    mark = _ONLY.match(raw)
    if mark is None:
        return True, raw
    names = re.split(r"[\s、，,]+", mark.group(1).strip().removesuffix(BUT))
    if strange := [name for name in names if name not in PLATFORMS]:
        raise BadScript(f"{where}: no such platform: {strange[0]}; there are {'、'.join(PLATFORMS)}")
    return (platform in names) != mark.group(1).endswith(BUT), raw[mark.end() :]


def _step(raw: str, line: int) -> Step | None:
    if match := _TIME.match(raw):
        return Step(line, "time", text=match.group(1))
    if match := _OFF.match(raw):
        return Step(line, "off", text=match.group(1).strip())
    if raw.startswith("额度 "):
        return Step(line, "quota", text=raw[3:].strip())
    if raw.startswith("平台 "):
        return Step(line, "platform", text=raw[3:].strip())
    if match := _GROUP.match(raw):
        return Step(line, "group", text=match.group(2), more=match.group(3), quiet=match.group(1) == "群")
    if match := _BOT.match(raw):
        kind = "bot" if match.group(1) == "机器人" else "edit"
        return Step(line, kind, where=match.group(2) or "", text=match.group(3))
    if match := _TOAST.match(raw):
        return Step(line, "toast", text=match.group(1))
    if match := _CHECK.match(raw):
        return Step(line, "check", who=match.group(1), text=match.group(2))
    if match := _EVENT.match(raw):
        return Step(line, "event", who=match.group(1), text=match.group(2), more=match.group(3) or "")
    return _act(raw, line)


def _act(raw: str, line: int) -> Step | None:
    if match := _RECALL.match(raw):
        return Step(line, "recall", match.group(1), match.group(2) or "", match.group(3))
    if match := _PRESS.match(raw):
        return Step(line, "press", match.group(1), match.group(2) or "", match.group(3), match.group(4) or "")
    if match := _FORM.match(raw):
        return Step(line, "form", match.group(1), match.group(2) or "", match.group(3), match.group(4))
    if match := _SAID.match(raw):
        who, where, quote, how, text = match.groups()
        return Step(line, "said", who, where or "", text, quote or "", how == "语音", how == "随即撤回")
    return None
