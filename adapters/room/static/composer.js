// Where one writes: Enter sends, Shift+Enter breaks the line, the input method's own Enter never sends.

import { $, bytes, composing, h, icon } from "./dom.js";
import { Completion, commandIn } from "./complete.js";
import { toast } from "./dialogs.js";
import { both, t } from "./i18n.js";
import { once } from "./net.js";
import { chat, emit, nameOf, on, state } from "./store.js";
import { spoken } from "./bubble.js";

const narrow = matchMedia("(max-width: 720px)");
const FILE_LIMIT = 10 * 1024 * 1024;
const drafts = new Map(); // "person chat" → { text, quote, files }

export class Composer {
  constructor(net) {
    this.net = net;
    this.form = $("#composer");
    this.box = $("#write");
    this.usage = $("#usage");
    this.completion = new Completion(this.box, () => this.changed());
    this.draft = { text: "", quote: null, files: [] };
    $("#attach").append(icon("clip"));
    $("#send").prepend(icon("send"));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.box.addEventListener("input", () => this.changed());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("paste", (event) => this.paste(event));
    $("#attach").addEventListener("click", () => $("#file").click());
    $("#file").addEventListener("change", (event) => {
      this.attach([...event.target.files]);
      event.target.value = "";
    });
    const talk = $("#talk");
    talk.addEventListener("dragover", (event) => event.preventDefault());
    talk.addEventListener("drop", (event) => {
      event.preventDefault();
      this.attach([...event.dataTransfer.files]);
    });
    on("opened", () => this.switch());
    on("chats people language", () => this.words());
    on("refused", (frame) => this.refused(frame));
  }

  switch() {
    const key = `${state.me} ${state.current}`;
    if (this.keyed !== key) {
      if (this.keyed) drafts.set(this.keyed, { ...this.draft, text: this.box.value });
      this.keyed = key;
      this.draft = drafts.get(key) || { text: "", quote: null, files: [] };
      this.box.value = this.draft.text;
      this.completion.close();
    }
    this.changed();
    this.words();
  }

  words() {
    const here = chat();
    if (!here) return;
    const bot = state.bot.name;
    const line = here.kind === "direct" ? "write_direct" : here.bot ? "write_group" : "write_plain";
    this.box.placeholder = here.bot && narrow.matches ? t("write_short") : t(line, { bot });
    this.box.setAttribute("aria-label", t(line, { bot }));
    this.above();
  }

  changed() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, innerHeight * 0.36)}px`;
    this.box.style.overflowY = this.box.scrollHeight > innerHeight * 0.36 ? "auto" : "hidden";
    $("#send").disabled = !this.box.value.trim() && !this.draft.files.length;
    const hint = commandIn(this.box.value);
    this.usage.hidden = !hint;
    if (hint) {
      this.usage.replaceChildren(h("span", {}, `${t("usage")} `, h("b", {}, both(hint.usage))),
        hint.example ? h("span", { class: "quiet" }, `${t("example")} ${both(hint.example)}`) : "");
    }
  }

  key(event) {
    if (this.completion.key(event) || composing(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && this.draft.quote) this.quote(null);
  }

  quote(message) {
    this.draft.quote = message && { id: message.id, who: nameOf(message.sender), text: spoken(message) };
    this.above();
    if (message) this.box.focus();
  }

  // What goes along with the words: the quoted message and the files.
  above() {
    const drop = (work) => h("button", { class: "tool", type: "button", "aria-label": t("cancel"), title: t("cancel"), onclick: work }, icon("close"));
    const rows = [];
    if (this.draft.quote) {
      rows.push(h("div", { class: "along" }, h("bdi", {}, t("quoting", this.draft.quote)), drop(() => {
        this.quote(null);
        this.box.focus();
      })));
    }
    for (const file of this.draft.files) {
      rows.push(h("div", { class: "along" }, h("bdi", {}, `📎 ${file.name} · ${bytes(file.size)}`), drop(() => {
        this.draft.files = this.draft.files.filter((one) => one !== file);
        this.above();
        this.changed();
        this.box.focus();
      })));
    }
    $("#along").replaceChildren(...rows);
  }

  paste(event) {
    const files = [...(event.clipboardData?.files || [])];
    if (files.length) {
      event.preventDefault();
      this.attach(files);
    }
  }

  async attach(files) {
    const draft = this.draft;
    for (const file of files) {
      if (file.size > FILE_LIMIT) {
        toast(t("too_big", { name: file.name }), "bad");
        continue;
      }
      toast(t("uploading", { name: file.name }));
      try {
        const answer = await fetch(`/files?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file });
        if (!answer.ok) throw new Error(String(answer.status));
        draft.files.push(await answer.json());
      } catch {
        toast(t("upload_failed"), "bad");
      }
    }
    this.above();
    this.changed();
    this.box.focus();
  }

  send() {
    const here = chat();
    let text = this.box.value.replace(/\s+$/, "");
    if (!here || (!text.trim() && !this.draft.files.length)) return;
    if (here.kind === "group" && here.bot && /^\s*[/／]\S/.test(text)) text = `@${state.bot.name} ${text.trimStart()}`;
    const frame = { as: state.me, chat: here.id, text, once: once(), files: this.draft.files.map((file) => file.ref) };
    if (this.draft.quote) frame.quote = this.draft.quote.id;
    this.box.value = "";
    this.draft = { text: "", quote: null, files: [] };
    this.completion.close();
    this.above();
    this.changed();
    this.net.say(frame);
    emit("kept");
    this.box.focus();
  }

  // The room did not take it: the words come back.
  refused({ frame, zh, en }) {
    toast(both({ zh, en }), "bad");
    if (frame.chat === state.current && frame.as === state.me && !this.box.value) {
      this.box.value = frame.text;
      this.changed();
    }
  }
}
