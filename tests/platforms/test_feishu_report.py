"""J09 row 6: a report of 42 KB with seven tables: several cards within Feishu's limits, and not a row is lost."""

from __future__ import annotations

import orjson

from adapters.feishu import cards
from chat.cards import Block, Button, Buttons, Card, Paragraph, Table
from chat.text import say, verbatim
from tests.platforms import feishu_rules as rules


def report() -> Card:
    header = (say("任务", "Task"), say("负责人", "Owner"), say("截止", "Due"))
    tables = [
        Table(header, tuple((verbatim(f"T{100 * n + row} 渠道投放第 {row} 批素材的走查和修改"), verbatim("李四"),
                             verbatim("9-28")) for row in range(60)))
        for n in range(1, 8)
    ]  # fmt: skip
    lead = Paragraph(verbatim("完成率 80%\n" + "本周说明。" * 200))
    return Card((lead, *tables), say("周报", "Weekly"))


def test_a_report_of_42_kilobytes_is_split_and_whole() -> None:
    card = report()
    assert len(orjson.dumps(card)) > 42 * 1024
    parts = cards.cards(card, "zh")
    assert len(parts) >= 2
    for part in parts:
        assert rules.problem(part) == ""
        assert len(orjson.dumps(part)) <= 30 * 1024
        assert sum(one["tag"] == "table" for one in part["body"]["elements"]) <= 5
    shown = "\n".join(rules.words(part, {}) for part in parts)
    assert all(f"T{100 * n + row} " in shown for n in range(1, 8) for row in range(60))
    assert [part["header"]["title"]["content"] for part in parts] == [
        f"周报 ({n + 1}/{len(parts)})" for n in range(len(parts))
    ]  # fmt: skip


def test_seven_small_tables_are_three_cards_each_heading_above_its_table() -> None:
    """Feishu shows three tables in a card: fewer than three cards cannot hold seven."""
    blocks: list[Block] = [Paragraph(verbatim("完成率 80%"))]
    header = (say("任务", "Task"), say("截止", "Due"))
    for n in range(1, 8):
        blocks += [Paragraph(verbatim(f"第 {n} 节")), Table(header, ((verbatim(f"T{n} 海报"), verbatim("9-28")),))]
    blocks.append(Buttons((Button(say("明细", "Rows"), "week.rows"),)))
    parts = cards.cards(Card(tuple(blocks), say("周报", "Weekly")), "zh")
    titles = [part["header"]["title"]["content"] for part in parts]
    assert titles == ["周报 (1/3)", "周报 (2/3)", "周报 (3/3)"]
    for part in parts:
        elements = part["body"]["elements"]
        tags = [one["tag"] for one in elements]
        assert tags[-1] != "markdown"
        assert all(tags[place - 1] == "markdown" for place, tag in enumerate(tags) if tag == "table")
    assert [one["tag"] for one in parts[-1]["body"]["elements"]] == ["markdown", "table", "column_set"]
