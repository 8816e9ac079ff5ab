"""Which database a test runs on: those that speak to a whole bot run on both."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from inspect import signature
from typing import cast

import pytest
from hypothesis import HealthCheck, settings

from bot.logs import OURS
from bot.stage import Stage
from storage.database import MEMORY
from tests.postgres import Server

BOTS = {"office", "road"}
"""Fixtures behind which there is a bot with books; a test may also ask for the ``books`` themselves."""

WORDS = {"test_help", "test_examples", "test_forged"}
"""Hundreds of questions about words, not about books: SQLite is enough."""

settings.register_profile(
    "same", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("same")
"""A commit is judged by the same examples each time, on a slow machine too; ``--hypothesis-profile=default`` looks for
new ones."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    asked = {*metafunc.fixturenames} & BOTS or "books" in signature(metafunc.function).parameters
    if metafunc.module.__name__ in WORDS:
        return
    if asked and not any(metafunc.definition.iter_markers("sqlite")):
        metafunc.parametrize("books", ["sqlite", "postgresql"], indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Ten thousand tests lie in memory: the collector of garbage looks through them neither now nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """A test that starts the program within this process leaves nobody else deaf."""
    loggers = [logging.getLogger(name) for name in ("", *OURS)]
    before = [(logger.level, list(logger.handlers)) for logger in loggers]
    yield
    for logger, (level, handlers) in zip(loggers, before, strict=True):
        logger.setLevel(level)
        logger.handlers[:] = handlers
    for known in logging.root.manager.loggerDict.values():
        if isinstance(known, logging.Logger):
            known.disabled = False  # the linter of imports silences everybody


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server that all tests share."""
    server = Server()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def books(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a new database."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield MEMORY
        return
    server = cast(Server, request.getfixturevalue("postgres"))
    address = server.fresh()
    monkeypatch.setattr(Stage, "books", address)
    yield address
    server.back(address)
