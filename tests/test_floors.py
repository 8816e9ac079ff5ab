"""What keeps the house standing: imports point down, storage alone speaks SQL, one clock, every sentence a twin."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports
from sqlalchemy import BigInteger, Float, Integer, String, TextClause
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import NullType
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import storage
from storage.statement import Statement
from storage.tables.declared import Declared

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "adapters", "commands", "reports", "storage", "planning", "chat")
POSTGRESQL = postgresql.dialect(paramstyle="numeric_dollar")
DIALECT = sqlite.dialect(paramstyle="qmark")


def sources(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    """(path within the checkout, its tree) of every Python file."""
    for package in packages or PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def test_imports_point_down_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True, is_debug_mode=False) == EXIT_STATUS_SUCCESS


def statements() -> Iterator[tuple[str, Statement]]:
    for found in pkgutil.walk_packages(storage.__path__, "storage."):
        if found.name.startswith("storage.migrations"):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            values = value.values() if isinstance(value, dict) else [value]
            for number, each in enumerate(values):
                if isinstance(each, Statement):
                    yield f"{found.name}.{name}[{number}]", each


def test_there_are_statements_to_look_at() -> None:
    assert len(list(statements())) > 50


@pytest.mark.parametrize("statement", [pytest.param(s, id=name) for name, s in statements()])
def test_a_statement_is_compiled_once_to_the_drivers_own_sql(statement: Statement) -> None:
    """No IN of changing length, no ORM entity loading: what is compiled at the first use is good for ever."""
    sql, constants, _ = statement.on(DIALECT)
    assert "POSTCOMPILE" not in sql, "in_() has no fixed text: join or use or_()"
    assert all(isinstance(value, (int, float, str)) for value in constants.values())


@pytest.mark.parametrize("statement", [pytest.param(s, id=name) for name, s in statements()])
def test_a_statement_is_for_both_databases(statement: Statement) -> None:
    """PostgreSQL must know what each value is: ``bindparam("x", type_=String)`` where no column beside it says so."""
    compiled = statement.core.compile(dialect=POSTGRESQL)  # type: ignore[attr-defined]
    limits = re.findall(r"(?:LIMIT|OFFSET) \$(\d+)", str(compiled))
    wild = [name for name, bind in compiled.binds.items() if isinstance(bind.type, NullType)]
    known = {compiled.positiontup[int(place) - 1] for place in limits}
    assert isinstance(statement.core, TextClause) or set(wild) <= known, str(compiled)


def test_partial_indexes_are_partial_on_both_databases() -> None:
    for path, tree in sources("storage"):
        if "migrations" in path or path.endswith("partial.py"):
            continue
        words = {keyword.arg for node in ast.walk(tree) if isinstance(node, ast.Call) for keyword in node.keywords}
        assert "sqlite_where" not in words, f"{path}: say partial(…)"


def test_columns_hold_numbers_and_texts_only() -> None:
    plain = (Integer, BigInteger, Float, String, AutoString)
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            assert isinstance(column.type, plain), f"{table.name}.{column.name}: {column.type!r}"


def test_storage_moves_rows_without_the_orm() -> None:
    assert {model.__tablename__ for model in Declared.__subclasses__()} == set(SQLModel.metadata.tables)
    for path, tree in sources("storage"):
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not names & {"Session", "AsyncSession", "sessionmaker", "relationship", "Relationship"}, path


def test_only_storage_speaks_to_the_database() -> None:
    """Tables, Core and statements stay below; the program above may know ``sqlite3.Error``."""
    for path, tree in sources("bot", "commands", "reports", "planning", "chat"):
        for module in imported(tree):
            assert module.split(".")[0] not in ("sqlalchemy", "sqlmodel", "alembic"), f"{path} imports {module}"
            assert not module.startswith("storage.tables"), f"{path} imports {module}"


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_one_file_asks_what_time_it_is() -> None:
    """Everywhere else time is an argument, so that a transcript can move it."""
    clocks = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
    for path, tree in sources("bot", "commands", "reports", "storage", "planning", "chat"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and path != "bot/clock.py":
                assert (node.value.id, node.attr) not in clocks, f"{path}:{node.lineno}"


def sentences() -> Iterator[tuple[str, ast.Call]]:
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                yield f"{path}:{node.lineno}", node


GRAMMAR = {"verb"}
"""Words that one language says inside the sentence where the other has a gap."""


def test_every_sentence_and_its_twin_have_the_same_gaps() -> None:
    """``say("… {x}", "… {x}", x=…)``: a value for each gap, a gap for each value, and nothing lost in translation.

    A pair such as {n} 月 / {month} may stand for the same thing: then each side has one of its own.
    """
    wrong, seen = [], 0
    for where, call in sentences():
        texts = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if len(texts) != 2:
            continue
        seen += 1
        zh, en = (names(text) for text in texts)
        given = {keyword.arg for keyword in call.keywords if keyword.arg}
        only_zh, only_en = zh - en - GRAMMAR, en - zh - GRAMMAR
        if len(only_zh) != len(only_en):
            wrong.append(f"{where}: {{{', '.join(sorted(only_zh ^ only_en))}}} stands on one side only")
        spread = any(keyword.arg is None for keyword in call.keywords)
        if given and not spread and zh | en != given:
            wrong.append(f"{where}: gaps {sorted(zh | en)}, values {sorted(given)}")
    assert not wrong, "\n" + "\n".join(wrong)
    assert seen > 100


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_chinese_stands_first_and_english_second() -> None:
    """A sentence whose English half contains Chinese words was translated by nobody (but 中文 is called 中文)."""
    wrong = []
    for where, call in sentences():
        if len(call.args) != 2 or not all(isinstance(each, ast.Constant) for each in call.args):
            continue
        zh, en = (str(each.value) for each in call.args if isinstance(each, ast.Constant))
        if zh != en and any("\u4e00" <= letter <= "\u9fff" for letter in en.replace("中文", "")):
            wrong.append(f"{where}: {en}")
    assert not wrong, "\n" + "\n".join(wrong)
