"""A configuration is changed key by key; whatever else its owner wrote stays."""

from __future__ import annotations

import pytest

from bot.toml_edit import Unchangeable, changed

BEFORE = """# mine
[a.b]
one = "1" # first
# two = "commented"
list = ["x # y", 'z']  # both

[c]
one = "other"
"""


def test_only_what_was_asked_for_changes() -> None:
    assert changed(BEFORE, "a.b", {"one": 'a"b\\c', "two": True}) == BEFORE.replace(
        'one = "1" # first', 'one = "a\\"b\\\\c" # first', 1
    ).replace("  # both\n", "  # both\ntwo = true\n")


def test_the_same_again_changes_nothing() -> None:
    assert changed(BEFORE, "a.b", {"one": "1"}) == BEFORE


@pytest.mark.parametrize("text", ["", "x = 1", "[c]\n", "[c]\n\n"])
def test_a_section_that_is_not_there_is_added_at_the_end(text: str) -> None:
    result = changed(text, "a.b", {"one": "1"})
    assert result.startswith(text.rstrip("\n"))
    assert result.endswith('[a.b]\none = "1"\n')


def test_a_header_with_quotes_and_blanks() -> None:
    assert changed('[ a . "b" ] # here\none="0"\n', "a.b", {"one": "1"}) == '[ a . "b" ] # here\none="1"\n'


def test_a_hash_within_a_text_is_no_comment() -> None:
    assert changed("[a]\nk = 'x # y'\n", "a", {"k": "z"}) == '[a]\nk = "z"\n'


@pytest.mark.parametrize("text", ["a = { b = { one = '0' } }\n", "a.b.one = '0'\n", '[a.b]\none = """\n0"""\n', "[a\n"])
def test_what_it_does_not_understand_it_leaves_alone(text: str) -> None:
    with pytest.raises(Unchangeable):
        changed(text, "a.b", {"one": "1"})
