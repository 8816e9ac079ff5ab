// The list of chats: name, last line, time, what is unread; and the heading of the one that is open.

import { $, avatar, bdi, h, icon } from "./dom.js";
import { both, shortTime, t } from "./i18n.js";
import { badge } from "./people.js";
import { chat, nameOf, now, on, sortedChats, state } from "./store.js";

export function chatName(one) {
  return one.kind === "direct" ? state.bot.name : one.name;
}

export function chats({ open, manage }) {
  const list = $("#chats"), head = $("#talk-head");

  const row = (one) => {
    const chosen = one.id === state.current;
    const name = chatName(one);
    const face = one.kind === "direct" ? avatar("bot", state.bot.name)
      : h("span", { class: `avatar group c${[...one.id].reduce((sum, char) => sum + char.charCodeAt(0), 0) % 7}`, "aria-hidden": "true" }, [...name][0]);
    const line = lastLine(one);
    const unread = one.unread ? `，${t("unread_n", { n: one.unread })}` : "";
    return h("li", {}, h("button", {
      class: `chat-row${chosen ? " chosen" : ""}`, type: "button", "aria-current": chosen ? "true" : null,
      "aria-label": `${name}${unread}${line ? `。${line}` : ""}`, data: { chat: one.id }, onclick: () => open(one.id, true),
    },
    h("span", { class: "chat-face" }, face, badge(one.unread, one.called)),
    h("span", { class: "chat-main" },
      h("span", { class: "chat-top" }, h("span", { class: "chat-name" }, bdi(name)),
        one.kind === "direct" ? h("span", { class: "mark" }, t("direct")) : null,
        one.last ? h("time", { dateTime: one.last.at }, shortTime(one.last.at, now())) : null),
      h("span", { class: "chat-line" }, one.called ? h("span", { class: "called-mark" }, t("called")) : null, bdi(line)))));
  };

  const drawList = () => {
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.chat : "";
    list.replaceChildren(...sortedChats().map(row));
    if (focused) list.querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus();
    const unread = [...state.chats.values()].reduce((sum, one) => sum + one.unread, 0);
    const here = chat();
    document.title = `${unread ? `(${unread > 99 ? "99+" : unread}) ` : ""}${here ? `${chatName(here)} · ` : ""}${t("title")}`;
  };

  const drawHead = () => {
    const here = chat();
    $("#talk").classList.toggle("nothing", !here);
    if (!here) return;
    $(".talk-name", head).replaceChildren(bdi(chatName(here)));
    $(".talk-about", head).textContent = about(here);
    $("#manage").hidden = here.kind === "direct";
  };

  $("#manage").append(icon("group"));
  $("#manage").addEventListener("click", () => manage(chat()));
  on("chats people language opened", () => {
    drawList();
    drawHead();
  });
  on("clock", drawList);
}

function about(one) {
  if (one.kind === "direct") return t("direct");
  return t(one.bot ? "with_bot" : "no_bot", { n: one.members.length });
}

function lastLine(one) {
  const last = one.last;
  if (!last) return "";
  if (last.recalled) return last.sender === state.me ? t("recalled_me") : t("recalled", { who: nameOf(last.sender) });
  if (last.kind === "note") return both(last);
  if (one.kind === "direct" || last.sender === state.me) return last.line;
  return t("says", { who: nameOf(last.sender), text: last.line });
}

// The chat above or below the open one, as the list shows them.
export function neighbour(step) {
  const all = sortedChats().map((one) => one.id);
  if (!all.length) return "";
  const at = all.indexOf(state.current);
  return all[at < 0 ? 0 : (at + step + all.length) % all.length];
}
