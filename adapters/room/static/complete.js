// Completion over the message box: people after @, commands after /. The box keeps the focus and the reader's words.

import { $, avatar, bdi, composing, h } from "./dom.js";
import { both, lang, t } from "./i18n.js";
import { chat, fullName, nameOf, state } from "./store.js";

const PERSON = /[@＠]([^@＠\n]{0,30})$/;
const COMMAND = /^((?:\s*[@＠][^@＠/／\n]{1,30}?\s+)*\s*)[/／]([^@＠/／\n]{0,24})$/;
const SHOWN = 40;

export class Completion {
  // taken(): called after a choice was written into the box
  constructor(box, taken) {
    this.box = box;
    this.taken = taken;
    this.list = $("#options");
    this.items = [];
    this.at = 0;
    box.addEventListener("input", () => this.look());
    box.addEventListener("click", () => this.look());
    box.addEventListener("blur", () => setTimeout(() => document.activeElement === box || this.close(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get open() {
    return this.items.length > 0;
  }

  look() {
    const before = this.box.value.slice(0, this.box.selectionStart);
    const here = chat();
    if (!here) return this.close();
    const command = before.match(COMMAND);
    if (command && (here.bot || here.kind === "direct")) return this.show(commands(command[2]), before.length - command[2].length - 1, "complete_commands");
    const person = here.kind === "group" && before.match(PERSON);
    if (person) return this.show(people(here, person[1]), before.length - person[1].length - 1, "complete_people");
    return this.close();
  }

  show(items, start, label) {
    if (!items.length) return this.close();
    this.items = items.slice(0, SHOWN);
    this.start = start;
    this.at = 0;
    this.list.setAttribute("aria-label", t(label));
    this.list.hidden = false;
    this.box.setAttribute("role", "combobox");
    this.box.setAttribute("aria-expanded", "true");
    this.box.setAttribute("aria-controls", "options");
    this.draw();
    $("#live").textContent = t("found_n", { n: this.items.length });
    return null;
  }

  draw() {
    this.list.replaceChildren(...this.items.map((item, number) => h("li", {
      id: `option-${number}`, role: "option", "aria-selected": String(number === this.at), class: number === this.at ? "chosen" : "",
      onclick: () => this.take(number),
    }, item.face())));
    this.box.setAttribute("aria-activedescendant", `option-${this.at}`);
    this.list.children[this.at].scrollIntoView({ block: "nearest" });
  }

  // True when the key was ours.
  key(event) {
    if (!this.open || composing(event)) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (event.ctrlKey || event.altKey) return false;
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.at = (this.at + step + this.items.length) % this.items.length;
      this.draw();
    } else if ((event.key === "Enter" && !event.shiftKey) || (event.key === "Tab" && !event.shiftKey)) this.take(this.at);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }

  take(number) {
    const { value, selectionStart } = this.box;
    const item = this.items[number], typed = value.slice(0, this.start);
    const head = item.command ? addressed(typed) : typed, tail = value.slice(selectionStart).replace(/^ /, "");
    const words = `${item.text} `;
    this.box.value = `${head}${words}${tail}`;
    const caret = head.length + words.length;
    this.close();
    this.box.focus();
    this.box.setSelectionRange(caret, caret);
    this.taken();
  }

  close() {
    this.items = [];
    this.list.hidden = true;
    this.box.removeAttribute("role");
    for (const name of ["aria-expanded", "aria-controls", "aria-activedescendant"]) this.box.removeAttribute(name);
    return null;
  }
}

function people(here, typed) {
  const wanted = typed.toLowerCase();
  const all = here.members.filter((id) => id !== state.me).map((id) => state.people.get(id)).filter(Boolean);
  const rows = all.map((one) => ({ id: one.id, label: one.label, find: fullName(one).toLowerCase(), more: one.department }));
  if (here.bot) rows.unshift({ id: "bot", label: state.bot.name, find: state.bot.name.toLowerCase(), more: t("bot") });
  return rows
    .filter((one) => one.find.includes(wanted) && !(typed.endsWith(" ") && one.find === wanted.trim()))
    .map((one) => ({
      text: `@${one.label}`,
      face: () => [avatar(one.id, nameOf(one.id), "small"), h("span", { class: "option-name" }, bdi(one.label)),
        one.more && !one.label.includes(one.more) ? h("span", { class: "quiet" }, bdi(one.more)) : null],
    }));
}

// In a group the bot only hears what mentions it.
function addressed(typed) {
  const here = chat(), bot = `@${state.bot.name}`;
  if (here.kind !== "group" || typed.replace("＠", "@").includes(bot)) return typed;
  return `${bot} ${typed.trimStart()}`;
}

const bare = (word) => word.replace(/^[/／]/, "");

function commands(typed) {
  const wanted = typed.toLowerCase().replace(/\s+/g, " ");
  const rank = (hint) => Math.min(...hint.words.map((word) => {
    const at = bare(word).toLowerCase().indexOf(wanted);
    return at < 0 ? 99 : at;
  }));
  return state.hints.map((hint) => ({ hint, rank: rank(hint) })).filter((one) => one.rank < 99)
    .sort((a, b) => Math.min(a.rank, 1) - Math.min(b.rank, 1))
    .map(({ hint }) => ({ hint, ...names(hint) })).map(({ hint, name, twin }) => ({
      command: true, text: `/${name}`,
      face: () => h("span", { class: "option-command" },
        h("span", {}, h("b", {}, `/${name}`), twin ? h("span", { class: "quiet" }, ` ${twin}`) : null),
        h("span", { class: "option-usage" }, both(hint.usage)),
        hint.example ? h("span", { class: "quiet" }, `${t("example")} ${both(hint.example)}`) : null),
    }));
}

// The command in the page's language, and in the other one.
function names(hint) {
  const words = hint.words.map(bare);
  const chinese = words[0], english = words.find((word) => /^[\x20-\x7e]+$/.test(word));
  return lang() === "en" && english ? { name: english, twin: chinese } : { name: chinese, twin: english === chinese ? "" : english };
}

// The command that the text begins with, so that its usage stays in sight while it is written.
export function commandIn(text) {
  const match = text.match(/^\s*(?:[@＠][^/／\n]*?\s)?\s*[/／]([^\n]+)/);
  if (!match) return null;
  const typed = `${match[1].toLowerCase().trimStart()} `;
  const length = (hint) => Math.max(...hint.words.map((one) => (typed.startsWith(`${bare(one).toLowerCase()} `) ? bare(one).length : 0)));
  return state.hints.reduce((best, hint) => (length(hint) > (best ? length(best) : 0) ? hint : best), null);
}
