"""What a reader of English would have read while a transcript plays: any Chinese in it must be somebody's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from adapters.room.things import Change
from bot.room_stage import RoomStage
from bot.script import Step
from chat.plain import plain

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_SPOKEN = ("said", "press", "form", "group", "event", "recall")
KEPT = (
    "策划设计执行",  # a project's stages, as it began with them
    "培训安排、续费、满意度调研、合同已签",  # a template's tasks and checks
    "需要帮助、缓冲天、以往平均超出、复盘",  # written down in the language of who pressed
    "日报还有、分钟截止、回、行即可、今天没人提交、今天没有到期任务",  # messages to others that are quoted
    "中文、任务、设置",  # names of languages and commands
    "缺",  # a word that a project's own template lacks
)
"""What was put into the books in Chinese, and what quotes it."""


class EnglishStage(RoomStage):
    """The room, which writes down everything it was given in English as well."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.english: list[str] = []

    def _changed(self, change: Change) -> None:
        super()._changed(change)
        if change.message is not None and change.message.card is not None:
            self.english.append(plain(change.message.card, "en"))


def foreign(stage: EnglishStage, steps: list[Step]) -> Iterator[str]:
    """``「周五」 in Due 周五 18:00``: words that nobody wrote, each once."""
    written = "".join(f"{s.text}{s.more}{s.who}{s.where}" for s in steps if s.kind in _SPOKEN)
    known = re.sub(r"\s+", "", written) + "".join(KEPT)
    seen: set[str] = set()
    for text in stage.english:
        for line in text.splitlines():
            for words in _HAN.findall(line):
                if words not in known and words not in seen:
                    seen.add(words)
                    yield f"「{words}」 in {line[:160]}"
