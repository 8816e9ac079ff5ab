"""Commands in everyday words.  ``画个甘特图``  ``导出成表格``  ``谁最忙``  ``新建里程碑 发布会 10-9``

Whole sentences only: a word more, and it may be about something else.
"""

from __future__ import annotations

import re

from commands.context import Ctx
from commands.grammar import hears
from commands.reply import Again

_PLEASE = (
    r"(?:请|麻烦|帮我|帮忙|给我|给大家|我要|我想|想|要|能不能|可以"
    r"|看一?下?|看看|查看|画|生成|做|发|出|来|一下|一?[个张份])*"
)
_PICTURE = re.compile(
    rf"{_PLEASE}(?:项目的?|进度的?)?(?P<kind>甘特|燃起|燃尽|累计流|负荷|偏差|预测|看板|热力|时间线|进度)(?:图表?)"
)
_CHART = re.compile(
    r"(?:please )?(?:can you )?(?:show|draw|send|give)?(?: me| us)? ?(?:the |a )?"
    r"(?P<kind>gantt|burn-?up|burn-?down|load|cumulative flow|flow|forecast|board|project|status)"
    r" (?:chart|picture|graph)"
)
_TABLE = re.compile(
    rf"{_PLEASE}(?:把|将)?(?:全部|所有)?的?(?:任务)?(?:都|全部)?导出(?:全部|所有)?的?(?:任务)?(?:列表|清单)?(?:来|成|为|到)?"
    r"(?:一[个份])?(?P<kind>excel|xlsx|csv|表格?)?(?:文件)?(?:来)?"
)
_BUSY = re.compile(r"(?:现在|最近|这周|本周|下周|团队里?)?谁(?:现在|最近|这周|本周|下周)?(?:最|比较|还)?(?:忙|闲|有空)")
_LATE = re.compile(
    r"(?:现在|目前|项目)?(?:还)?有(?:没有)?(?:什么|哪些|啥)?风险|(?:项目|我们)?(?:会不会|会)(?:延期|晚|逾期)"
    r"|(?:项目|我们)?能(?:不能|否)?(?:按时|按期|如期)(?:上线|完成|交付)"
)
_WEEKLY = re.compile(rf"{_PLEASE}(?P<last>上周)?(?:本周|这周)?的?周报(?:发我|发一?下|发出来|给我看看|看看|看一?下)?")
_MILESTONE = re.compile(
    r"(?:请|麻烦|帮我|帮忙|给我)*(?:新建|创建|建立|建|添加|新增|加|设)(?:一?个)?(?:新)?的?里程碑[\s:,]*(?P<rest>\S.*)"
)
_END = " \t。.!?,吗呢吧啊"


@hears(r"图表?[\s。.!?吗呢吧啊]*$", rank=39)
def picture(ctx: Ctx, _: object) -> Again | None:
    """``画个甘特图``"""
    match = _PICTURE.fullmatch(ctx.line.folded.strip(_END))
    if match is None:
        return None
    kind = match["kind"]
    return Again("/图" if kind == "进度" else f"/图 {kind}")


@hears(r"(?:chart|picture|graph)[\s.!?]*$", rank=39)
def chart(ctx: Ctx, _: object) -> Again | None:
    """``show me the gantt chart``"""
    match = _CHART.fullmatch(ctx.line.folded.strip(_END))
    if match is None:
        return None
    kind = match["kind"].removeprefix("cumulative ")
    return Again("/chart" if kind in ("project", "status") else f"/chart {kind}")


@hears("导出", rank=39)
def table(ctx: Ctx, _: object) -> Again | None:
    """``把任务导出成 excel``"""
    match = _TABLE.fullmatch(re.sub(r"\s", "", ctx.line.folded).strip(_END))
    return Again("/导出 csv" if match["kind"] == "csv" else "/导出") if match else None


@hears("谁|风险|会|能", rank=39)
def question(ctx: Ctx, _: object) -> Again | None:
    """``谁最忙``, ``会不会延期``"""
    asked = ctx.line.folded.strip(_END)
    if _BUSY.fullmatch(asked):
        return Again("/负荷")
    return Again("/风险") if _LATE.fullmatch(asked) else None


@hears("周报", rank=39)
def weekly(ctx: Ctx, _: object) -> Again | None:
    """``看看上周的周报``"""
    match = _WEEKLY.fullmatch(ctx.line.folded.strip(_END))
    return Again("/周报 上周" if match["last"] else "/周报") if match else None


@hears("里程碑", rank=39)
def milestone(ctx: Ctx, _: object) -> Again | None:
    """``新建里程碑 发布会 10-9``"""
    match = _MILESTONE.fullmatch(ctx.line.folded.strip())
    if match is None:
        return None
    begins = len(ctx.line.text.rstrip()) - len(match["rest"])
    return Again("/里程碑 " + ctx.line.text[begins:], ctx.thing.mentions)
