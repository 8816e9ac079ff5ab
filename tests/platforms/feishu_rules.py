"""What Feishu checks about a card, and how a card reads. The rules are those of card JSON 2.0."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

BYTES = 30 * 1024
ELEMENTS, TABLES, CHARTS = 200, 5, 5
PROPERTIES: dict[str, frozenset[str]] = {
    tag: frozenset(names.split()) | {"tag", "element_id", "margin"}
    for tag, names in {
        "markdown": "content text_align text_size icon",
        "div": "text icon width",
        "plain_text": "content text_size text_color text_align lines i18n",
        "hr": "",
        "img": "img_key alt title size scale_type preview corner_radius transparent",
        "column_set": "flex_mode horizontal_spacing horizontal_align columns background_style action",
        "column": "width weight vertical_align elements background_style padding vertical_spacing direction",
        "table": "page_size row_height header_style columns rows freeze_first_column row_max_height",
        "chart": "aspect_ratio color_theme preview chart_spec height",
        "button": "type size width text icon hover_tips disabled disabled_tips confirm behaviors name required "
        "form_action_type",
        "form": "name elements direction padding vertical_spacing",
        "input": "name required label placeholder input_type rows max_length default_value width disabled "
        "label_position auto_resize max_rows show_icon fallback behaviors confirm",
        "select_static": "name required placeholder options initial_option width type disabled behaviors confirm",
        "select_person": "name required placeholder options initial_option width type disabled behaviors confirm",
        "date_picker": "name required placeholder initial_date width disabled behaviors confirm",
        "collapsible_panel": "expanded header border elements padding vertical_spacing background_color",
        "text_tag": "text color",
        "standard_icon": "token color size",
    }.items()
}
TOP = frozenset({"schema", "config", "header", "body", "card_link"})
INPUTS = frozenset({"input", "select_static", "select_person", "date_picker"})
BUTTONS = frozenset(
    {"default", "primary", "danger", "text", "primary_text", "danger_text", "primary_filled", "danger_filled", "laser"}
)
SPECS = frozenset({"line", "bar", "pie", "area", "common", "linearProgress", "circularProgress"})
COLOURS = frozenset({"blue", "wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "violet"}) | {
    "purple", "indigo", "grey", "default",
}  # fmt: skip
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}")


def problem(card: Any) -> str:
    """Why Feishu would refuse this card ("" when it would not), with the inner code where it names one."""
    if not isinstance(card, dict):
        return "ErrCode: 11311; the card is not an object"
    if card.get("schema") != "2.0":
        return "ErrCode: 11311; only schema 2.0 is used here"
    if set(card) - TOP:
        return f"ErrCode: 11311; unknown property {sorted(set(card) - TOP)}"
    if len(json.dumps(card, ensure_ascii=False).encode()) > BYTES:
        return "ErrCode: 11310; larger than 30 KB"
    if card.get("config", {}).get("update_multi", True) is not True:
        return "ErrCode: 11311; update_multi must be true"
    if card.get("header", {}).get("template", "default") not in COLOURS:
        return "ErrCode: 11311; unknown template"
    body = card.get("body")
    if not isinstance(body, dict) or not isinstance(body.get("elements"), list) or not body["elements"]:
        return "ErrCode: 11311; no body.elements"
    return _counts(card) or _elements(body["elements"])


def _counts(card: Any) -> str:
    if sum(1 for _ in _walk(card)) > ELEMENTS:
        return "ErrCode: 11310; element exceeds the limit"
    for tag, most in (("table", TABLES), ("chart", CHARTS)):
        if sum(one["tag"] == tag for one in _walk(card)) > most:
            return f"ErrCode: 11310; {tag} number over limit"
    return ""


def _elements(elements: list[Any]) -> str:
    names: set[str] = set()
    for element in elements:
        if wrong := _element(element, names, depth=0, in_form=False):
            return f"ErrCode: 11311; {wrong}"
    return ""


def _element(element: Any, names: set[str], depth: int, in_form: bool) -> str:
    if not isinstance(element, dict) or element.get("tag") not in PROPERTIES:
        return f"not support tag: {element.get('tag') if isinstance(element, dict) else element}"
    tag = element["tag"]
    if unknown := set(element) - PROPERTIES[tag]:
        return f"unknown property of {tag}: {sorted(unknown)}"
    if depth > 5:
        return "nested too deep"
    if tag == "chart" and in_form:
        return "no chart inside a form"
    if tag in ("table", "form") and (depth or in_form):
        return f"{tag} is only allowed at the root"
    wrong = _CHECKS.get(tag, lambda element: "")(element) or _name(element, names, in_form)
    if wrong:
        return wrong
    children = [*element.get("elements", ()), *element.get("columns", ())] if tag != "table" else []
    for child in children:
        if wrong := _element(child, names, depth + 1, in_form or tag == "form"):
            return wrong
    return ""


def _name(element: dict[str, Any], names: set[str], in_form: bool) -> str:
    """Inside a form everything that is filled in or pressed has a name, unique in the card."""
    if "name" not in element and not (in_form and element["tag"] in INPUTS | {"button"}):
        return ""
    name = element.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return f"200530 form widget without a proper name: {element['tag']} {name!r}"
    if name in names:
        return f"name used twice: {name}"
    names.add(name)
    return ""


def _button(button: dict[str, Any]) -> str:
    if button.get("type", "default") not in BUTTONS:
        return f"unknown type of button: {button.get('type')}"
    if not button.get("text", {}).get("content"):
        return "a button without text"
    for behaviour in button.get("behaviors", ()):
        if behaviour.get("type") == "callback" and not isinstance(behaviour.get("value"), dict):
            return "the value of a button must be an object"
    return ""


def _table(table: dict[str, Any]) -> str:
    if not 1 <= table.get("page_size", 5) <= 10:
        return "page_size must be 1 to 10"
    if table.get("row_height", "low") not in ("low", "middle", "high", "auto"):
        return "unknown row_height"
    columns = table.get("columns", [])
    if not 1 <= len(columns) <= 50:
        return "1 to 50 columns"
    known = {column["name"] for column in columns}
    return "a row with an unknown column" if any(set(row) - known for row in table.get("rows", ())) else ""


def _chart(chart: dict[str, Any]) -> str:
    """Figures for every field that the specification names, and nothing in it but plain JSON of a known kind."""
    spec = chart.get("chart_spec")
    if not isinstance(spec, dict) or spec.get("type") not in SPECS:
        return "chart_spec of an unknown type"
    if chart.get("aspect_ratio", "16:9") not in ("1:1", "2:1", "4:3", "16:9"):
        return "unknown aspect_ratio"
    if spec["type"] == "common":
        parts = [(spec["data"][one["dataIndex"]]["values"], one) for one in spec.get("series", ())]
    else:
        parts = [(spec.get("data", {}).get("values"), spec)]
    if not parts:
        return "a chart without series"
    for values, fields in parts:
        if not isinstance(values, list):
            return "data.values is not a list"
        named = [fields.get(name) for name in ("xField", "yField", "seriesField")]
        wanted = {one for name in named for one in (name if isinstance(name, list) else [name]) if one}
        if any(wanted - set(value) for value in values):
            return f"a value without {sorted(wanted)}"
    return "" if any(values for values, _ in parts) else "a chart without values"


def _input(field: dict[str, Any]) -> str:
    if len(field.get("default_value", "")) > field.get("max_length", 1000) or field.get("max_length", 1) > 1000:
        return "the input's value is longer than max_length"
    return ""


def _select(field: dict[str, Any]) -> str:
    values = [option.get("value") for option in field.get("options", ())]
    if field.get("tag") == "select_static" and not values:
        return "a select without options"
    if len(values) != len(set(values)):
        return "an option used twice"
    if "initial_option" in field and field["initial_option"] not in values:
        return "initial_option is not among the options"
    return ""


def _form(form: dict[str, Any]) -> str:
    if not form.get("name"):
        return "a form without a name"
    return (
        "" if any(one.get("form_action_type") == "submit" for one in _walk(form)) else "a form without a submit button"
    )


_CHECKS = {
    "button": _button, "table": _table, "input": _input, "select_static": _select, "select_person": _select,
    "form": _form, "chart": _chart,
}  # fmt: skip


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every object with a tag."""
    if isinstance(value, dict):
        if "tag" in value:
            yield value
        for one in value.values():
            yield from _walk(one)
    elif isinstance(value, list):
        for one in value:
            yield from _walk(one)


