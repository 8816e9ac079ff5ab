"""The name server of the tests: names under ``.test`` are this machine while the file ``JINDU_TEST_NAMES`` is there.

Python imports a module of this name at each start when its folder is on the path, so a child process asks it too. Every
question about such a name is a line in the file's neighbour ``asked``.
"""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any

_ask = socket.getaddrinfo


def answer(host: Any, *rest: Any, **named: Any) -> Any:
    """In place of ``socket.getaddrinfo``."""
    name = host.decode() if isinstance(host, bytes) else host
    file = os.environ.get("JINDU_TEST_NAMES")
    if file is None or not str(name).endswith(".test"):
        return _ask(host, *rest, **named)
    with Path(file).with_name("asked").open("a") as asked:
        asked.write(f"{name} {time.time()}\n")
    if not Path(file).exists():
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    return _ask("127.0.0.1", *rest, **named)


socket.getaddrinfo = answer
