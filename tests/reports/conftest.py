"""A clerk with an empty office."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from clerk import Clerk

from storage.database import MEMORY, Database
from storage.schema import prepare


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    database = Database(MEMORY)
    connection = database.connect()
    prepare(database, connection)
    yield Clerk(connection)
    connection.close()
    database.close()
