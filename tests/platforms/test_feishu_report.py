"""J09 row 6: a report of 42 KB with seven tables: several cards within Feishu's limits, and not a row is lost."""

from __future__ import annotations

import orjson

from adapters.feishu import cards
from chat.cards import Card, Paragraph, Table
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
