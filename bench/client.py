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


def text_of(number: int, chats: int, kind: str) -> str:
    """A command whose title no other in its chat resembles."""
    act, thing = divmod(number // chats, len(THINGS))
    title = ACTS[act % len(ACTS)] + THINGS[thing] + (f" {number % 97} 件" if thing % 3 == 0 else "")
    return f"/任务 {title} 周五18:00 !高" if kind == "dated" else f"/任务 {title}"


class Asker:
    """Says commands to the first of some bots, and hears what any of them answers: of several on one database each
    delivers in chats of its own.
    """

    def __init__(self, count: int, chats: int, kind: str, first: int, place: str) -> None:
        self._count, self._chats, self._kind, self._first, self._place = count, chats, kind, first, place
        self._prefix = f"{first}k"
        self._number = 0
        self._sent: dict[str, float] = {}
        self._last: dict[str, int] = {}
        self._writer: asyncio.StreamWriter | None = None
        self.took: list[float] = []
        self.reordered = 0
        self.over = asyncio.Event()

    def begin(self, writer: asyncio.StreamWriter, in_flight: int) -> None:
        self._writer = writer
        for _ in range(min(in_flight, self._count)):
            self._send()

    async def listen(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            self._hear(orjson.loads(line))

    def _send(self) -> None:
        assert self._writer is not None
        key, who = f"{self._prefix}{self._number}", f"{self._place}{self._number % self._chats}"
        frame = {"k": key, "c": who, "p": f"人{who}", "t": text_of(self._first + self._number, self._chats, self._kind)}
        self._number += 1
        self._sent[key] = perf_counter()
        self._writer.write(orjson.dumps(frame) + b"\n")

    def _hear(self, answer: dict[str, str]) -> None:
        key = answer["r"]
        if key not in self._sent:
            return
        self.took.append((perf_counter() - self._sent.pop(key)) * 1000)
        position = int(key[len(self._prefix) :])
        self.reordered += self._last.get(answer["c"], -1) > position
        self._last[answer["c"]] = position
        if self._number < self._count:
            self._send()
        elif not self._sent:
            self.over.set()


async def load(
    ports: list[int], count: int, in_flight: int, chats: int, kind: str, first: int, place: str = "群"
) -> dict[str, float]:
    """Send ``count`` commands over ``chats`` chats, from the ``first``-th of all on; milliseconds, per second."""
    lines = [await asyncio.open_connection("127.0.0.1", port, limit=1 << 24) for port in ports]
    asker = Asker(count, chats, kind, first, place)
    listening = [asyncio.create_task(asker.listen(reader)) for reader, _ in lines]
    begun = perf_counter()
    asker.begin(lines[0][1], in_flight)
    await asker.over.wait()
    seconds = perf_counter() - begun
    for _, writer in lines:
        writer.close()
    await asyncio.gather(*listening)
    took = asker.took
    return {
        "per_second": count / seconds, "p50": median(took), "p99": quantiles(took, n=100)[98],
        "reordered": asker.reordered,
    }  # fmt: skip


if __name__ == "__main__":
    ports, count, in_flight, chats, kind, first, *place = sys.argv[1:]
    all_ports = [int(port) for port in ports.split(",")]
    figures = asyncio.run(load(all_ports, int(count), int(in_flight), int(chats), kind, int(first), *place))
    print(orjson.dumps(figures).decode())