def buttons(card: Any) -> list[dict[str, Any]]:
    return [one for one in _walk(card) if one["tag"] == "button"]


# --- how it reads ----------------------------------------------------------------------------------------------------


def words(card: dict[str, Any], people: dict[str, str]) -> str:
    """The card as its readers see it, line by line."""
    title = card.get("header", {}).get("title", {}).get("content", "")
    lines = [title, *(_line(element, people) for element in card["body"]["elements"])]
    return "\n".join(line for line in lines if line)


def _line(element: dict[str, Any], people: dict[str, str]) -> str:
    match element["tag"]:
        case "markdown":
            return shown(element["content"], people)
        case "div":
            return str(element["text"]["content"])
        case "button":
            return f"[{element['text']['content']}]"
        case "column_set":
            return " ".join(_line(one, people) for column in element["columns"] for one in column["elements"])
        case "table":
            head = [column["display_name"] for column in element["columns"]]
            rows = [
                [_cell(column, row.get(column["name"], ""), people) for column in element["columns"]]
                for row in element["rows"]
            ]
            return "\n".join("｜".join(row) for row in [head, *rows])
        case "chart":
            return _drawn(element["chart_spec"])
        case "img":
            return f"🖼 {element['alt']['content']}"
        case "form":
            return "\n".join(line for one in element["elements"] if (line := _line(one, people)))
        case "input":
            return f"{element['label']['content']}：{element.get('default_value', '')}"
        case _:
            return ""


def _drawn(spec: dict[str, Any]) -> str:
    data = spec["data"] if isinstance(spec["data"], list) else [spec["data"]]
    values = [f"{one['x']} {one['k']} {one['v']:g}" for part in data for one in part["values"]]
    return f"📈 {spec['title']['text']}｜" + "｜".join(values)


def _cell(column: dict[str, Any], value: Any, people: dict[str, str]) -> str:
    return shown(str(value), people) if column["data_type"] in ("lark_md", "markdown") else str(value)


def shown(markdown: str, people: dict[str, str]) -> str:
    """Tags and emoji names as what they do, then entities as characters."""
    text = re.sub(r"<at id=([\w-]+)></at>", lambda found: "@" + people.get(found[1], "所有人"), markdown)
    text = re.sub(r"</?font[^>]*>", "", text)
    text = re.sub(r":([A-Za-z0-9_]+):", r"〔\1〕", text)
    return html.unescape(text.replace("&nbsp;", " "))


def text_shown(text: str, people: dict[str, str]) -> str:
    """A text message: @ and the few tags it knows."""
    text = re.sub(r'<at user_id="([\w-]+)">([^<]*)</at>', lambda found: "@" + people.get(found[1], "所有人"), text)
    return re.sub(r"</?[bius]>", "", text)
