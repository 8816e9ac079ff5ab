"""Why the program stops: said to the person at the terminal, with what to do next."""

from __future__ import annotations

import errno
import os

from chat.text import Locale, Text, say, verbatim

BAD_USE = 2
"""Exit code for a wrong command line or configuration; 1 is for everything else that failed."""


_WHY = {
    errno.ENOENT: say("没有这个文件或目录", "no such file or folder"),
    errno.EISDIR: say("这是一个目录", "it is a folder"),
    errno.ENOTDIR: say("上级不是目录", "its parent is no folder"),
    errno.EACCES: say("没有权限", "permission denied"),
    errno.EPERM: say("没有权限", "permission denied"),
    errno.EROFS: say("磁盘是只读的", "the disk is read-only"),
    errno.ENOSPC: say("磁盘满了", "the disk is full"),
    errno.EADDRINUSE: say("已被别的程序占用", "in use by another program"),
    errno.EADDRNOTAVAIL: say("这台机器没有这个地址", "this machine has no such address"),
}


def reason_of(error: Exception) -> Text:
    """The reason of the operating system, in words where they are ours."""
    known = _WHY.get(error.errno or 0) if isinstance(error, OSError) else None
    return known or verbatim(getattr(error, "strerror", None) or str(error) or type(error).__name__)


class Fault(Exception):
    """``text`` names what happened and the remedy. ``code``: the exit code."""

    def __init__(self, text: Text, code: int = 1) -> None:
        super().__init__(text.plain())
        self.text = text
        self.code = code


def terminal_locale() -> Locale:
    """Chinese, unless the terminal's own language is English."""
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if named.lower().startswith("en") else "zh"
