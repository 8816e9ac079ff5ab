"""Forecasts: 2,000 runs over 500 tasks, and how often P85 held on histories that are made up."""

from __future__ import annotations

from random import Random
from statistics import median
from time import perf_counter

from planning.forecast import Job, Pool, Sample, back_test, finish

TASKS = 500
ROUNDS = 5
TEAMS = 40
PROJECTS = 150
SPREAD = 0.5
"""Of the logarithm of used/planned: every third task takes half as long again, or two thirds."""


def simulated() -> tuple[float, float]:
    """Milliseconds: one milestone; nine of them and everything at once."""
    random = Random(1)
    pool = Pool(tuple(random.lognormvariate(0, SPREAD) for _ in range(40)), "all")
    jobs = [
        Job(random.randint(1, 9), 0, pool, ((n - 7, 0), (n - 3, 1)) if n > 7 else (), n % 20) for n in range(TASKS)
    ]  # fmt: skip
    one, many = [set(range(480, TASKS))], [set(range(50 * n, 50 * n + 50)) for n in range(9)] + [set(range(TASKS))]
    took = []
    for goals in (one, many):
        times = []
        for _ in range(ROUNDS):
            begun = perf_counter()
            finish(jobs, goals, 1)
            times.append((perf_counter() - begun) * 1000)
        took.append(median(times))
    return took[0], took[1]


def single_tasks() -> tuple[int, float]:
    """(tasks, per cent within P85): each forecast from those before it."""
    random = Random(7)
    tasks = held = 0
    for _ in range(TEAMS):
        samples = []
        for _ in range(60):
            planned = random.randint(1, 10)
            used = max(1, round(planned * random.lognormvariate(0.1, SPREAD)))
            samples.append(Sample(random.randint(1, 4), random.choice(["策划", "设计"]), planned, used))
        found = back_test(samples)
        tasks, held = tasks + found.tasks, held + found.within85
    return tasks, 100 * held / tasks


def milestones(history: int, tasks: int) -> float:
    """Per cent of projects that ended before their P85."""
    random = Random(history)
    held = 0
    for number in range(PROJECTS):
        pool = Pool(tuple(random.lognormvariate(0.1, SPREAD) for _ in range(history)), "all")
        days = [random.randint(1, 8) for _ in range(tasks)]
        jobs = [Job(length, 0, pool, ((n - 1, 0),) if n % 5 else ()) for n, length in enumerate(days)]
        ends = finish(jobs, [range(tasks)], number, runs=400)[0]
        truth: list[float] = []
        for n, length in enumerate(days):
            truth.append((truth[n - 1] if n % 5 else 0.0) + length * random.lognormvariate(0.1, SPREAD))
        held += max(truth) <= ends[int(0.85 * len(ends))]
    return 100 * held / PROJECTS


def main() -> None:
    one, many = simulated()
    print(f"2,000 runs over {TASKS} tasks: {one:.0f} ms; ten goals at once {many:.0f} ms")
    tasks, held = single_tasks()
    print(f"P85 of single tasks held in {held:.0f} % of {tasks} (made-up teams)")
    for history, length in ((8, 8), (20, 40), (60, 30)):
        print(f"P85 of milestones held in {milestones(history, length):.0f} % ({history} samples, {length} tasks)")


if __name__ == "__main__":
    main()
