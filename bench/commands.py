"""Commands through the whole bot: frame read, parsed, dispatched, committed (synchronous=FULL), answer delivered."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time

import orjson

from bench.whole import whole


async def run(count: int, in_flight: int, kind: str, rounds: int) -> list[dict[str, float]]:
    """Several rounds on one new store that grows."""
    with tempfile.TemporaryDirectory() as folder:
        return await run_on(Path(folder) / "jindu.db", count, in_flight, kind, rounds)


async def run_on(store: Path, count: int, in_flight: int, kind: str, rounds: int) -> list[dict[str, float]]:
    """Several rounds on a store; the load comes from another process. The first round makes the chats, uncounted."""
    figures = []
    async with whole(str(store)) as port:
        for number in range(rounds + 1):
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bench.client", str(port), str(count), str(in_flight), "1000", kind,
                str(number * count), stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            spent = process_time()
            out, _ = await child.communicate()
            if number:
                figures.append({**orjson.loads(out), "cpu_us": (process_time() - spent) / count * 1e6})
    return figures


def show(title: str, figures: list[dict[str, float]]) -> None:
    line = "  ".join(f"{name} {median(f[name] for f in figures):.2f}" for name in figures[0])
    print(f"{title:<44}{line}")


def main() -> None:
    for kind in ("plain", "dated"):
        show(f"/任务 {kind}, 100 in flight", asyncio.run(run(10_000, 100, kind, 5)))
        show(f"/任务 {kind}, one at a time", asyncio.run(run(2_000, 1, kind, 5)))


if __name__ == "__main__":
    main()
