"""Reports as people really type them."""

from __future__ import annotations

import time

import pytest

from planning.daily import first_heading, is_none, parse, parse_rest

N = None
"""Not found at all; "" is found and nothing."""

REPORTS: list[tuple[str, str | None, str | None, str | None]] = [
    # --- headings on one line
    ("今日：投放计划定稿 明日：上传素材 阻塞：等王五的主图", "投放计划定稿", "上传素材", "等王五的主图"),
    ("今日:投放计划定稿 明日:上传素材 阻塞:无", "投放计划定稿", "上传素材", ""),
    ("今日 : a 明日 : b 阻塞 : c", "a", "b", "c"),
    ("今日：a，明日：b，阻塞：c", "a", "b", "c"),
    ("今日：a；明日：b；阻塞：c。", "a", "b", "c"),
    ("今日：a。明日：b。阻塞：无。", "a", "b", ""),
    ("今日：a、b、c 明日：d 阻塞：无", "a、b、c", "d", ""),
    ("阻塞：无 明日：b 今日：a", "a", "b", ""),
    ("明日：b 今日：a", "a", "b", N),
    ("今天：a 明天：b 困难：没有", "a", "b", ""),
    ("今天完成：a 明天计划：b 问题：暂无", "a", "b", ""),
    ("今日完成：a 明日安排：b 卡点：暂时没有", "a", "b", ""),
    ("今日进展：a 明日计划：b 阻塞问题：无阻塞", "a", "b", ""),
    ("今日工作：a 明日工作：b 风险：没有风险", "a", "b", ""),
    ("已完成：a 下一步：b 需要帮助：c", "a", "b", "c"),
    ("完成：a 计划：b 问题：c", "a", "b", "c"),
    ("进展：a 后续：b 求助：c", "a", "b", "c"),
    ("今日a 明日b 阻塞无", "a", "b", ""),
    ("今日写完A 明日写B 阻塞：无", "写完A", "写B", ""),
    ("今天见客户，明天回访，阻塞无", "见客户", "回访", ""),
    ("今天搞定了方案，明天做落地页，没有阻塞", "搞定了方案", "做落地页", ""),
    ("今日：a 明日：解决没有阻塞的问题", "a", "解决没有阻塞的问题", N),
    ("Today: copy Tomorrow: QA, no blockers.", "copy", "QA", ""),
    ("今日… 明日… 阻塞：无", "…", "…", ""),
    ("今日= a 明日= b 阻塞= c", "a", "b", "c"),
    ("今日：a | 明日：b | 阻塞：无", "a", "b", ""),
    ("今日：a/b 明日：c/d 阻塞：n/a", "a/b", "c/d", ""),
    ("今日：上线 v1.2.3 明日：看 12:30 的数据 阻塞：无", "上线 v1.2.3", "看 12:30 的数据", ""),
    # --- headings on lines
    ("今日：a\n明日：b\n阻塞：c", "a", "b", "c"),
    ("今日进展：\na\n明日计划：\nb\n阻塞问题：\n无", "a", "b", ""),
    ("今日进展\na\n明日计划\nb\n阻塞问题\n无", "a", "b", ""),
    ("今日进展：\n1. a\n2. b\n明日计划：\n1. c\n阻塞问题：无", "1. a\n2. b", "1. c", ""),
    ("今日：\n- a\n- b\n明日：\n- c\n阻塞：", "- a\n- b", "c", N),
    ("【今日】a\n【明日】b\n【阻塞】无", "a", "b", ""),
    ("【今日进展】\na\n【明日计划】\nb\n【阻塞问题】\nc", "a", "b", "c"),
    ("[今日] a\n[明日] b\n[阻塞] c", "a", "b", "c"),
    ("「今日」：a\n「明日」：b\n「阻塞」：无", "a", "b", ""),
    ("**今日**：a\n**明日**：b\n**阻塞**：无", "a", "b", ""),
    ("# 今日\na\n# 明日\nb\n# 阻塞\n无", "a", "b", ""),
    ("## 今日进展\na\n## 明日计划\nb\n## 阻塞问题\nc", "a", "b", "c"),
    ("1. 今日：a\n2. 明日：b\n3. 阻塞：无", "a", "b", ""),
    ("一、今日完成：a\n二、明日计划：b\n三、问题：无", "a", "b", ""),
    ("①今日：a\n②明日：b\n③阻塞：无", "a", "b", ""),
    ("1、今日工作内容\na\n2、明日工作计划\nb\n3、遇到的问题\n无", "a", "b", ""),
    ("✅今日：a\n📌明日：b\n🚧阻塞：c", "a", "b", "c"),
    ("今日（9-21）：a\n明日（9-22）：b\n阻塞：无", "a", "b", ""),
    ("今日 - a\n明日 - b\n阻塞 - 无", "a", "b", ""),
    ("今日：a\n\n\n明日：b\n\n阻塞：无\n", "a", "b", ""),
    ("  今日 ： a \n　明日 ： b \n 阻塞 ： 无 ", "a", "b", ""),
    ("今日：a\r\n明日：b\r\n阻塞：无", "a", "b", ""),
    # --- titles and greetings
    ("大家好\n今日：a\n明日：b\n阻塞：无", "a", "b", ""),
    ("李四 9-21 日报\n今日：a\n明日：b\n阻塞：无", "a", "b", ""),
    ("日报\n今日：a\n明日：b\n阻塞：无", "a", "b", ""),
    ("9月21日\na\nb\n无", "a", "b", ""),
    ("写完了接口文档\n明日：联调\n阻塞：无", "写完了接口文档", "联调", ""),
    # --- English
    ("Today: copy done Tomorrow: QA Blockers: none", "copy done", "QA", ""),
    ("Today: copy done\nTomorrow: QA\nBlockers: none", "copy done", "QA", ""),
    ("TODAY: A\nTOMORROW: B\nBLOCKERS: C", "A", "B", "C"),
    ("done: a\nnext: b\nblocked: c", "a", "b", "c"),
    ("Done - a\nNext - b\nBlocked - no", "a", "b", ""),
    ("did: a; plan: b; blockers: nope", "a", "b", ""),
    ("Today's progress: a\nTomorrow's plan: b\nIssues: nil", "a", "b", ""),
    ("Progress: a\nNext steps: b\nImpediments: nothing", "a", "b", ""),
    ("Today: a\nPlan: b\nBlocker: waiting for Bob's review", "a", "b", "waiting for Bob's review"),
    ("today：a tomorrow：b blockers：N/A", "a", "b", ""),
    # --- typing errors and traditional characters
    ("今曰：a 明曰：b 阻塞：无", "a", "b", ""),
    ("今日：a 名日：b 阻赛：无", "a", "b", ""),
    ("令日：a 明目：b 组塞：无", "a", "b", ""),
    ("今日晋展：a 明日计划：b 阻寒问题：无", "a", "b", ""),
    ("今日進展：a 明日計劃：b 阻礙：無", "a", "b", ""),
    ("今天完成：a 明天計畫：b 困難：沒有", "a", "b", ""),
    ("Tody: a\nTommorow: b\nBlokers: none", "a", "b", ""),
    ("today: a tomorow: b bolckers: none", "a", "b", ""),
    # --- numbers
    ("1、上架 40 款 2、补尺码表 3、无", "上架 40 款", "补尺码表", ""),
    ("1.a 2.b 3.无", "a", "b", ""),
    ("1. a\n2. b\n3. c", "a", "b", "c"),
    ("1）a\n2）b\n3）无", "a", "b", ""),
    ("(1) a (2) b (3) none", "a", "b", ""),
    ("（1）a\n（2）b\n（3）没有", "a", "b", ""),
    ("①a ②b ③无", "a", "b", ""),
    ("一、a\n二、b\n三、无", "a", "b", ""),
    ("1 a\n2 b\n3 无", "a", "b", ""),
    ("１．a\n２．b\n３．无", "a", "b", ""),
    ("1、上架 1.5 万件 2、补 3 张表 3、无", "上架 1.5 万件", "补 3 张表", ""),
    ("1. a\n2. b", "a", "b", N),
    ("1. a\n2. b\n3. c\n4. d", "1. a\n2. b\n3. c\n4. d", N, N),
    # --- bare lines
    ("主图改第2版\n出详情页\n没有", "主图改第2版", "出详情页", ""),
    ("a\nb\n无", "a", "b", ""),
    ("a\nb\n等王五", "a", "b", "等王五"),
    ("- a\n- b\n- 无", "a", "b", ""),
    ("a\n\nb\n\n无", "a", "b", ""),
    ("a\nb", "a", "b", N),
    ("a\nb\nc\nd\n无", "a\nb\nc", "d", ""),
    ("a\nb\nc\nd\ne", "a\nb\nc\nd\ne", N, N),
    ("a | b | 无", "a", "b", ""),
    ("a；b；无", "a", "b", ""),
    ("a；b；c", "a；b；c", N, N),
    ("banner 改完了", "banner 改完了", N, N),
    ("解决阻塞问题：换供应商", "解决阻塞问题：换供应商", N, N),
    ("改了今日的海报", "改了今日的海报", N, N),
    # --- only some parts
    ("阻塞：等法务盖章", N, N, "等法务盖章"),
    ("今日：休息", "休息", N, N),
    ("今日：无 明日：无 阻塞：无", "无", "", ""),
    # --- hostile and odd
    ("今日：{{7*7}} 明日：<at id=all></at> 阻塞：@所有人", "{{7*7}}", "<at id=all></at>", "@所有人"),
    ("今日：'; DROP TABLE task 明日：b 阻塞：无", "'; DROP TABLE task", "b", ""),
    ("今日：🎉🎉 明日：💤 阻塞：无", "🎉🎉", "💤", ""),
    ("今日：\u202eabc 明日：b 阻塞：无", "\u202eabc", "b", ""),
]
EMPTY = [
    "", "   ", "\n\n", "今日：\n明日：\n阻塞：", "今日进展：\n明日计划：\n阻塞问题：（没有写“无”）",
    "今日： 明日： 阻塞：",
    "Today:\nTomorrow:\nBlockers: (write “none” if there are none)",
]  # fmt: skip
NONES = [
    "无", "没有", "没", "暂无", "无。", "没有！", "暂时没有", "没有阻塞", "无阻塞", "没问题", "没啥问题", "無", "沒有",
    "none", "None.", "N/A", "n/a", "na", "no", "nothing", "no blockers", "-", "—", "/", "一切正常", "暂无问题",
    "目前没有",
]  # fmt: skip
SOME = ["等王五", "无人机没到", "没有权限，等 IT", "无法登录", "没收到素材", "no access", "nothing works", "网络问题"]


