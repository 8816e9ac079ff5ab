"""Templates lay out lines; nothing anybody wrote is template, markup or a mention."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest

import reports
from chat.text import Mention, Text, say
from reports import render
from reports.daily_prompt import span
from reports.digest import short

TEMPLATES = sorted((Path(reports.__file__).parent / "templates").glob("*.j2"))
HOSTILE = [
    "{{7*7}}", "{% raw %}", "{v0}", "{", "}}", "{0.__class__}", "<at id=all></at>", "@所有人", "'; DROP TABLE daily;--",
    "\u202eabc", "🎉", "${jndi:x}", "%s %(x)s", "\\n", "a\nb",
]  # fmt: skip


def digest(**values: object) -> Text:
    given: dict[str, object] = {
        "project": "P", "day": "9-21", "handed_in": 1, "expected": 2, "late": 0, "away": 0, "abroad": 0, "blockers": [],
        "blocked": 0, "asks": [], "asked": 0, "debts": [], "debt_count": 0,
        "tasks": {"overdue": 0, "tomorrow": 0, "done": 0}, "people": [],
        "more": 0, "missing": "",
    }  # fmt: skip
    return render.text("digest", **given | values)


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_words(words: str) -> None:
    text = digest(project=words, people=[{"name": words, "done": words, "plan": words}], missing=words)
    assert words not in text.zh.replace("{v", "") or words in ("{", "}}", "{v0}")
    assert text.render("zh").count(words) == 5
    assert text.render("en").count(words) == 5


@pytest.mark.parametrize("words", HOSTILE)
def test_every_word_is_escaped_at_the_door(words: str) -> None:
    text = digest(people=[{"name": "n", "done": words, "plan": ""}])
    assert f"<{words}>" in text.render("zh", escape=lambda said: f"<{said}>")


def test_texts_and_mentions_travel_whole() -> None:
    text = digest(day=say("周一", "Mon"), missing=Mention("u1", "李四"))
    assert "周一" in text.render("zh")
    assert "Mon" in text.render("en")
    assert "[u1]" in text.render("zh", mention=lambda one: f"[{one.id}]")


def test_a_missing_value_is_an_error_and_not_a_hole() -> None:
    with pytest.raises(jinja2.UndefinedError):
        render.text("digest", project="P")


def test_templates_come_in_both_languages() -> None:
    names = {path.name.split(".")[0] for path in TEMPLATES}
    assert {path.name for path in TEMPLATES} == {f"{name}.{locale}.j2" for name in names for locale in ("zh", "en")}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_both_languages_use_the_same_values(path: Path) -> None:
    def used(source: str) -> set[str]:
        return set(re.findall(r"{{\s*([\w.]+)", source))

    other = path.with_name(
        path.name.replace(".zh.", ".en.") if ".zh." in path.name else path.name.replace(".en.", ".zh.")
    )
    assert used(path.read_text("utf-8")) == used(other.read_text("utf-8"))


def test_braces_of_a_template_are_braces(tmp_path: Path) -> None:
    environment = render._environment().overlay(loader=jinja2.DictLoader({"x": "{a} }} {{ v }}"}))
    values = render._Values()
    words = environment.get_template("x").render({"v": "{b}", render._COLLECTED: values})
    assert Text(words, words, values.data).render() == "{a} }} {b}"


@pytest.mark.parametrize(
    ("minutes", "words"), [(12, "12 分钟"), (60, "1 小时"), (80, "1 小时 20 分钟"), (2 * 24 * 60 + 5, "48 小时")]
)
def test_spans(minutes: int, words: str) -> None:
    assert span(minutes).render() == words


def test_short() -> None:
    assert short("a\n b \n\nc") == "a；b；c"
    assert short("一" * 121) == "一" * 120 + "…"
