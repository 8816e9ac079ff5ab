"""A digest of invented reports, for a group that wants to see what it would get. Nothing is stored."""

from __future__ import annotations

from datetime import date

from chat.cards import Card, Paragraph
from chat.text import Text, say
from planning.calendar import Calendar
from reports import render
from reports.days import short_day

_PEOPLE = (
    (say("张三", "Zhang"), say("预算定稿", "budget settled"), say("约供应商", "meet the supplier")),
    (say("李四", "Li"), say("投放计划定稿", "campaign plan settled"), say("上传素材", "upload the pictures")),
    (say("王五", "Wang"), say("主图改第 2 版", "second version of the banner"), say("出详情页", "detail page")),
    (say("赵六", "Zhao"), say("上架 40 款", "40 items listed"), say("补尺码表", "add the size chart")),
    (say("陈晨", "Chen"), say("banner 改完了", "banner finished"), say("写推文", "write the post")),
)


def sample_digest(day: date, calendar: Calendar) -> Card:
    """The card as the real digest is laid out, on ``day``."""
    helper = say("王五", "Wang")
    whole = render.text(
        "digest",
        project=say("双十一大促（示例）", "Double Eleven (example)"),
        day=short_day(day, calendar),
        handed_in=len(_PEOPLE),
        expected=len(_PEOPLE),
        late=0,
        away=0,
        abroad=0,
        blockers=[
            {
                "ref": "B1",
                "words": say("等王五的主图", "waiting for Wang's banner"),
                "who": say("李四", "Li"),
                "helper": helper,
                "answer": say("已回应 29 分钟", "answered 29 minutes ago"),
            }
        ],
        blocked=1,
        asks=[],
        asked=0,
        debts=[],
        debt_count=0,
        tasks={"overdue": 0, "tomorrow": 2, "done": 1},
        people=[{"name": name, "done": done, "plan": plan} for name, done, plan in _PEOPLE],
        more=0,
        missing="",
    )
    title, body = render.split(whole)
    note: Text = say(
        "以上是示例，没有建任何任务。真的汇总每个工作日截止时发。",
        "An example: nothing was stored. The real one comes every working day at the close.",
    )
    return Card((Paragraph(body), Paragraph(note, quiet=True)), title)
