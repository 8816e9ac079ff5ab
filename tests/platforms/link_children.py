"""Children that behave as vendors' SDKs do on their bad days. Run by ``test_link.py``; ``mode`` says which."""

from __future__ import annotations

import os
import signal
import sys
import time
from concurrent.futures import TimeoutError as TooLate
from concurrent.futures import as_completed

from adapters.pipe import NotStored, Pipe

BEAT = 0.05


def main() -> None:
    pipe = Pipe()
    mode = pipe.settings["mode"]
    if mode == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("what a library prints does not disturb the pipe")  # noqa: T201
    pipe.state("connecting")
    MODES[mode](pipe)


def good(pipe: Pipe) -> None:
    """Connects, hands in what it is told to, acknowledges what was stored."""
    pipe.state("ready")
    for body in pipe.settings.get("events", ()):
        number, receipt = pipe.event(body)
        try:
            answer = receipt.result(2.5)
        except (NotStored, TooLate):
            pipe.event(f"refused {body}")
            continue
        pipe.acked(number)
        pipe.event(f"answered {answer}")
    _beat(pipe)


def flood(pipe: Pipe) -> None:
    """Hands in fifty without waiting, and says when all but a few were refused."""
    receipts = [pipe.event(f"{number}")[1] for number in range(50)]
    refused = 0
    for receipt in as_completed(receipts):
        refused += isinstance(receipt.exception(), NotStored)
        if refused == 50 - pipe.settings["most"]:
            break
    pipe.state("ready", f"{refused} refused")
    _beat(pipe)


def impatient(pipe: Pipe) -> None:
    """Gives up before the bot has answered."""
    pipe.event("一")[1].cancel()
    pipe.state("ready", "gave up")
    _beat(pipe)


def hang(pipe: Pipe) -> None:
    """The call that asks for the endpoint has no time-out."""
    pipe.beat()
    time.sleep(3600)


def silent(pipe: Pipe) -> None:
    """Connected, and then its loop is dead."""
    pipe.state("ready")
    time.sleep(3600)


def busy(pipe: Pipe) -> None:
    """Connected, and then its loop runs hot."""
    pipe.state("ready")
    while True:
        pass


def zombie(pipe: Pipe) -> None:
    """Lost its connection for good, and lives on."""
    pipe.state("ready")
    pipe.state("reconnecting", "the task died")
    _beat(pipe)


def flap(pipe: Pipe) -> None:
    """Reconnects without a pause."""
    while True:
        pipe.state("ready")
        pipe.state("reconnecting", "closed at once")


def refused(pipe: Pipe) -> None:
    pipe.end("auth_failed", f"10015 wrong secret {pipe.settings['app_secret']}")


def crowded(pipe: Pipe) -> None:
    pipe.end("too_many_connections", "1000040350")


def crash(pipe: Pipe) -> None:
    print(f"wss://x.cn/ws?ticket=SECRETTICKET&app={pipe.settings['app_secret']}", file=sys.stderr, flush=True)  # noqa: T201
    os._exit(3)


def nonsense(pipe: Pipe) -> None:
    pipe._out.write(b"Segmentation fault\n")
    _beat(pipe)


def deaf(pipe: Pipe) -> None:
    """Does not go when asked."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    pipe.state("ready")
    while True:
        try:
            _beat(pipe)
        except OSError:
            time.sleep(3600)


def _beat(pipe: Pipe) -> None:
    while True:
        pipe.beat()
        time.sleep(BEAT)


MODES = {
    name: globals()[name]
    for name in "good flood impatient hang silent busy zombie flap refused crowded crash nonsense deaf".split()  # noqa: SIM905
}

if __name__ == "__main__":
    main()
