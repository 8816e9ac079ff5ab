"""The words around a date that say what it is for: 截止, 前, by, 提醒."""

from typing import Literal, NamedTuple

from planning.dates.words import AFTER, BEFORE, INSIDE, compiled

Limit = Literal["before", "within"]

_SUFFIX = (
    rf"(?:\([一二三四五六日]\))? ?(?:[或及](?=[之以])|开始(?=之?前))?(?:(?P<before>{BEFORE})"
    rf"|(?P<within>截止(?!日期|时间|(?<= 截止)[到至于:]?[\d周星礼今明后下月])"
    rf"|截至(?!目前|当前|今|现在|昨)|为止|止(?!步|血|损|痛|盈|境)|到期|deadline|due"
    rf"(?![a-z])|结束之?前|{INSIDE})|"
    rf"(?P<after>{AFTER}))"
)
_REMIND = (
    r" ?,?(?:的时候|时)?再?(?:(?:提醒|叫|通知|喊)(?:我们|我|大家|他们|他|她|一下)+|提醒(?!事项|功能|卡|方式)|remind"
    r"(?:er)?(?: me| us)?(?![a-z]))"
)
_BEFORE = (
    r"(?P<within>截止(?:到|至|于|日期|时间|日)?[:是为在]? ?|截至 ?|直到 ?|有效期至 ?"
    r"|到期(?:日|时间)[:是为]? ?|(?:最晚|最迟|不晚于|不迟于|务必在?|赶在) ?|"
    r"ddl ?|(?:deadline|ddl|due(?: on| by| date)?|no later than|not later than|until|till)[: ]+(?:is |[是为] ?)?"
    r"|(?<![a-z])by (?:the )?)$"
    r"|(?P<before>(?<![a-z])before (?:the )?)$"
    r"|(?P<remind>(?:提醒|叫|通知|喊)(?:我们|我|大家|他们|他|她|一下)?[:,]? ?(?:在|于)?|remind(?:er)?(?: me| us)?:?"
    r"(?: at| on| in)? ?)$"
    r"|(?P<on>(?<![a-z])(?:on|at|from|starting|between) ?|(?:从|自))$"
)
_REMIND_ME = r"提醒(?:我|大家|他|她|一下|@)|remind (?:me|us)"


class Roles(NamedTuple):
    """start and stop of the expression with its role words; limit: how a deadline closes; reminds: a reminder word."""

    start: int
    stop: int
    limit: Limit | None
    reminds: bool
    said: bool


def roles(text: str, start: int, stop: int, floor: int) -> Roles:
    """The role words directly around ``text[start:stop]``; ``floor`` is where the expression before ended."""
    limit: Limit | None = None
    reminds = said = False
    if stop < len(text):
        suffix = compiled(_SUFFIX).match(text, stop)
        if suffix:
            stop, said = suffix.end(), True
            limit = "before" if suffix["before"] else "within" if suffix["within"] else None
        remind = compiled(_REMIND).match(text, stop)
        if remind:
            stop, reminds = remind.end(), True
    if start > floor:
        prefix = compiled(_BEFORE).search(text, max(floor, start - 24), start)
        if prefix:
            start = prefix.start()
            said = said or not prefix["on"]
            reminds = reminds or bool(prefix["remind"])
            limit = limit or ("within" if prefix["within"] else "before" if prefix["before"] else None)
    if not reminds and limit is None and ("提醒" in text or "remind" in text):
        reminds = bool(compiled(_REMIND_ME).search(text))
    return Roles(start, stop, limit, reminds, said)
