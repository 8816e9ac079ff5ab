"""How long things take, from what they took before: never one number, always with the count of samples behind it.

A sample is a finished task: working days planned and used. A forecast multiplies what is planned now by the ratios of
comparable samples; below eight of them there is none. ``finish`` plays open tasks through 2,000 times: each starts
when what it waits for and its owner are free. Python lists in step with the runs are as fast as this needs; no NumPy.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate, islice
from operator import add, mul
from random import Random
from statistics import fmean, median, stdev
from typing import Literal, NamedTuple

from chat.frozen import frozen

LEAST, LEAST_BUFFER = 8, 5
"""Samples without which nothing is forecast, and no reserve is offered."""
RUNS, LEAST_RUNS = 2000, 200
FAR_OFF = 3
"""Median absolute deviations beyond which a value is out of the ordinary."""
_MAD = 1.4826
_SMALL = 1e-9
"""Work of exactly two days is done at the end of the second, not at the beginning of the third."""
_LEFT = 0.5
"""Working days that a task still takes which has outlasted every sample."""
_HIDDEN = 16
"""By calibration: the mean of so many samples is twice as doubtful as their spread says."""
Basis = Literal["both", "owner", "stage", "all"]


class Sample(NamedTuple):
    """A finished task; in working days, both ≥ 1."""

    owner: int | None
    stage: str
    planned: int
    used: int

    @property
    def ratio(self) -> float:
        return self.used / self.planned


@frozen
class Pool:
    """The ratios a forecast draws from, and whose: of this owner and stage, of the owner, the stage, or of all."""

    ratios: tuple[float, ...]
    basis: Basis

    @property
    def enough(self) -> bool:
        return len(self.ratios) >= LEAST


@frozen
class Estimate:
    """Working days: half of the time ``p50`` is enough, in 85 of 100 cases ``p85``."""

    p50: int
    p85: int
    pool: Pool


def pool_for(owner: int | None, stage: str, samples: Sequence[Sample]) -> Pool:
    """The closest samples there are enough of; where there are not enough at all, all of them."""
    of_owner = [sample for sample in samples if owner is not None and sample.owner == owner]
    of_stage = [sample for sample in samples if stage and sample.stage == stage]
    both = [sample for sample in of_owner if stage and sample.stage == stage]
    closest: tuple[tuple[Basis, list[Sample]], ...] = (("both", both), ("owner", of_owner), ("stage", of_stage))
    for basis, found in closest:
        if len(found) >= LEAST:
            return Pool(tuple(sample.ratio for sample in found), basis)
    return Pool(tuple(sample.ratio for sample in samples), "all")


def overrun(owner: int | None, stage: str, samples: Sequence[Sample]) -> tuple[int, int]:
    """(working days that the closest five or more tasks took beyond their plan on average, how many they are).

    The tenth that was farthest off at either end does not count. (0, n): none worth keeping in reserve.
    """
    for whose, what in ((owner, stage), (owner, None), (None, stage), (None, None)):
        found = sorted(
            sample.used - sample.planned
            for sample in samples
            if whose in (None, sample.owner) and what in (None, sample.stage)
        )
        if len(found) >= LEAST_BUFFER:
            cut = len(found) // 10
            return max(0, int(fmean(found[cut : len(found) - cut]) + 0.5)), len(found)
    return 0, len(samples)


def estimate(planned: int, pool: Pool) -> Estimate | None:
    """None: too few samples."""
    if not pool.enough:
        return None
    ordered = sorted(pool.ratios)
    return Estimate(_days(planned * quantile(ordered, 50)), _days(planned * quantile(ordered, 85)), pool)


def quantile(ordered: Sequence[float], per_cent: int) -> float:
    """The sample that a further one of the same kind does not exceed in about so many of a hundred cases."""
    place = (per_cent * (len(ordered) + 1) + 50) // 100
    return ordered[min(max(place, 1), len(ordered)) - 1]


def _days(number: float) -> int:
    """Samples are whole days themselves, so the nearest one is right on average."""
    return max(1, int(number + 0.5))


# --- many tasks together -------------------------------------------------------------------------------------------


@frozen
class Job:
    """An open task. ``days``: planned; ``elapsed``: working days it has been worked on; both working days. A milestone
    has none of its own (0).

    ``before``: (index of a job it waits for, lag in working days), lower than its own. ``owner``: whose queue it is in.
    ``early``: it cannot begin within so many working days from now. ``away``: working days, 0 the first, on which
    nobody works on it; the same object for all jobs of one owner.
    """

    days: float
    elapsed: float
    pool: Pool
    before: tuple[tuple[int, int], ...] = ()
    owner: int | None = None
    early: int = 0
    away: AbstractSet[int] = frozenset()


def finish(jobs: Sequence[Job], goals: Sequence[Collection[int]], seed: int, runs: int = RUNS) -> list[list[float]]:
    """In how many working days the last job of each goal is done: one number a run, sorted.

    jobs: in a possible order; goals: indices of jobs. What no later job waits for is forgotten on the way.
    """
    random = Random(seed)
    draws, leave = _Draws(random, runs), _Leave()
    free: dict[int, list[float]] = {}
    ends: dict[int, list[float]] = {}
    last: list[list[float]] = [[] for _ in goals]
    needed = {index: number for number, job in enumerate(jobs) for index, _ in job.before}
    for number, job in enumerate(jobs):
        start: list[float] | None = free.get(job.owner) if job.owner is not None else None
        for index, lag in job.before:
            ready = [end + lag for end in ends[index]] if lag else ends[index]
            start = ready if start is None else list(map(max, start, ready))
            if needed[index] == number:
                del ends[index]
        if job.early:
            start = [float(job.early)] * runs if start is None else [max(job.early, each) for each in start]
        took = draws.of(job)
        if job.away:
            end = leave.of(job.away).ends(start, took)
        else:
            end = took if start is None else list(map(add, start, took))
        if number in needed:
            ends[number] = end
        if job.owner is not None:
            free[job.owner] = end
        for place, goal in enumerate(goals):
            if number in goal:
                last[place] = list(map(max, last[place], end)) if last[place] else end
    doubt = _doubt(jobs, random, runs)
    return [sorted(map(mul, each, doubt)) for each in last]


class _Absence:
    """Turns work that stands still on some days into days: before, within and after them."""

    def __init__(self, away: AbstractSet[int]) -> None:
        days = range(max(away) + 1)
        self._length = len(days)
        self._away = [day in away for day in days]
        at_work = [day for day in days if day not in away]
        self._at = at_work
        """The days on which the first, second … day of work is done, as far as there is leave."""
        self._done = [0, *accumulate(day not in away for day in days)]
        """How many days of work were done before each."""
        self._gone = self._length - len(at_work)

    def ends(self, start: Sequence[float] | None, took: Sequence[float]) -> list[float]:
        starts = (0.0,) * len(took) if start is None else start
        return [self._end(first, days) for first, days in zip(starts, took, strict=True)]

    def _end(self, start: float, took: float) -> float:
        day = int(start)
        if day >= self._length:
            return start + took
        work = self._done[day] + (0.0 if self._away[day] else start - day) + took
        last = int(work - _SMALL)
        return self._at[last] + work - last if last < len(self._at) else work + self._gone


class _Leave:
    """Of each owner reckoned once."""

    def __init__(self) -> None:
        self._known: dict[int, _Absence] = {}

    def of(self, away: AbstractSet[int]) -> _Absence:
        key = id(away)
        if key not in self._known:
            self._known[key] = _Absence(away)
        return self._known[key]


def enough_runs(jobs: int) -> int:
    """2,000 for up to 500 jobs; fewer for more, so that a forecast never takes longer."""
    return max(LEAST_RUNS, min(RUNS, RUNS * 500 // max(jobs, 1)))


class _Draws:
    """Random remaining durations. Ratios are drawn once for each pool; every job looks at another stretch of them."""

    def __init__(self, random: Random, runs: int) -> None:
        self._random = random
        self._runs = runs
        self._drawn: dict[tuple[tuple[float, ...], float, float], list[float]] = {}

    def of(self, job: Job) -> list[float]:
        if not job.days:
            return [0.0] * self._runs
        key = (job.pool.ratios, job.days, job.elapsed)
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = self._drawn[key] = self._draw(job)
        offset = self._random.randrange(len(drawn) - self._runs)
        return list(islice(drawn, offset, offset + self._runs))

    def _draw(self, job: Job) -> list[float]:
        """Of those totals that are longer than what it took already, the rest."""
        left = [job.days * ratio - job.elapsed for ratio in job.pool.ratios]
        left = [days for days in left if days > 0] or [_LEFT]
        return self._random.choices(left, k=3 * self._runs)


def _doubt(jobs: Sequence[Job], random: Random, runs: int) -> list[float]:
    """How wrong the mean of so few samples may be: a factor for each whole run. Few samples hide how far they reach."""
    smallest = min((job.pool.ratios for job in jobs if job.days), key=len, default=())
    if len(smallest) < 2:
        return [1.0] * runs
    spread = stdev(smallest) / (fmean(smallest) * len(smallest) ** 0.5) * (1 + _HIDDEN / len(smallest))
    return [max(0.2, 1 + spread * random.gauss(0, 1)) for _ in range(runs)]


def chance(ends: Sequence[float], days: float) -> int:
    """Per cent of the runs that are done within so many working days. ends: sorted."""
    return round(100 * sum(end <= days for end in ends) / len(ends)) if ends else 0


# --- was it right? -------------------------------------------------------------------------------------------------


@frozen
class Calibration:
    """Of ``tasks`` forecast from what was known before them, how many stayed within P50 and P85."""

    tasks: int
    within50: int
    within85: int


def back_test(samples: Sequence[Sample]) -> Calibration:
    """samples: in the order they were finished. Each is forecast from those before it."""
    tasks = within50 = within85 = 0
    for number, sample in enumerate(samples):
        found = estimate(sample.planned, pool_for(sample.owner, sample.stage, samples[:number]))
        if found is None:
            continue
        tasks += 1
        within50 += sample.used <= found.p50
        within85 += sample.used <= found.p85
    return Calibration(tasks, within50, within85)


def usual(values: Sequence[float]) -> tuple[float, float] | None:
    """From where to where values are ordinary: three (scaled) MAD around the median. None: too few, or all alike."""
    if len(values) < LEAST:
        return None
    middle = median(values)
    spread = FAR_OFF * _MAD * median(abs(value - middle) for value in values)
    return (middle - spread, middle + spread) if spread else None


def odd_ones(values: Sequence[float]) -> list[int]:
    """Indices of values that are out of the ordinary."""
    limits = usual(values)
    if limits is None:
        return []
    return [number for number, value in enumerate(values) if not limits[0] <= value <= limits[1]]
