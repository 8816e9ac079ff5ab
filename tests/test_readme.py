"""The documents tell the truth: their examples are played, their command tables compared, their commands exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.play import play
from tests.documents import CONTRIBUTING, README, README_EN, ROOT, between, chats, parts

EXAMPLES = [
    pytest.param(document, line, text, id=f"{document.name}:{line}")
    for document in (README, README_EN, CONTRIBUTING)
    for line, text in chats(document)
]


@pytest.mark.parametrize(("document", "line", "text"), EXAMPLES)
async def test_an_example_is_a_transcript_that_plays(document: Path, line: int, text: str, tmp_path: Path) -> None:
    path = tmp_path / "example.chat"
    path.write_text(text, encoding="utf-8")
    played = await play(path)
    assert not played.problems, "\n" + "\n".join(f"{document.name}:{line + at}: {what}" for at, what in played.problems)


def test_the_readme_has_examples() -> None:
    assert len(list(chats(README))) >= 3


@pytest.mark.parametrize(("document", "mark"), parts())
def test_what_follows_the_program_is_up_to_date(document: Path, mark: str) -> None:
    assert between(document, mark).group(2) == parts()[document, mark], "run `make readme`"


@pytest.mark.parametrize("document", [README, README_EN, CONTRIBUTING], ids=lambda path: path.name)
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", document.read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert named <= targets


@pytest.mark.parametrize("document", [README, README_EN, CONTRIBUTING], ids=lambda path: path.name)
def test_every_file_that_is_linked_exists(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)]+)\)", document.read_text(encoding="utf-8")):
        assert (ROOT / target.split("#")[0]).exists(), target


def test_locks_are_plain_versions_of_everything_that_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for name, asked in (
        ("requirements.lock", project["project"]["dependencies"]),
        ("requirements-dev.lock", project["project"]["dependencies"] + project["dependency-groups"]["dev"]),
    ):
        lines = (ROOT / name).read_text().splitlines()
        assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!]+", line) for line in lines), name
        locked = {line.partition("==")[0].lower().replace("_", "-") for line in lines}
        wanted = {re.split(r"[<>=!~\[ ;]", each)[0].lower().replace("_", "-") for each in asked}
        assert wanted <= locked, f"{name}: run `make lock`"
