"""The words people put before the parts of a report, typing errors and traditional characters included."""

from __future__ import annotations

import re
from typing import Literal

Part = Literal["done", "plan", "blocked"]


def _any(*words: str) -> str:
    return "(?:" + "|".join(words) + ")"


_TODAY = _any("[今令][日天曰目]", "本日", "当[日天]", "today'?s?", "tody", "todya")
_TOMORROW = _any(
    "[明名][日天曰目早]", "次日", "翌日", "隔天", "后续", "後續", "下一?步", "接下来", "接下來", "下个?工作日",
    "tomm?orr?ow'?s?", "tmrw?",
)  # fmt: skip
_DONE_NOUN = _any(
    "progress", "work", "update", "工作(?:进展|内容|完成|总结|情况)?", "[进進晋]展(?:情况)?",
    "完成(?:情况|事项|工作|内容)?", "总结", "總結", "做了(?:什么|啥)?", "事项", "份", "小结", "成果", "產出", "产出",
)  # fmt: skip
_PLAN_NOUN = _any(
    "plans?", "work", "工作(?:计划|安排|内容)?", "[计計][划劃画畫](?:事项|工作)?", "安排", "打算", "待办", "要做",
    "事项", "目标",
)  # fmt: skip
_BLOCK_NOUN = _any("问题", "問題", "事项", "情况", "點", "点", "风险", "因素")
_STUCK = f"[阻组][塞赛碍礙寒]{_BLOCK_NOUN}?"
_BLOCK = _any(
    _STUCK, "卡[点點住]", "障碍", "(?:遇到的?)?(?:困难|困難|难点|难题|问题|問題)", "风险", "風險", "求助",
    "需要?的?(?:支持|帮助|協助|协助|支援)", "需协调",
)  # fmt: skip
_BLOCK_EN = _any(
    "b(?:lo|ol|l)c?k(?:er|ing|ed)?s?(?: ?issues?)?", "impediments?", "obstacles?", "stuck(?: on)?", "issues?", "risks?",
    "problems?",
)  # fmt: skip

DONE = _any(f"{_TODAY}的? ?{_DONE_NOUN}?", "已完成", _DONE_NOUN, "done", "did", "finished", "completed", "progress")
PLAN = _any(
    f"{_TOMORROW}的? ?{_PLAN_NOUN}?", "[计計][划劃](?:事项)?", "待办", "next(?: ?steps?)?", "plan(?:s|ned)?", "to ?do",
    "will do",
)  # fmt: skip
BLOCKED = _any(_BLOCK, _BLOCK_EN)
_CORE_DONE = _any(f"{_TODAY}的? ?{_DONE_NOUN}?", "done", "did")
_CORE_PLAN = _any(f"{_TOMORROW}的? ?{_PLAN_NOUN}?", "next", "plan")
_CORE_BLOCKED = _any(_STUCK, "困难", "困難", "卡点", "(?<!no )blockers?", "blocked")

_LEAD = r"(?:^|(?<=[\n\s。；;,，.!|｜/、）)]))"
_BULLET = r"(?:[-*•·●▪#>✅📌🚧]+ ?|[(（]?\d{1,2}[.、)）:：] ?|[①②③一二三][.、)）:：]? ?)?"
_OPEN, _SHUT = r"[*_【\[「『<〈(（]{0,2} ?", r" ?[*_】\]」』>〉)）]{0,2}"
_PARTS = f"(?:(?P<done>{DONE})|(?P<plan>{PLAN})|(?P<blocked>{BLOCKED}))"
_CORES = f"(?:(?P<done>{_CORE_DONE})|(?P<plan>{_CORE_PLAN})|(?P<blocked>{_CORE_BLOCKED}))"
STRONG = re.compile(
    rf"{_LEAD}{_BULLET}{_OPEN}{_PARTS}(?:[(（][^)）\n]{{0,20}}[)）])?"
    rf"(?:{_SHUT} ?(?:[:：=＝]|[-—–]{{1,2}}(?=[ \n])|是[:：])|[】\]」』*]{{1,2}}|(?P<end>{_SHUT} ?(?=\n|$)))",
    re.MULTILINE,
)
"""A heading that can be nothing else: with a colon, in brackets, or (``end``) at the end of a line it has alone."""
WEAK = re.compile(rf"{_LEAD}{_BULLET}{_CORES}[,，、]? ?")
"""A heading without any mark; only together with others."""

NONE = re.compile(
    r"(?:目前|暂时|暫時|今天|都|还|啥)?(?:暂|暫)?(?:无|無|没|沒|木)(?:有|啥|什么|什麼)?(?:任何|其他)?"
    r"(?:阻塞|阻碍|问题|問題|困难|困難|卡点|风险|特别的?|计划|安排|障碍)?(?:的|了|哦|呢|啦|喔)?"
    r"|没事|沒事|一切(?:正常|顺利)|顺利|正常|no|none|nope|nil|null|nothing|n ?/ ?a|na"
    r"|no (?:blockers?|issues?|problems?)|[-—–/\\xX0]{1,3}|√|ok"
)
"""Words for "there is none". Match them whole."""
HINT = re.compile(r"[(（]\s*没有写[“\"「]?无[”\"」]?\s*[)）]|[(（]write “none” if there are none[)）]")
"""What the prompt itself says after a heading: copied, it is no content."""
TITLE = re.compile(
    r"(?:.{0,12}(?:日报|日報|汇报|匯報|daily ?(?:report|update)?|report|standup)|\d{1,4}[-/.月]\d{1,2}).{0,16}"
)
"""A first line that only says what follows."""
