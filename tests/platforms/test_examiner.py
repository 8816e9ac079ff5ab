"""A bot at work finds out how its platforms are set up, tells it in ``/体检`` and notes it for ``jindu doctor``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import status
from bot.clock import VirtualClock
from bot.examiner import MINUTE, SOON, Examiner
from bot.vitals import SECOND
from chat.findings import bad
from chat.text import say
from tests.platforms.test_feishu_bot import Company


@pytest.fixture
async def company(still: VirtualClock) -> AsyncIterator[Company]:
    company = Company(still)
    await company.start()
    yield company
    await company.stop()


async def looked(company: Company, examiner: Examiner) -> None:
    """The examiner has asked, if it wanted to."""
    await examiner.look()
    if examiner._under_way is not None:
        await examiner._under_way


async def test_what_feishu_says_is_in_the_check_up(company: Company) -> None:
    company.world.scopes -= {"members", "resource"}
    await looked(company, Examiner(company.app))
    said = await company.see(company.says(company.zhang, "/体检"), "体检 ")
    assert "! 缺权限 im:chat.members:read（知道人名）：打开 open.feishu.cn/app/cli_fake/auth" in said
    assert "! 缺权限 im:resource（发图片和文件）" in said
    assert "✓ 连接" in said


async def test_it_is_asked_again_soon_after_somebody_wanted_to_know(company: Company) -> None:
    examiner = Examiner(company.app)
    company.world.callbacks.clear()
    await looked(company, examiner)
    said = await company.see(company.says(company.zhang, "/体检"), "体检 ")
    assert "✗ 没订阅卡片回调，按钮会提示 200340" in said
    company.world.callbacks.append("card.action.trigger")
    calls = len(company.world.calls)
    await looked(company, examiner)
    assert len(company.world.calls) == calls, "not at once"
    company.clock.set(company.clock.now() + SOON)
    await looked(company, examiner)
    assert not [one for one in company.app.vitals.findings("feishu") if one.mark != "✓"]


async def test_presses_on_cards_of_another_program_are_noticed(company: Company) -> None:
    """Feishu gives each event to one connection of the app at random: here ours gets what was meant for another."""
    examiner = Examiner(company.app)
    await looked(company, examiner)
    await company.see(company.says(company.zhang, "/体检 按钮"), "现在 0 次")
    own = company.last("现在 0 次")
    await company.server.press(own, company.zhang, "点我").finished.wait()
    card = company.world.messages[own].content
    for number in range(2):
        await looked(company, examiner)
        assert SECOND not in company.app.vitals.findings("feishu"), "once may be an accident"
        theirs = company.world.add(company.group, company.world.app_id, "interactive", card)
        delivery = company.server.press(theirs.id, company.zhang, "点我")
        await delivery.finished.wait()
        assert delivery.state == "acked", number
    await looked(company, examiner)
    assert SECOND in company.app.vitals.findings("feishu")
    said = await company.see(company.says(company.zhang, "/体检"), "体检 ")
    assert "! 有人按了不是我发的卡片：多半有别的程序也在用这个应用" in said


async def test_what_is_noted_can_be_read_back(company: Company, tmp_path: Path) -> None:
    examiner = Examiner(company.app, tmp_path)
    company.world.scopes.discard("resource")
    await company.see(company.says(company.zhang, "/我的"), "")
    await looked(company, examiner)
    company.clock.set(company.clock.now() + MINUTE)
    await examiner.look()
    read = status.read(tmp_path)
    assert read is not None
    assert read.at == company.clock.now()
    health = read.platforms["feishu"]
    assert health.connected
    assert [one.text.plain()[:18] for one in health.findings if one.mark != "✓"] == ["缺权限 im:resource（发图"]


async def test_a_note_that_is_broken_is_no_note(tmp_path: Path) -> None:
    assert status.read(tmp_path) is None
    for words in ("", "[]", '{"at": 3, "platforms": {}, "groups": []}', '{"at": "2026-01-01", "platforms": {"x": 1}}'):
        (tmp_path / status.NAME).write_text(words)
        assert status.read(tmp_path) is None


async def test_faults_of_the_platform_stand_for_the_link(company: Company) -> None:
    """What is known to be wrong is said once, not twice."""
    company.app.vitals.examined["feishu"] = (bad("scope", say("缺权限", "missing")),)
    said = await company.see(company.says(company.zhang, "/体检"), "体检 ")
    assert said.count("✗") == 1
    assert "✓ 连接" in said
