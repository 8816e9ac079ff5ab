"""A thing that is done leaves nothing behind in memory that only the collector could take away."""

from __future__ import annotations

import gc

import pytest

from storage.books import Books
from tests.road.conftest import Road, message


@pytest.mark.parametrize("words", ["/任务 写周报", "/任务 海报 明天18:00", "T1 完成", "T1 50%", "/任务列表", "/没有"])
async def test_the_books_of_a_thing_go_with_it(road: Road, words: str) -> None:
    await road.app.intake.submit(message("post:1", "/任务 写周报"))
    await road.app.idle()
    gc.collect()
    gc.disable()
    try:
        await road.app.intake.submit(message("post:2", words))
        await road.app.idle()
        assert not [left for left in gc.get_objects() if isinstance(left, Books)]
    finally:
        gc.enable()
