"""The whole program, loaded: what ``bench.nursery`` keeps ready."""

from apscheduler.executors import debug
from apscheduler.schedulers import asyncio
from apscheduler.triggers import date, interval

import bench.crash_child
import bench.year_life
import storage.pg_writer
from commands.grammar import load
from reports import ticks

load()
ticks.load()
__all__ = ["asyncio", "bench", "date", "debug", "interval", "storage"]
