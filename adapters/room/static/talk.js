// The conversation that is open: its messages in order, days apart, kept at the end unless the reader scrolled up.

import { bubble, spoken } from "./bubble.js";
import { $, h } from "./dom.js";
import { date, day, t } from "./i18n.js";
import { chat, emit, nameOf, now, on, state, talk } from "./store.js";

const NEAR = 90; // pixels from the end that still count as the end
const JOINED = 3 * 60 * 1000;

export class Talk {
  // net, act: what a message can do (see bubble.js)
  constructor(net, act) {
    this.net = net;
    this.act = { ...act, jump: (id) => this.jump(id) };
    this.box = $("#messages");
    this.jumper = $("#jump");
    this.missed = 0;
    this.newFrom = 0;
    this.top = 0;
    this.stuck = true;
    this.box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.box.addEventListener("load", () => this.stuck && this.toEnd(), true);
    this.box.addEventListener("keydown", (event) => this.walk(event));
    this.jumper.addEventListener("click", () => this.toEnd(true));
    document.addEventListener("visibilitychange", () => this.seen());
    addEventListener("focus", () => this.seen());
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.box);
    on("message", (detail) => this.message(detail));
    on("chats", () => this.seen());
    on("kept", () => this.draw());
    on("language", () => this.draw());
  }

  open(unread) {
    this.missed = 0;
    const known = talk(state.current);
    const strange = [...known.messages.values()].filter((one) => one.sender !== state.me && one.kind !== "note");
    this.newFrom = unread ? strange.at(-unread)?.n || strange[0]?.n || 0 : 0;
    this.stuck = true;
    this.draw();
    this.toEnd();
    this.seen();
  }

  draw() {
    const known = state.talks.get(state.current);
    if (!known?.loaded) {
      this.box.replaceChildren();
      return;
    }
    const all = [...known.messages.values(), ...this.queued()];
    const nodes = [];
    if (known.more) nodes.push(h("button", { class: "link older", type: "button", onclick: () => this.older() }, t("older")));
    all.forEach((message, number) => nodes.push(...this.row(message, all[number - 1])));
    if (!all.length) nodes.push(h("p", { class: "note" }, t("empty")));
    const was = this.focused();
    this.box.replaceChildren(...nodes);
    this.refocus(was);
    if (this.stuck) this.toEnd();
  }

  row(message, previous) {
    const nodes = [];
    if (!previous || date(previous.at) !== date(message.at)) {
      nodes.push(h("p", { class: "day", data: { day: date(message.at) } }, h("span", {}, day(message.at))));
    }
    if (this.newFrom && message.n >= this.newFrom && !(previous?.n >= this.newFrom)) {
      nodes.push(h("p", { class: "new-line" }, h("span", {}, t("new_below"))));
    }
    nodes.push(bubble(message, this.act, !nodes.length && joins(previous, message)));
    return nodes;
  }

  // What was written while there was no connection, at the end, until the server has it.
  queued() {
    return this.net.kept.filter((one) => one.chat === state.current && one.as === state.me).map((one) => ({
      id: one.once, n: Infinity, chat: one.chat, kind: "said", sender: one.as, at: now(), text: [one.text], queued: true,
    }));
  }

  message({ message, fresh }) {
    if (message.chat !== state.current) {
      if (fresh) emit("news", message);
      return;
    }
    if (fresh) this.add(message);
    else this.replace(message);
  }

  add(message) {
    const stuck = this.stuck;
    const known = [...talk(state.current).messages.values()];
    if (known.length < 2 || this.queued().length || known.at(-1) !== message) this.draw();
    else this.box.append(...this.row(message, known.at(-2)));
    const last = this.box.lastElementChild;
    if (stuck && message.sender !== state.me && last.offsetHeight > this.box.clientHeight) this.toTopOf(last);
    else if (stuck || message.sender === state.me) this.toEnd();
    else this.missed += message.kind === "note" ? 0 : 1;
    this.pill();
    if (message.sender !== state.me) emit("announce", t("says", { who: nameOf(message.sender), text: spoken(message) }));
    this.seen();
  }

  replace(message) {
    const old = this.box.querySelector(`[data-id="${CSS.escape(message.id)}"]`);
    if (!old) return;
    const was = old.contains(document.activeElement) ? this.focused() : null;
    const node = bubble(message, this.act, old.classList.contains("joined"));
    old.replaceWith(node);
    node.classList.add("changed");
    this.refocus(was);
    if (this.stuck) this.toEnd();
  }

  // Where the keyboard is in a message, to be found again when that is drawn anew.
  focused() {
    const node = document.activeElement;
    const message = this.box.contains(node) && node.closest("[data-id]");
    if (!message) return null;
    return { id: message.dataset.id, key: node.dataset.key, field: node.form ? [...node.form.elements].indexOf(node) : -1 };
  }

  refocus(was) {
    const message = was && this.box.querySelector(`[data-id="${CSS.escape(was.id)}"]`);
    if (!message) return;
    const same = was.field >= 0
      ? message.querySelector("form")?.elements[was.field]
      : [...message.querySelectorAll("[data-key]")].find((one) => one.dataset.key === was.key);
    (same || message).focus({ preventScroll: true });
  }

  async older() {
    const known = talk(state.current);
    const first = known.messages.values().next().value;
    const height = this.box.scrollHeight;
    await this.net.history(state.current, first?.n);
    this.stuck = false;
    this.draw();
    this.box.scrollTop += this.box.scrollHeight - height;
    this.box.querySelector("article")?.focus({ preventScroll: true });
  }

  jump(id) {
    const node = this.box.querySelector(`[data-id="${CSS.escape(id)}"]`);
    if (!node) return;
    this.box.scrollTop = node.offsetTop - Math.max(8, (this.box.clientHeight - node.offsetHeight) / 2);
    node.focus({ preventScroll: true });
    node.classList.remove("found");
    requestAnimationFrame(() => node.classList.add("found"));
  }

  scrolled() {
    const near = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR;
    if (near) this.stuck = true;
    else if (this.box.scrollTop < this.top) this.stuck = false; // growing below us is not scrolling away
    this.top = this.box.scrollTop;
    if (this.stuck) this.missed = 0;
    this.pill();
    this.seen();
  }

  pill() {
    this.jumper.hidden = this.stuck || !chat();
    $("span", this.jumper).textContent = this.missed ? t("jump_n", { n: this.missed }) : t("jump");
  }

  toEnd(focus = false) {
    this.stuck = true;
    this.missed = 0;
    this.box.scrollTop = this.box.scrollHeight;
    this.pill();
    if (focus) this.box.focus();
  }

  // A card taller than the screen is read from its beginning.
  toTopOf(node) {
    this.box.scrollTop = node.offsetTop - 8;
    this.top = this.box.scrollTop;
    this.stuck = false;
  }

  seen() {
    const here = chat();
    const last = [...this.box.querySelectorAll("article")].at(-1);
    const inSight = !last || last.getBoundingClientRect().top < this.box.getBoundingClientRect().bottom;
    if (here?.unread && inSight && document.visibilityState === "visible" && document.body.dataset.screen !== "list") {
      this.net.read(here.id);
    }
  }

  walk(event) {
    if (!["ArrowUp", "ArrowDown", "Home", "End"].includes(event.key) || event.ctrlKey || event.altKey) return;
    if (event.target !== this.box && !event.target.matches("article")) return;
    const all = [...this.box.querySelectorAll("article")];
    const at = all.indexOf(event.target);
    const last = all.length - 1;
    const next = { ArrowUp: at < 0 ? last : at - 1, ArrowDown: at < 0 ? last : at + 1, Home: 0, End: last }[event.key];
    const node = all[Math.min(Math.max(next, 0), last)];
    if (node) {
      event.preventDefault();
      node.focus();
    }
  }
}

function joins(previous, message) {
  return Boolean(previous) && previous.sender === message.sender && previous.kind === message.kind && !previous.recalled
    && message.kind !== "note" && !message.quote && new Date(message.at) - new Date(previous.at) < JOINED;
}