@pytest.mark.parametrize(("text", "done", "plan", "blocked"), REPORTS, ids=lambda value: str(value)[:24])
def test_reports(text: str, done: str | None, plan: str | None, blocked: str | None) -> None:
    parsed = parse(text)
    got = (parsed.done, parsed.plan, parsed.blocked)
    expected = {
        name
        for name, words in zip(("done", "plan", "blocked"), (done, plan, blocked), strict=True)
        if words is not None
    }
    assert got == (done or "", plan or "", blocked or "")
    assert parsed.found == expected


@pytest.mark.parametrize("text", EMPTY)
def test_nothing(text: str) -> None:
    assert not parse(text).found


@pytest.mark.parametrize("words", NONES)
def test_none(words: str) -> None:
    assert is_none(words)


@pytest.mark.parametrize("words", SOME)
def test_something_that_begins_like_none(words: str) -> None:
    assert not is_none(words)


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("今日：a 明日：b", True),
        ("今日a 明日b 阻塞：无", True),
        ("阻塞：等法务", False),
        ("今天下午开会，明天交", False),
        ("1、a 2、b 3、无", False),
        ("a\nb\n无", False),
        ("王五下周三前交主图素材", False),
        ("done: a next: b", True),
    ],
)
def test_certain(text: str, certain: bool) -> None:
    assert parse(text).certain is certain


