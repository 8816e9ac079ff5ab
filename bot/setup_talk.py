"""How ``jindu setup`` speaks: lines out, lines in, secrets without an echo."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from chat.text import Locale, Text, say

_QUOTES = "\"'“”‘’「」"


class Left(Exception):
    """The admin went away, or the pipe ended."""


@dataclass
class Wizard:
    """One run. ``values``: what is known of the section so far; secrets as they are, not as references."""

    path: Path
    locale: Locale
    base: str = ""
    values: dict[str, str] = field(default_factory=dict)
    tell: Callable[[str], None] = print

    def say(self, text: Text) -> None:
        self.tell(text.render(self.locale))

    def ask(self, prompt: Text, *, hidden: bool = False) -> str:
        """One line, without the quotes people copy along. Raises Left."""
        words = f"{prompt.render(self.locale)} > "
        try:
            if hidden and sys.stdin.isatty():
                answer = getpass.getpass(words)
            else:
                answer = input(words)
                if not sys.stdin.isatty():
                    self.tell("")
        except EOFError:
            raise Left from None
        answer = answer.strip().strip(_QUOTES).strip()
        if answer.lower() in ("q", "quit", "退出"):
            raise Left
        return answer

    def choose(self, prompt: Text, *choices: Text, default: int = 1) -> int:
        """The number of a choice; Enter for ``default``."""
        for number, choice in enumerate(choices, 1):
            self.say(say("  {n}. {choice}", "  {n}. {choice}", n=number, choice=choice))
        while True:
            answer = self.ask(prompt) or str(default)
            if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(choices):
                return int(answer)
            self.say(say("请输入 1 到 {n} 的数字。", "Enter a number from 1 to {n}.", n=len(choices)))
