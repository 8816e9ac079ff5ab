// The WebSocket: requests with replies, reconnecting with back-off, and what was said while offline kept until sent.

import { t } from "./i18n.js";

const FIRST_PAUSE = 500, LONGEST_PAUSE = 15000;
const KEPT = "jindu.outbox";

export class Refused extends Error {
  constructor(frame) {
    super(frame.zh);
    this.frame = frame;
  }
}

export class Net {
  constructor({ hello, event, state }) {
    Object.assign(this, { hello, event, state });
    this.socket = null;
    this.online = false;
    this.pause = FIRST_PAUSE;
    this.refs = 0;
    this.open = new Map();
    this.kept = readKept();
    addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.now());
  }

  connect() {
    clearTimeout(this.timer);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws`);
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = (message) => this.receive(JSON.parse(message.data));
    socket.onclose = () => socket === this.socket && this.lost();
  }

  // Reconnect without waiting for the back-off.
  now() {
    if (!this.online && (!this.socket || this.socket.readyState > 1)) {
      this.pause = FIRST_PAUSE;
      this.connect();
    }
  }

  async opened() {
    this.online = true;
    this.pause = FIRST_PAUSE;
    await this.hello();
    this.state(true);
    for (const one of this.open.values()) if (one.again) this.socket.send(one.data);
    for (const frame of [...this.kept]) this.deliver(frame);
  }

  lost() {
    this.online = false;
    this.state(false);
    for (const [ref, one] of this.open) {
      if (one.again) continue;
      this.open.delete(ref);
      one.fail(new Refused({ zh: t("not_now"), en: t("not_now") }));
    }
    this.timer = setTimeout(() => this.connect(), this.pause * (0.7 + Math.random() * 0.6));
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  receive(frame) {
    const waiting = frame.ref === undefined || frame.ref === null ? null : this.open.get(frame.ref);
    if (frame.ev === "wait") return waiting?.wait?.();
    if (waiting) {
      this.open.delete(frame.ref);
      if (frame.ev === "error") waiting.fail(new Refused(frame));
      else waiting.done(frame);
      return null;
    }
    return this.event(frame);
  }

  // again: send it once more after a lost connection (the frame carries ``once``); wait: called when the bot is slow.
  ask(op, args = {}, { again = false, wait = null } = {}) {
    return new Promise((done, fail) => {
      const ref = ++this.refs;
      const data = JSON.stringify({ op, ref, ...args });
      if (!this.online && !again) return fail(new Refused({ zh: t("not_now"), en: t("not_now") }));
      this.open.set(ref, { done, fail, again, wait, data });
      if (this.online) this.socket.send(data);
      return null;
    });
  }

  // A message: kept in this browser until the server has it. Returns at once.
  say(frame) {
    this.kept.push(frame);
    this.keep();
    if (this.online) this.deliver(frame);
  }

  async deliver(frame) {
    try {
      await this.ask("say", frame);
      this.drop(frame);
    } catch (error) {
      if (!this.online) return;
      this.drop(frame);
      this.event({ ev: "refused", frame, zh: error.frame.zh, en: error.frame.en });
    }
  }

  drop(frame) {
    this.kept = this.kept.filter((one) => one !== frame);
    this.keep();
    this.event({ ev: "kept" });
  }

  keep() {
    try { localStorage.setItem(KEPT, JSON.stringify(this.kept)); } catch { /* storage is off: kept in memory only */ }
  }
}

function readKept() {
  try { return JSON.parse(localStorage.getItem(KEPT) || "[]"); } catch { return []; }
}

export function once() {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return [...bytes].map((byte) => byte.toString(36)).join("");
}
