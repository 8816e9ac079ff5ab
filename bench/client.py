"""A load from another process: so many commands in flight, each timed from its sending to the answer's arrival."""

from __future__ import annotations

import asyncio
import sys
from statistics import median, quantiles
from time import perf_counter

import orjson

ACTS = ("上架", "拍摄", "核对", "撰写", "联系", "整理", "设计", "投放", "盘点", "复查", "采购", "培训")
THINGS = (
    "夏季新品", "主图视频", "供应商合同", "活动文案", "达人名单", "库存台账", "详情页面", "渠道素材", "客诉工单",
    "直播脚本", "包装样品", "客服话术",
)  # fmt: skip


PATIENCE = 15.0
"""Seconds without any answer, after which those that are missing were given elsewhere."""


def text_of(number: int, chats: int, kind: str) -> str:
    """A command whose title no other in its chat resembles."""
    act, thing = divmod(number // chats, len(THINGS))
    title = ACTS[act % len(ACTS)] + THINGS[thing] + (f" {number % 97} 件" if thing % 3 == 0 else "")
    return f"/任务 {title} 周五18:00 !高" if kind == "dated" else f"/任务 {title}"


async def load(
    port: int, count: int, in_flight: int, chats: int, kind: str, first: int, place: str = "群"
) -> dict[str, float]:
    """Send ``count`` commands over ``chats`` chats, from the ``first``-th of all on; milliseconds, per second."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    prefix = f"{first}k"
    sent: dict[str, float] = {}
    last: dict[str, int] = {}
    took: list[float] = []
    reordered = 0
    number = 0

    def send() -> None:
        nonlocal number
        key = f"{prefix}{number}"
        frame = {
            "k": key,
            "c": f"{place}{number % chats}",
            "p": f"人{place}{number % chats}",
            "t": text_of(first + number, chats, kind),
        }
        number += 1
        sent[key] = perf_counter()
        writer.write(orjson.dumps(frame) + b"\n")

    begun = perf_counter()
    for _ in range(min(in_flight, count)):
        send()
    while len(took) < count:
        try:
            async with asyncio.timeout(PATIENCE):
                answer = orjson.loads(await reader.readline())
        except TimeoutError:
            break  # another process delivers in some of the chats: this one was too busy to say that it lives
        key = answer["r"]
        if key not in sent:
            continue
        took.append((perf_counter() - sent.pop(key)) * 1000)
        position = int(key[len(prefix) :])
        if last.get(answer["c"], -1) > position:
            reordered += 1
        last[answer["c"]] = position
        if number < count:
            send()
    seconds = perf_counter() - begun - (PATIENCE if sent else 0.0)
    writer.close()
    return {
        "per_second": len(took) / seconds, "p50": median(took), "p99": quantiles(took, n=100)[98],
        "reordered": reordered, "elsewhere": len(sent),
    }  # fmt: skip


if __name__ == "__main__":
    port, count, in_flight, chats, kind, first, *place = sys.argv[1:]
    figures = asyncio.run(load(int(port), int(count), int(in_flight), int(chats), kind, int(first), *place))
    print(orjson.dumps(figures).decode())
