"""The way through each platform's console, page by page: what ``jindu setup`` tells and asks.

Names of permissions and events are those that the check-up looks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from adapters.dingtalk.examine import SCOPES as DINGTALK_SCOPES
from adapters.feishu.examine import CARD, EVENTS, SELF
from adapters.feishu.examine import SCOPES as FEISHU_SCOPES
from chat.frozen import frozen
from chat.text import Text, join, say, verbatim

Wrong = Callable[[str], Text | None]
"""What is wrong with an answer; None: nothing."""


@frozen
class Question:
    """One value for config.toml. ``secret``: it is not shown, and is kept in a file of its own."""

    key: str
    prompt: Text
    wrong: Wrong
    secret: bool = False
    optional: bool = False


@frozen
class Walk:
    """before: steps that lead to the values; online: steps that need the bot to be connected; after: the rest.

    base: settings that say where the platform is.
    """

    before: tuple[Text, ...]
    questions: tuple[Question, ...]
    online: tuple[Text, ...]
    after: tuple[Text, ...]
    base: tuple[str, ...]


def _like(pattern: str, what: Text) -> Wrong:
    return lambda answer: None if re.fullmatch(pattern, answer) else what


def _secret(answer: str) -> Text | None:
    if re.fullmatch(r"[!-~]{4,}", answer):
        return None
    return say(
        "密钥是一串英文字母和数字，中间没有空格和中文，至少 4 位；请整串复制再粘贴一次。",
        "A secret is letters and digits without blanks, at least 4 of them; copy all of it and paste again.",
    )


def _webhook(answer: str) -> Text | None:
    if re.fullmatch(r"https?://\S+[?&]key=\S+", answer):
        return None
    return say(
        "要整条网址，像 https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…；不用就直接回车。",
        "It is a whole address like https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…; press Enter for none.",
    )


def _names(names: Mapping[str, object]) -> Text:
    """One a line, to be copied."""
    return join([verbatim(f"   {name}") for name in names], "\n")


FEISHU = Walk(
    before=(
        say(
            "打开 https://open.feishu.cn/app（国际版 https://open.larksuite.com/app），点「创建企业自建应用」，"
            "名字建议叫「进度助手」。",
            "Open https://open.feishu.cn/app (Lark: https://open.larksuite.com/app) and create a self-built app.",
        ),
        say("左边「添加应用能力」→「机器人」→ 添加。", "On the left: Add features → Bot → Add."),
        say(
            "左边「凭证与基础信息」，下面要用到那里的 App ID 和 App Secret。",
            "On the left: Credentials; its App ID and App Secret are asked for next.",
        ),
    ),
    questions=(
        Question("app_id", say("App ID（cli_ 开头）", "App ID (begins with cli_)"), _like(
            r"cli_[A-Za-z0-9]+",
            say("App ID 以 cli_ 开头，后面是字母和数字；在「凭证与基础信息」页复制。",
                "An App ID begins with cli_, then letters and digits; copy it from the page Credentials."),
        )),
        Question("app_secret", say("App Secret", "App Secret"), _secret, secret=True),
    ),
    online=(
        say(
            "左边「权限管理」→「批量导入/导出权限」或逐个搜索，开通这 {n} 项（最后一项让体检能查订阅）：\n{names}",
            "On the left: Permissions. Grant these {n} (the last lets the check-up see what is subscribed):\n{names}",
            n=len(FEISHU_SCOPES) + 1, names=_names({**FEISHU_SCOPES, SELF: ""}),
        ),
        say(
            "左边「事件与回调」→「事件配置」→ 订阅方式选「使用长连接接收事件」→ 保存（我现在连着，能保存）→ "
            "「添加事件」，这 {n} 个：\n{names}",
            "On the left: Events & Callbacks → Events → choose the long connection → Save (I am connected now, so it "
            "can be saved) → add these {n}:\n{names}",
            n=len(EVENTS), names=_names(EVENTS),
        ),
        say(
            "同一页的「回调配置」是另一个标签 → 订阅方式也选「使用长连接接收回调」→ 保存 → 添加：\n   {name}\n"
            "   漏了这一步，按钮一按就提示 200340。",
            "The tab Callbacks on the same page → the long connection, too → Save → add:\n   {name}\n"
            "   Without it buttons show 200340.",
            name=CARD,
        ),
        say(
            "左边「版本管理与发布」→ 创建版本 → 可用范围选要用它的部门 → 申请发布，请企业管理员通过。",
            "On the left: Version Management → create a version → who may use it → publish, and have it approved.",
        ),
    ),
    after=(
        say("在飞书群里：设置 → 群机器人 → 添加机器人 → 进度助手。它会自己打招呼。",
            "In a Feishu group: Settings → Bots → Add → your app. It says hello by itself."),
    ),
    base=("domain",),
)  # fmt: skip
DINGTALK = Walk(
    before=(
        say(
            "打开 https://open-dev.dingtalk.com → 应用开发 → 钉钉应用 → 创建应用，名字建议叫「进度助手」。",
            "Open https://open-dev.dingtalk.com → App development → DingTalk app → create.",
        ),
        say(
            "应用 → 添加应用能力 → 机器人 → 打开 → 消息接收模式选「Stream 模式」→ 发布。",
            "App → Add features → Robot → on → message mode Stream → publish.",
        ),
        say(
            "应用 → 凭证与基础信息，下面要用到那里的 Client ID 和 Client Secret。",
            "App → Credentials; its Client ID and Client Secret are asked for next.",
        ),
    ),
    questions=(
        Question("client_id", say("Client ID（ding 开头）", "Client ID (begins with ding)"), _like(
            r"[A-Za-z0-9_-]{6,}",
            say("Client ID 是 ding 开头的一串字母和数字；在「凭证与基础信息」页复制。",
                "A Client ID is letters and digits beginning with ding; copy it from the page Credentials."),
        )),
        Question("client_secret", say("Client Secret", "Client Secret"), _secret, secret=True),
    ),
    online=(
        say(
            "应用 → 权限管理，搜索并申请这 {n} 项（即时通过）：\n{names}",
            "App → Permissions: ask for these {n} (granted at once):\n{names}",
            n=len(DINGTALK_SCOPES), names=_names(DINGTALK_SCOPES),
        ),
        say(
            "应用 → 事件订阅 →「Stream 模式推送」→ 勾选「群会话更换群名称」「群会话删除」（可选）。",
            "App → Events → Stream → tick group renamed and group deleted (optional).",
        ),
        say(
            "应用 → 版本管理与发布 → 创建新版本 → 可见范围选要用它的人 → 发布。没发布的机器人分不清是谁说的。",
            "App → Versions → new version → who may use it → publish. Unpublished, the robot cannot tell who speaks.",
        ),
    ),
    after=(
        say("在钉钉群里：设置 → 机器人 → 添加机器人 → 选它，然后 @它 发一句「帮助」。钉钉不告诉机器人进了哪个群。",
            "In a DingTalk group: Settings → Robots → add it, then @ it once: DingTalk does not tell it where it is."),
    ),
    base=("api_base", "oapi_base"),
)  # fmt: skip
WECOM = Walk(
    before=(
        say(
            "企业微信 → 工作台 → 智能机器人 → 创建 →「API 模式」→「使用长连接」；可见范围选要用它的部门。",
            "WeCom → Workbench → AI bot → create → API mode → long connection; choose who may use it.",
        ),
        say(
            "页面上有 BotID 和 Secret（长连接的 Secret，不是 Token，也不是 EncodingAESKey）。",
            "The page shows a BotID and a Secret (of the long connection; not the Token, nor the EncodingAESKey).",
        ),
    ),
    questions=(
        Question("bot_id", say("BotID", "BotID"), _like(
            r"[A-Za-z0-9_-]{3,}",
            say("BotID 是一串字母和数字；在智能机器人的「API 模式」页复制。",
                "A BotID is letters and digits; copy it from the bot's page API mode."),
        )),
        Question("secret", say("长连接 Secret", "Secret of the long connection"), _secret, secret=True),
        Question("bot_name", say("机器人在企业微信里的名字，要一模一样（直接回车：和 [bot] 的 name 一样）",
                                 "The bot's name in WeCom, exactly (Enter: the name of [bot])"),
                 _like(r"[^@＠\s][^@＠]{0,29}", say("名字 1–30 个字，不含 @。", "1–30 characters without @.")),
                 optional=True),
        Question("webhook", say("群消息推送的网址，有了才能真的 @ 到人（只有一个群时填；直接回车：不用）",
                                "Address of a group webhook, for a real @ (for a bot of one group; Enter: none)"),
                 _webhook, secret=True, optional=True),
    ),
    online=(),
    after=(
        say(
            "在企业微信群里：右上角 → 添加成员 → 机器人 → 选它，然后 @它 发一句「/帮助」。"
            "没人和它说过话的群，它不能主动发。",
            "In a WeCom group: top right → add member → bot, then @ it once: it cannot write where nobody spoke to it.",
        ),
        say(
            "请每个人点开它发一句「你好」，私聊提醒才发得到。",
            "Let everybody say hello to it once, so that it can remind them.",
        ),
    ),
    base=("ws_url",),
)  # fmt: skip
WALKS: Mapping[str, Walk] = {"feishu": FEISHU, "dingtalk": DINGTALK, "wecom": WECOM}
