"""One line of chat, ready to be taken apart: as typed, and the same with every width and invisible trick folded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from chat.messages import TOKEN, Sender

T = TypeVar("T")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\u2066-\u2069\u202a-\u202e\ufeff]")
_ODD = re.compile("[\r\t\u00a0\u1680\u2000-\u200b\u200e\u200f\u202a-\u202f\u205f-\u2060\u2066-\u2069\u3000\ufeff]")
"""Whatever ``clean`` does not leave as it is."""
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]")
_TRADITIONAL = (
    "務务報报進进設设幫帮請请審审曆历歷历體体檢检銷销週周員员項项權权語语時时區区復复複复覆复盤盘導导匯汇總总評评論论單单個个紀纪錄录圖图標标籤签簽签轉转辦办減减關关"
    "閉闭開开啟启刪删動动類类門门組组織织統统計计畫画預预測测過过濾滤給给負负責责優优級级間间說说備备註注沒没無无對对來来嗎吗麼么樣样為为後后從从讓让別别與与發发寫写"
    "準准聯联繫系試试確确認认線线訂订終终約约買买賣卖頁页題题協协調调問问決决礙碍擱搁東东誰谁幾几萬万們们這这還还並并電电話话場场貨货網网樂乐會会議议隊队參参觀观長长"
    "補补筆笔讀读邊边運运環环節节營营業业應应當当戶户產产結结實实現现質质護护續续據据顯显頻频響响"
)
"""Each traditional character of our patterns before its simplified one."""
_FOLD = {ord(old): new for old, new in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)}
_FOLD |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
_FOLD |= {ord("。"): ".", ord("～"): "~", ord("〜"): "~"}
_AFTER_MENTION = " ,，:：。.;；"
_EDGES = " \t\n,，。;；:：、"


def clean(text: str) -> str:
    """Without invisible characters; every kind of space is a space. Line breaks stay."""
    if not _ODD.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SPACES.sub(" ", _INVISIBLE.sub("", text))


def fold(text: str) -> str:
    """The same length: full-width ASCII as half-width, traditional as simplified, lower case where that fits."""
    folded = text.translate(_FOLD)
    lowered = folded.lower()
    return lowered if len(lowered) == len(folded) else folded


class Line:
    """A message being parsed: arguments are cut out of it until only free text is left.

    ``text`` keeps the writer's own characters; ``folded`` has the same length and is what patterns look at.
    ``people``: whom each U+FFFC stands for, in order.
    """

    __slots__ = ("folded", "people", "text")

    def __init__(self, text: str, people: Sequence[Sender] = ()) -> None:
        self.text = clean(text)
        self.folded = fold(self.text)
        self.people = list(people)

    def cut(self, start: int, stop: int) -> str:
        """Take a span out, closing the gap with one space; returns what was there."""
        words = self.text[start:stop]
        left, right = self.text[:start].rstrip(" "), self.text[stop:].lstrip(" ")
        glue = " " if left and right and not left.endswith("\n") and not right.startswith("\n") else ""
        self.folded = self.folded[: len(left)] + glue + self.folded[len(self.text) - len(right) :]
        self.text = left + glue + right
        return words

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Cut the first match of ``pattern`` in the folded text."""
        match = pattern.search(self.folded)
        if match:
            self.cut(match.start(), match.end())
        return match

    def take_person(self, position: int) -> Sender:
        """Cut the mention token at ``position`` and return whom it stands for."""
        index = self.text.count(TOKEN, 0, position)
        self.cut(position, position + 1)
        return self.people.pop(index)

    def without(self, sender_id: str) -> Line:
        """The same line without any mention of one person (the bot itself), wherever it stands."""
        if TOKEN not in self.text:
            return self
        kept: list[Sender] = []
        parts: list[str] = []
        people = iter(self.people)
        for part in re.split(f"({TOKEN})", self.text):
            if part == TOKEN:
                person = next(people, None)
                if person is None or person.id == sender_id:
                    continue
                kept.append(person)
            parts.append(part)
        left = "".join(parts).strip()
        return Line(left.lstrip(_AFTER_MENTION) if self.text.lstrip().startswith(TOKEN) else left, kept)

    def shown(self) -> str:
        """What is left, with mentions as ``@name`` again."""
        if TOKEN not in self.text:
            return self.text.strip()
        people = iter(self.people)
        return re.sub(TOKEN, lambda _: "@" + next(people, Sender("", "")).name, self.text).strip()

    @property
    def rest(self) -> str:
        """What is left as free text, without stray separators at its edges."""
        return self.shown().strip(_EDGES)

    def __bool__(self) -> bool:
        return bool(self.text.strip())
