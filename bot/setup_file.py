"""What ``jindu setup`` writes: a section of config.toml, whose comments stay, and secrets in files of their own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from bot import private, toml_edit
from bot.faults import BAD_USE, Fault, reason_of
from bot.setup_talk import Left, Wizard
from bot.setup_walks import Walk
from chat.text import say

EXAMPLE = Path(__file__).resolve().parents[1] / "config.example.toml"


def read_config(path: Path) -> str:
    """The configuration as it is; the example, which is also its manual, where there is none. Raises Fault."""
    source = path if path.exists() else EXAMPLE
    try:
        text = source.read_text(encoding="utf-8-sig") if source.exists() else ""
        tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Fault(say(
            "{path} 读不通（{why}）：先改好它，或者用 --config 换一个文件。",
            "{path} cannot be read ({why}): repair it, or name another file with --config.",
            path=str(source), why=reason_of(error),
        ), BAD_USE) from error  # fmt: skip
    return text


def section_of(text: str, name: str) -> Mapping[str, object]:
    section = tomllib.loads(text).get("adapters", {}).get(name, {})
    return section if isinstance(section, dict) else {}


def write_config(wizard: Wizard, name: str, walk: Walk, text: str) -> None:
    """Shows what will be written, asks, keeps the old file beside the new one. Raises Left, Fault."""
    section = f"adapters.{name}"
    secrets: dict[Path, str] = {}
    section_values: dict[str, toml_edit.Value] = {"enabled": True}
    for question in walk.questions:
        value = wizard.values.get(question.key)
        if value is None:
            continue
        if question.secret and not value.startswith(("env:", "file:")):
            kept = _folder(wizard.path, text) / f"{name}-{question.key}"
            secrets[kept], value = value, f"file:{kept}"
        section_values[question.key] = value
    section_values |= {key: wizard.values[key] for key in walk.base if wizard.values.get(key)}
    try:
        result = toml_edit.changed(text, section, section_values)
    except toml_edit.Unchangeable:
        raise Fault(say(
            "{path} 的写法太特别，我改不了，请自己加上：\n{lines}",
            "{path} is written in a way I cannot change. Add this yourself:\n{lines}",
            path=str(wizard.path), lines=toml_edit.changed("", section, section_values),
        )) from None  # fmt: skip
    wizard.say(say("要写进 {path}：", "To be written to {path}:", path=str(wizard.path)))
    wizard.tell(toml_edit.changed("", section, section_values).rstrip())
    for kept in secrets:
        wizard.say(say("密钥放在 {path}（只有当前用户能读）", "The secret goes to {path} (only this user can read it)",
                       path=str(kept)))  # fmt: skip
    if wizard.choose(say("写吗", "Write it"), say("写", "yes"), say("不写，退出", "no, leave")) == 2:
        raise Left
    try:
        for kept, secret in secrets.items():
            private.write(kept, secret + "\n")
            kept.parent.chmod(0o700)
        _replace(wizard.path, result)
    except OSError as error:
        raise Fault(say(
            "写不了（{why}）：检查目录权限和磁盘空间。", "Cannot write ({why}): check rights and disk space.",
            why=reason_of(error),
        )) from error  # fmt: skip
    wizard.say(say("✓ 已写好 {path}。", "✓ {path} is written.", path=str(wizard.path)))


def _folder(path: Path, text: str) -> Path:
    data = tomllib.loads(text).get("bot", {}).get("data", "data")
    return path.absolute().parent / Path(str(data)).expanduser() / "secrets"


def _replace(path: Path, text: str) -> None:
    """The old file stays as ``config.toml.bak``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        private.write(path.with_name(path.name + ".bak"), path.read_bytes())
    mode = path.stat().st_mode & 0o777 if path.exists() else None
    private.write(path, text)
    if mode is not None:
        path.chmod(mode)
