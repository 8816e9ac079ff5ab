"""``jindu setup``: an admin is led through a platform's console, the values are tried, config.toml is written.

It speaks in lines and can be answered from a pipe. Secrets are never shown; they go into files that only this user can
read. Nothing is written before the end, and nothing that is there is replaced unasked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import platforms, values
from bot.checkup import Found
from bot.faults import BAD_USE, Fault
from bot.platforms import TITLES, Platform
from bot.probe import Deaf, opening, probe
from bot.setup_file import read_config, section_of, write_config
from bot.setup_talk import Left, Wizard
from bot.setup_walks import WALKS, Question, Walk
from chat.findings import Finding
from chat.ports import Adapter, Linked
from chat.text import Locale, Text, say, verbatim

PATIENCE = 10.0
UNWRITTEN = say("没有写任何东西。", "Nothing was written.")


def setup(path: Path, name: str, locale: Locale, base: str = "", tell: Callable[[str], None] = print) -> int:
    """name: the platform, "" to ask for it. base: where it is, if not where it usually is. Returns the exit code."""
    wizard = Wizard(path, locale, base, tell=tell)
    try:
        return _walk(wizard, name)
    except (Left, KeyboardInterrupt):
        tell("")
        wizard.say(UNWRITTEN)
        return BAD_USE


def _walk(wizard: Wizard, name: str) -> int:
    wizard.say(say(
        "接上一个平台，约 10 分钟。每一步做完按回车；随时输入 q 退出，退出前什么都不会写。",
        "Connect a platform, in about 10 minutes. Press Enter after each step; q leaves, and nothing is written before "
        "the end.",
    ))  # fmt: skip
    text = read_config(wizard.path)
    name = name or [*WALKS][wizard.choose(say("接哪个平台", "Which platform"), *(TITLES[one] for one in WALKS)) - 1]
    walk, title = WALKS[name], TITLES[name]
    known = section_of(text, name)
    wizard.values = {key: value for key in walk.base if (value := wizard.base or str(known.get(key) or ""))}
    identity = walk.questions[0].key
    if known.get(identity):
        wizard.say(say(
            "{path} 里已经有{platform}（{key} = {value}）。",
            "{path} has {platform} already ({key} = {value}).",
            path=str(wizard.path), platform=title, key=identity, value=str(known[identity]),
        ))  # fmt: skip
        if (
            wizard.choose(say("怎么办", "What now"), say("不动它，退出", "leave it"), say("重新设置", "set it up anew"))
            == 1
        ):
            raise Left
    steps = [*walk.before, *walk.online, *walk.after]
    for number, step in enumerate(walk.before, 1):
        _step(wizard, number, len(steps), step)
    adapter = _credentials(wizard, name, walk)
    asyncio.run(_online(wizard, name, walk, adapter, len(steps)))
    write_config(wizard, name, walk, text)
    for number, step in enumerate(walk.after, len(steps) - len(walk.after) + 1):
        wizard.say(say("第 {n}/{all} 步：{step}", "Step {n} of {all}: {step}", n=number, all=len(steps), step=step))
    wizard.say(say(
        "好了。启动：./jindu run（或 make run）；以后自检：./jindu doctor，群里发 /体检。",
        "Done. Start with ./jindu run (or make run); check with ./jindu doctor, or /doctor in a group.",
    ))  # fmt: skip
    return 0


def _step(wizard: Wizard, number: int, count: int, step: Text) -> None:
    wizard.say(say("第 {n}/{all} 步：{step}", "Step {n} of {all}: {step}", n=number, all=count, step=step))
    wizard.ask(say("做完按回车", "Enter when done"))


# --- values ----------------------------------------------------------------------------------------------------------


def _credentials(wizard: Wizard, name: str, walk: Walk) -> Platform:
    """Asked until the platform takes them, or the admin insists."""
    while True:
        for question in walk.questions:
            _question(wizard, question)
        platform = _platform(wizard, name)
        wizard.say(say("正在连{platform}…", "Connecting to {platform}…", platform=TITLES[name]))
        refusals = [one for one in asyncio.run(_try(platform)) if one.mark == "✗" and one.topic in CREDENTIALS]
        if not refusals:
            wizard.say(
                say("✓ {platform}认得这组凭证。", "✓ {platform} takes these credentials.", platform=TITLES[name])
            )
            return platform
        for one in refusals:
            wizard.say(say("✗ {what}", "✗ {what}", what=one.text))
        choice = wizard.choose(
            say("怎么办", "What now"), say("重新填", "enter them again"), say("先存下来，以后再查", "keep them anyway")
        )
        if choice == 2:
            return platform


CREDENTIALS = ("credentials", "settings", "network", "proxy", "connection", "webhook")
"""What makes the values themselves doubtful; permissions come later."""


def _question(wizard: Wizard, question: Question) -> None:
    hint: Text = say("", "")
    if question.secret:
        hint = say("（不会显示；也可以写 env:变量名 或 file:路径）", " (not shown; env:NAME or file:PATH will do)")
    while True:
        answer = wizard.ask(say("{prompt}{hint}", "{prompt}{hint}", prompt=question.prompt, hint=hint),
                            hidden=question.secret)  # fmt: skip
        if not answer and question.optional:
            wizard.values.pop(question.key, None)
            return
        wrong = _reference(answer) if question.secret and answer.startswith(("env:", "file:")) else None
        if wrong is None and not answer.startswith(("env:", "file:")):
            wrong = _same(wizard, question, answer) or question.wrong(answer)
        if wrong is None:
            wizard.values[question.key] = answer
            return
        wizard.say(wrong)


def _same(wizard: Wizard, question: Question, answer: str) -> Text | None:
    """The commonest slip: the same thing pasted twice."""
    other = next((key for key, value in wizard.values.items() if key != question.key and value == answer), None)
    if other is None or not answer:
        return None
    return say(
        "这和刚才的 {key} 一样，多半是粘贴错了；请再复制一次。",
        "That is the same as {key}; probably the wrong thing was pasted. Copy again.",
        key=other,
    )


def _reference(answer: str) -> Text | None:
    try:
        values.secret(answer)
    except values.Wrong as wrong:
        return wrong.text
    return None


def _platform(wizard: Wizard, name: str) -> Platform:
    platform, wrong = platforms.read(name, {"enabled": True, **wizard.values})
    if wrong:
        said = wrong[0][1] or verbatim(wrong[0][0])
        raise Fault(say("这些值放在一起不行：{what}", "These values do not go together: {what}", what=said), BAD_USE)
    return platform


async def _try(platform: Platform) -> list[Finding]:
    with TemporaryDirectory() as folder:
        adapter = opening(platform, "进度助手", Path(folder))
        return [adapter] if isinstance(adapter, Finding) else await probe(adapter, PATIENCE)


# --- steps that need a connection ------------------------------------------------------------------------------------


async def _online(wizard: Wizard, name: str, walk: Walk, platform: Platform, count: int) -> None:
    """A console may refuse to save «long connection» while nobody is connected: so somebody is. Then a last look."""
    first = len(walk.before) + 1
    with TemporaryDirectory() as folder:
        adapter = opening(platform, "进度助手", Path(folder))
        if isinstance(adapter, Finding):
            for number, step in enumerate(walk.online, first):
                _step(wizard, number, count, step)
            return
        listening = asyncio.get_running_loop().create_task(adapter.listen(Deaf()))
        try:
            await _linked(adapter)
            for number, step in enumerate(walk.online, first):
                await asyncio.to_thread(_step, wizard, number, count, step)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await adapter.close()
    if walk.online:
        await _last_look(wizard, name, platform)


async def _linked(adapter: Adapter) -> None:
    assert isinstance(adapter, Linked)
    for _ in range(int(PATIENCE / 0.05)):
        if adapter.state == "ready" or adapter.trouble is not None:
            return
        await asyncio.sleep(0.05)


async def _last_look(wizard: Wizard, name: str, platform: Platform) -> None:
    """Until all is well, or the admin goes on."""
    while True:
        wizard.say(say("检查一遍…", "Having a look…"))
        found = [one for one in await _try(platform) if one.mark != "✓"]
        for one in found:
            wizard.say(say("{mark} {what}", "{mark} {what}", mark=one.mark, what=Found(one, name).text))
        if not any(one.mark == "✗" for one in found):
            return
        choice = await asyncio.to_thread(
            wizard.choose, say("怎么办", "What now"), say("改好了，再查一遍", "repaired, look again"),
            say("先这样，以后用 jindu doctor 查", "go on; jindu doctor will tell"),
        )  # fmt: skip
        if choice == 2:
            return
