"""Which words of a line are its title, and which its due."""

from __future__ import annotations

import pytest

from tests.tasks.conftest import Office

LINES = (
    ("渠道投放 周五20:00", "渠道投放", "2026-09-18"),
    ("周五前交初稿", "交初稿", "2026-09-18"),
    ("初稿（周五前）", "初稿", "2026-09-18"),
    ("9月22日 巡店", "巡店", "2026-09-22"),
    ("9月22日活动照片整理", "9月22日活动照片整理", "2026-09-22"),
    ("整理9月22日活动照片", "整理9月22日活动照片", "2026-09-22"),
    ("整理9月22日活动照片 周一", "整理9月22日活动照片", "2026-09-21"),
    ("布展 9-20~9-24", "布展", "2026-09-24"),
    ("明天打电话", "打电话", "2026-09-19"),
    ("明天下午三点的供应商电话", "供应商电话", "2026-09-19"),
    ("2026年预算", "2026年预算", "未定"),
    ("9月报表", "9月报表", "未定"),
    ("下周计划", "下周计划", "未定"),
    ("国庆活动方案", "国庆活动方案", "未定"),
    ("T恤采购", "T恤采购", "未定"),
    ("周会\n周五讨论排期", "周会", "未定"),
    ("周会\n截止周一", "周会", "2026-09-21"),
    ("Fix banner tomorrow", "Fix banner", "2026-09-19"),
)


@pytest.mark.parametrize(("line", "title", "due"), LINES)
async def test_title_and_due(office: Office, line: str, title: str, due: str) -> None:
    said = (await office.say("张三", "/任务 " + line))[0]
    assert said.startswith(f"✅ T1 {title}｜")
    assert f"截止 {due}" in said
