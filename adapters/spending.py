"""What an adapter's calls cost, counted where they are made and fetched now and then by whoever keeps account."""

from __future__ import annotations

from collections import Counter


class Spending(Counter[str]):
    """{kind: calls} since ``take``."""

    def take(self) -> dict[str, int]:
        taken = dict(self)
        self.clear()
        return taken
