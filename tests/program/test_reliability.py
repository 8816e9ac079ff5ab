"""docs/reliability.md is what the benches found, and nothing else."""

from __future__ import annotations

import pytest

from bench.reliability import CHAPTERS, PAGE, page
from bench.results import FOLDER, kept


def test_the_page_is_made_of_the_results() -> None:
    """Otherwise: ``make reliability``."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_every_figure_says_where_it_comes_from(chapter: object) -> None:
    result = kept(chapter.name)  # type: ignore[attr-defined]
    if result is not None:
        assert result.command.startswith("python -m bench.")
        assert result.machine
        assert result.at
        assert {len(row) for row in result.rows} == {len(result.columns)}


def test_no_result_is_left_out() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} <= {chapter.name for chapter in CHAPTERS}
