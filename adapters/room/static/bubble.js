// One message: who, when, what; the quote above it, its state, and what can be done with it.

import { avatar, bdi, h, icon, words } from "./dom.js";
import { attachment, card } from "./cards.js";
import { both, clock, day, t } from "./i18n.js";
import { nameOf, state } from "./store.js";

const LONG = 1200;
const unfolded = new Set();

// act: see cards.js, plus quote(message), recall(message), retry(message), jump(id), menu(message)
export function bubble(message, act, joined) {
  if (message.kind === "note") return note(message.id, both(message));
  const own = message.sender === state.me;
  const who = nameOf(message.sender);
  if (message.recalled) return note(message.id, own ? t("recalled_me") : t("recalled", { who }));
  const bot = message.sender === state.bot.id;
  const node = h("article", {
    class: `message${own ? " own" : ""}${bot ? " from-bot" : ""}${joined ? " joined" : ""}`, tabIndex: -1,
    data: { id: message.id }, "aria-label": `${t("says", { who, text: "" })}${clock(message.at)}`,
  },
  avatar(message.sender, who),
  h("div", { class: "message-main" },
    h("div", { class: "message-head" },
      h("span", { class: "message-name" }, bdi(who)), bot ? h("span", { class: "bot-mark" }, t("bot")) : null,
      h("time", { dateTime: message.at, title: day(message.at) }, clock(message.at))),
    h("div", { class: "message-row" },
      h("div", { class: "message-body" }, quote(message, act), body(message, act), files(message)),
      tools(message, act, own)),
    foot(message, act)));
  return node;
}

function note(id, line) {
  return h("p", { class: "note", data: { id } }, bdi(line));
}

function quote(message, act) {
  if (!message.quote) return null;
  const line = message.quote.recalled ? t("quote_gone") : t("says", { who: message.quote.name, text: message.quote.text });
  return h("button", { class: "quote", type: "button", onclick: () => act.jump(message.quote.id) }, bdi(line));
}

function body(message, act) {
  if (message.card) return card(message, act);
  if (!message.text.length) return null;
  const length = message.text.reduce((sum, piece) => sum + (piece.length || 8), 0);
  const text = h("div", { class: "bubble", dir: "auto" }, words(message.text, state.me));
  if (length <= LONG || unfolded.has(message.id)) return text;
  text.classList.add("folded");
  const more = h("button", { class: "link", type: "button" }, t("more_text"));
  more.addEventListener("click", () => {
    unfolded.add(message.id);
    text.classList.remove("folded");
    more.remove();
  });
  return h("div", {}, text, more);
}

function files(message) {
  return (message.files || []).map((file) => attachment(`/files/${encodeURIComponent(file.ref)}`, file.name, file.size));
}

function foot(message, act) {
  const parts = [];
  if (message.edited) parts.push(h("span", {}, t("edited", { time: clock(message.edited) })));
  if (message.voice) parts.push(h("span", {}, t("voice")));
  if (message.queued) parts.push(h("span", { class: "state" }, `⏳ ${t("queued")}`));
  else if (message.trouble) {
    parts.push(h("span", { class: "state bad" }, `⏳ ${t("trouble")}`));
    parts.push(h("button", { class: "link", type: "button", onclick: () => act.retry(message) }, t("retry")));
  } else if (message.waiting) parts.push(h("span", { class: "state late" }, `⏳ ${t("waiting")}`));
  return parts.length ? h("div", { class: "message-foot" }, parts) : null;
}

function tools(message, act, own) {
  if (message.queued) return null;
  const tool = (name, sign, work) => h("button", { class: "tool", type: "button", "aria-label": t(name), title: t(name), onclick: work }, icon(sign));
  return h("div", { class: "tools" },
    tool("quote", "reply", () => act.quote(message)),
    own ? tool("recall", "undo", () => act.recall(message)) : null);
}

// What a screen reader or a one-line preview says of a message.
export function spoken(message) {
  if (message.kind === "note") return both(message);
  if (message.recalled) return t("recalled", { who: nameOf(message.sender) });
  const flat = (pieces) => pieces.map((piece) => (typeof piece === "string" ? piece : `@${piece.name}`)).join("");
  const lines = message.card
    ? [message.card.title, ...message.card.blocks.map((block) => block.kind === "paragraph" && block.text)].filter(Boolean).map(flat)
    : [flat(message.text || []), ...(message.files || []).map((file) => file.name)];
  return lines.join(" ").trim().slice(0, 200);
}
