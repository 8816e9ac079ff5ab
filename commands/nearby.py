"""A mistyped command: written by sound, in pinyin, or a letter off."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

_ALIKE = (
    "任人仁认", "务物误勿雾悟", "报抱包爆暴保", "历力利例立", "日目曰", "进近尽今紧", "度渡杜肚", "设社射舍",
    "置制至志治", "请情清青轻", "假价架家", "帮邦棒", "助住注祝", "周洲舟州", "成城程呈诚", "员元原源园",
    "项向像相", "权全泉", "限现线", "审身神申", "批披皮", "体提题替", "检捡简剪", "撤车扯",
    "销消小笑", "里理例离", "复付负覆", "查茶察差",
)  # fmt: skip
_SOUND = {ord(other): group[0] for group in _ALIKE for other in group[1:]}
_PINYIN = {
    "renwu": "任务", "rw": "任务", "ribao": "日报", "rb": "日报", "wode": "我的", "jindu": "进度", "zhoubao": "周报",
    "qingjia": "请假", "rili": "日历", "bangzhu": "帮助", "bz": "帮助", "shezhi": "设置", "chengyuan": "成员",
    "xiangmu": "项目", "tijian": "体检", "chexiao": "撤销", "quanxian": "权限", "lichengbei": "里程碑",
    "shenpi": "审批", "tongyi": "同意", "jujue": "拒绝", "fupan": "复盘", "yuyan": "语言", "shiqu": "时区",
}  # fmt: skip


_MEANT = dict.fromkeys(("出差", "外出", "调休", "病假", "年假", "事假"), "请假") | {"延期": "改期"}


def nearest(word: str, known: Mapping[str, object]) -> str:
    """The command that was probably meant, ""; never run without asking. ``known``: every command word."""
    meant = _PINYIN.get(word) or _MEANT.get(word, "")
    if meant in known:
        return meant
    sound = word.translate(_SOUND)
    firsts = {key.translate(_SOUND): key for key in reversed(list(known)) if " " not in key}
    for length in range(len(sound), 1, -1):
        if sound[:length] in firsts and not word.isascii():
            return firsts[sound[:length]]
    singles = [key for key in known if " " not in key]
    return next(iter(get_close_matches(word, singles, n=1, cutoff=0.6 if word.isascii() else 0.4)), "")
