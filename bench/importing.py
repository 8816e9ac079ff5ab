"""5,000 rows of a workbook become 5,000 tasks: reading it, the dry run, the tasks; and people who go on meanwhile."""

from __future__ import annotations

import asyncio
import csv
import io
import tempfile
from datetime import date, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time

from sqlalchemy import func, select

from adapters.reading import words_of
from bench.due import people, said
from bench.wire import WireAdapter
from bot.app import App, out_of_the_way
from bot.clock import SystemClock
from chat.messages import TOKEN, Action, File, Incoming, Place, Sender
from chat.sheets import workbook
from storage.database import Database
from storage.statement import Statement, columns
from storage.tables.imports import ImportRow

ROWS = 5000
PEOPLE = 20
GROUP, ADMIN = Place("群0", "group", "群0"), Sender("人群0", "人群0")
FIRST = date(2026, 11, 23)
STATES = ("待办", "进行中", "已完成")
_batch = Statement(select(columns(ImportRow).batch).limit(1))
_made = Statement(select(func.count()).where(columns(ImportRow).state == "made"))


def table() -> str:
    """Every column, every row valid: owners, dates with and without a time, three states, tags."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["标题", "负责人", "截止", "开始", "工期", "状态", "进度", "优先级", "标签", "阶段", "描述", "编号"])
    for number in range(ROWS):
        due = FIRST + timedelta(days=number % 60)
        state = STATES[number % 3]
        rows.writerow(
            [f"第 {number} 项素材", f"成员{number % PEOPLE}", f"{due} 18:00" if number % 2 else f"{due}", FIRST,
             1 + number % 5, state, "40%" if state == "进行中" else "", "高中低"[number % 3], "双十一 投放", "设计",
             "照片和文案都要", f"A-{number}"]
        )  # fmt: skip
    return out.getvalue()


async def _until_made(app: App) -> None:
    left = ROWS
    while left:
        await asyncio.sleep(0.05)
        left = await app.writer.submit(lambda tx: ROWS - tx.value(_made))


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = App(Database(Path(folder) / "jindu.db"), SystemClock())
        app.add(WireAdapter(app.clock))
        await app.start()
        await app.intake.submit(said(app.clock, "hello", "群0", "/日报 设置 17:30 收 18:30 截止"))
        for number in range(PEOPLE):
            mentioned = f"/成员 加 {TOKEN}"
            new = Sender(f"成员{number}", f"成员{number}")
            await app.intake.submit(
                Incoming(f"add{number}", "message", "wire", app.clock.now(), GROUP, ADMIN, text=mentioned,
                         mentions=(new,), addressed=True)
            )  # fmt: skip
        content = workbook(table(), "任务")
        out_of_the_way()

        begun, busy = perf_counter(), process_time()
        words = words_of("任务.xlsx", content)
        read, read_busy = perf_counter() - begun, process_time() - busy
        thing = Incoming(
            "table", "message", "wire", app.clock.now(), GROUP, ADMIN, text="/导入", addressed=True,
            files=(File("任务.xlsx", "1", len(content), words),),
        )  # fmt: skip
        await app.intake.submit(thing)
        looked, looked_busy = perf_counter() - begun - read, process_time() - busy - read_busy

        over, took = asyncio.Event(), list[float]()
        other = asyncio.create_task(people(app, over, took))
        batch: str = await app.writer.submit(lambda tx: tx.value(_batch))
        press = Incoming("press", "click", "wire", app.clock.now(), GROUP, ADMIN, addressed=True, message_id="card",
                         action=Action("import.start", (batch,), 1))  # fmt: skip
        (await app.intake.submit(press)).acked()
        await _until_made(app)
        whole, whole_busy = perf_counter() - begun, process_time() - busy
        over.set()
        await other
        print(f"import of {ROWS} valid rows: {whole:.2f} s, {whole_busy:.2f} s of CPU")
        print(f"  reading the workbook {read:.2f} s ({read_busy:.2f}), dry run {looked:.2f} s ({looked_busy:.2f})")
        print(f"  {len(took)} commands of others meanwhile: p99 {quantiles(took, n=100)[98]:.1f} ms")
        await app.close()


if __name__ == "__main__":
    asyncio.run(main())
