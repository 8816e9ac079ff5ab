"""``python -m bench``: every figure, one after another, with the machine they were measured on."""

from __future__ import annotations

import asyncio
import os
import platform
import sqlite3

from bench import commands, crowd, digest, due, forecast, importing, million, morning, press, risk, start, weekly


def main() -> None:
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores")
    print(f"load when begun: {os.getloadavg()[0]:.2f}\n")
    asyncio.run(start.main())
    commands.main()
    asyncio.run(digest.main())
    asyncio.run(weekly.main())
    asyncio.run(importing.main())
    forecast.main()
    asyncio.run(due.main())
    asyncio.run(crowd.main())
    risk.main()
    asyncio.run(morning.main())
    asyncio.run(press.main())
    asyncio.run(million.main())


if __name__ == "__main__":
    main()
