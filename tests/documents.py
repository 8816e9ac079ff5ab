"""The parts of the documents that follow the program. ``make readme`` writes them; ``test_readme`` compares."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from chat.text import Locale
from commands import grammar

ROOT = Path(__file__).parents[1]
README, README_EN, CONTRIBUTING = (ROOT / name for name in ("README.md", "README.en.md", "CONTRIBUTING.md"))


def parts() -> dict[tuple[Path, str], str]:
    """{(document, mark): what has to stand between ``<!-- mark -->`` and ``<!-- /mark -->``}."""
    return {
        (README, "commands"): commands("zh"),
        (README_EN, "commands"): commands("en"),
        (CONTRIBUTING, "transcripts"): transcript_format(),
    }


def commands(locale: Locale) -> str:
    """Every command of the bot; those of the short help first."""
    head = "| 命令 | 做什么 | 例子 |" if locale == "zh" else "| Command | What it does | Example |"
    rows = [head, "|---|---|---|"]
    for hint in grammar.load().hints:
        zh = [f"`/{word}`" for word in hint.words if not word.isascii()]
        en = [f"`/{word}`" for word in hint.words if word.isascii()]
        words = " ".join(zh[:1] + en[:1] if locale == "zh" else en[:1] + zh[:1])
        usage = hint.usage.render(locale).replace("|", "\\|").replace("\n", " ")
        rows.append(f"| {words} | {usage} | `{hint.example.render(locale)}` |")
    return "\n".join(rows)


def transcript_format() -> str:
    """From the docstring of ``bot/script.py``."""
    doc = ast.get_docstring(ast.parse((ROOT / "bot" / "script.py").read_text(encoding="utf-8"))) or ""
    table, _, rest = doc.partition("::\n")[2].partition("\n``⟨")
    return f"```text\n{textwrap.dedent(table).strip()}\n```\n\n``⟨{rest.strip()}"


def between(document: Path, mark: str) -> re.Match[str]:
    """The part of a document that ``mark`` names. Raises LookupError: it is not marked."""
    found = re.search(rf"(<!-- {mark} -->\n)(.*?)(\n<!-- /{mark} -->)", document.read_text(encoding="utf-8"), re.DOTALL)
    if found is None:
        raise LookupError(f"{document.name}: no <!-- {mark} -->")
    return found


def chats(document: Path) -> Iterator[tuple[int, str]]:
    """(line, transcript) of each ```chat block."""
    text = document.read_text(encoding="utf-8")
    for found in re.finditer(r"^```chat\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        yield text.count("\n", 0, found.start()) + 1, found.group(1)


def write() -> None:
    for (document, mark), wanted in parts().items():
        found = between(document, mark)
        text = found.string[: found.start(2)] + wanted + found.string[found.end(2) :]
        document.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
