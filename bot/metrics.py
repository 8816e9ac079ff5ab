"""The meter as Prometheus reads it. Imported with the first scrape: who does not look pays nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.meter import BOUNDS, Meter, Timing
from chat.frozen import frozen
from storage.undelivered import STATES

LINK_STATES = (
    "connecting", "ready", "reconnecting", "auth_failed", "too_many_connections", "kicked", "stopped", "standby",
)  # fmt: skip


@frozen
class Look:
    """What is measured at the moment of a scrape.

    ``outbox``: parcels by state, where not delivered. ``links``: platform → state. ``late``: seconds by which the
    oldest due entry of the clock is late. ``backup_age``: seconds; None: there is no copy.
    """

    outbox: Mapping[str, int]
    links: Mapping[str, str]
    late: float
    backup_age: float | None


class _Reading(Collector):
    def __init__(self, meter: Meter, look: Look) -> None:
        self._meter = meter
        self._look = look

    def collect(self) -> Iterable[Metric]:
        yield from self._counts()
        yield _histogram("jindu_answer_seconds", "From a message or press to its commit.", self._meter.answered)
        yield _histogram("jindu_tick_seconds", "From a scheduled moment's turn to its commit.", self._meter.ticks)
        yield from self._gauges()

    def _counts(self) -> Iterator[Metric]:
        things = CounterMetricFamily(
            "jindu_things", "Messages, presses, events and ticks handled.", labels=("platform", "kind", "outcome")
        )
        for labels, count in self._meter.things.items():
            things.add_metric(labels, count)
        yield things
        parcels = CounterMetricFamily(
            "jindu_parcels", "Attempts to deliver a message, by what became of them.", labels=("platform", "outcome")
        )
        for pair, count in self._meter.parcels.items():
            parcels.add_metric(pair, count)
        yield parcels

    def _gauges(self) -> Iterator[Metric]:
        waiting = GaugeMetricFamily("jindu_outbox", "Parcels not delivered, by state.", labels=("state",))
        for state in STATES:
            waiting.add_metric((state,), self._look.outbox.get(state, 0))
        yield waiting
        links = GaugeMetricFamily("jindu_link", "1 for the state of a platform's link.", labels=("platform", "state"))
        for platform, state in self._look.links.items():
            for each in LINK_STATES:
                links.add_metric((platform, each), each == state)
        yield links
        yield GaugeMetricFamily("jindu_clock_late_seconds", "How late the oldest due tick is.", self._look.late)
        if self._look.backup_age is not None:
            yield GaugeMetricFamily("jindu_backup_age_seconds", "Since the last copy.", self._look.backup_age)


def _histogram(name: str, about: str, timing: Timing) -> Metric:
    total, buckets = 0, []
    for bound, count in zip((*(str(bound) for bound in BOUNDS), "+Inf"), timing.buckets, strict=True):
        total += count
        buckets.append((bound, total))
    return HistogramMetricFamily(name, about, buckets=buckets, sum_value=timing.seconds)


def exposition(meter: Meter, look: Look) -> bytes:
    """The text format, version 0.0.4."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(_Reading(meter, look))
    return generate_latest(registry)
