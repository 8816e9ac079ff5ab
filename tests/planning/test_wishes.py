"""Plain sentences that ask for a task, and the many that do not."""

from __future__ import annotations

import pytest

from planning.wishes import asked, deed, instructs, plans, title_of


@pytest.mark.parametrize(
    ("said", "rest", "sure", "mine"),
    [
        ("帮我建个客户回访任务", "客户回访任务", True, True),
        ("建个任务:写方案", "任务:写方案", True, False),
        ("帮我建个供应商电话", "供应商电话", False, True),
        ("新增任务 拍视频", "任务 拍视频", True, False),
        ("待办:买票", "买票", True, False),
        ("新任务写周报", "写周报", False, False),
        ("任务写周报", "写周报", False, False),
        ("create a task to fix the banner", "fix the banner", True, False),
    ],
)
def test_asked(said: str, rest: str, sure: bool, mine: bool) -> None:
    found = asked(said)
    assert found is not None
    assert (said[found.start :], found.sure, found.mine) == (rest, sure, mine)


@pytest.mark.parametrize(
    "said",
    [
        "加班到几点",
        "开会了",
        "建议用红色",
        "任务好多啊",
        "任务做完了",
        "任务完成了吗",
        "任务的截止改一下",
        "这个任务怎么样?",
        "记得吃饭",
        "帮我看看",
        "安排得不错",
        "添麻烦了",
    ],
)
def test_not_asked(said: str) -> None:
    assert asked(said) is None


@pytest.mark.parametrize("said", ["昨天交了方案", "周五交得了吗?", "周五交不了", "没空写", "明天下雨"])
def test_no_instruction(said: str) -> None:
    assert not instructs(said)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("交主图素材", "主图素材"),
        ("负责主图,完成", "主图"),
        ("把投放表发我", "投放表"),
        ("写周报", "写周报"),
        ("交稿", "交稿"),
        ("完成", "完成"),
    ],
)
def test_deed(words: str, title: str) -> None:
    assert deed(words) == title


def test_title_of() -> None:
    assert title_of("客户回访任务，") == "客户回访"
    assert title_of("任务：写方案") == "写方案"
    assert title_of("任务管理培训") == "任务管理培训"


@pytest.mark.parametrize(
    ("words", "planned"),
    [
        ("明天下午3点前把投放方案发给王五", True),
        ("每周一上午10点开例会", True),
        ("周五前核对库存", True),
        ("明天开会吗", False),
        ("明天中秋快乐", False),
        ("明天不用交了", False),
        ("开心的一天", False),
        ("send the budget to li by friday", True),
        ("please review the contract by friday", True),
        ("status report for the client due friday", True),
        ("sent the budget on friday", False),
        ("see you on monday", False),
        ("can you send it by friday?", False),
    ],
)
def test_what_sounds_like_a_plan(words: str, planned: bool) -> None:
    assert plans(words) is planned