@pytest.mark.parametrize(
    ("text", "missing", "expected"),
    [
        ("无", ("plan", "blocked"), {"plan": "", "blocked": ""}),
        ("出详情页\n无", ("plan", "blocked"), {"plan": "出详情页", "blocked": ""}),
        ("出详情页", ("plan", "blocked"), {"plan": "出详情页"}),
        ("明日：出详情页 阻塞：无", ("plan", "blocked"), {"plan": "出详情页", "blocked": ""}),
        ("阻塞：等图", ("plan", "blocked"), {"blocked": "等图"}),
        ("1. 出详情页\n2. 无", ("plan", "blocked"), {"plan": "出详情页", "blocked": ""}),
        ("等图\n等文案", ("blocked",), {"blocked": "等图\n等文案"}),
        ("", ("blocked",), {}),
    ],
)
def test_the_rest(text: str, missing: tuple, expected: dict[str, str]) -> None:  # type: ignore[type-arg]
    parsed = parse_rest(text, missing)
    assert {part: getattr(parsed, part) for part in parsed.found} == expected


def test_where_the_first_heading_is() -> None:
    assert first_heading("现场没信号 今日选图 明日b 阻塞无") == 6
    assert first_heading("没有") == 2


@pytest.mark.parametrize(
    "text", ["今日：" + "很长" * 5000, "a " * 5000, "1、" * 3000, "今日 明日 阻塞 " * 1000, "：" * 5000, "\n" * 5000]
)
def test_ten_thousand_characters_are_quick(text: str) -> None:
    started = time.process_time()
    parse(text)
    assert time.process_time() - started < 0.5
