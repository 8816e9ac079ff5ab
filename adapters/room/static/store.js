// What this page knows: who I am, the chats, the messages seen so far. Views listen for the names they draw.

export const state = {
  me: "", bot: { id: "bot", name: "" }, people: new Map(), chats: new Map(), talks: new Map(), current: "",
  hints: [], clock: { now: new Date().toISOString(), machine: false, running: false, outcome: "" }, ready: false,
};

const listeners = new Map();

export function on(names, listener) {
  for (const name of names.split(" ")) listeners.set(name, [...(listeners.get(name) || []), listener]);
}

export function emit(name, detail) {
  for (const listener of listeners.get(name) || []) listener(detail);
}

// Seconds matter to nobody here: the server tells each new minute when its clock can be moved; else ours will do.
export const now = () => (state.clock.machine ? state.clock.now : new Date().toISOString());

export const chat = () => state.chats.get(state.current);

export function nameOf(id) {
  if (id === state.bot.id) return state.bot.name;
  return state.people.get(id)?.label || "?";
}

export function fullName(person) {
  return person.department ? `${person.name}（${person.department}）` : person.name;
}

// The newest conversation first; the direct chat with the bot stays even when nothing was said in it.
export function sortedChats() {
  const rank = (one) => (one.last ? one.last.n : -1);
  return [...state.chats.values()].sort((a, b) => rank(b) - rank(a));
}

export function talk(id) {
  if (!state.talks.has(id)) state.talks.set(id, { messages: new Map(), more: false, loaded: false });
  return state.talks.get(id);
}

export function takeState(frame) {
  const changed = frame.me !== state.me;
  state.me = frame.me;
  state.bot = frame.bot;
  state.hints = frame.hints;
  state.clock = frame.clock;
  state.people = new Map(frame.people.map((one) => [one.id, one]));
  state.chats = new Map(frame.chats.map((one) => [one.id, one]));
  state.talks.clear();
  state.ready = true;
  if (changed) remember("me", frame.me);
  emit("people");
  emit("chats");
  emit("clock");
}

export function takeHistory(frame) {
  const known = talk(frame.chat);
  const all = [...frame.messages, ...known.messages.values()].sort((a, b) => a.n - b.n);
  known.messages = new Map(all.map((one) => [one.id, one]));
  known.more = frame.more;
  known.loaded = true;
}

export function takeEvent(frame) {
  switch (frame.ev) {
    case "message": {
      const known = state.talks.get(frame.message.chat);
      if (known?.loaded) {
        const before = known.messages.get(frame.message.id);
        if (before && JSON.stringify(before) === JSON.stringify(frame.message)) break; // nothing to draw anew
        const oldest = known.messages.values().next().value;
        if (known.more && oldest && frame.message.n < oldest.n) break; // a card changed further up: it comes with its page
        known.messages.set(frame.message.id, frame.message);
        emit("message", { message: frame.message, fresh: !before });
      } else emit("news", frame.message);
      break;
    }
    case "chat":
      state.chats.set(frame.chat.id, frame.chat);
      emit("chats", frame.chat.id);
      break;
    case "gone":
      state.chats.delete(frame.chat);
      state.talks.delete(frame.chat);
      emit("gone", frame.chat);
      emit("chats");
      break;
    case "people":
      state.people = new Map(frame.people.map((one) => [one.id, one]));
      emit("people");
      break;
    case "clock":
      state.clock = frame;
      emit("clock", frame);
      break;
    case "kept":
      emit("kept");
      break;
    case "refused":
      emit("refused", frame);
      break;
    default:
  }
}

// The card a press was answered with: for the presser only, until the next edit of the message arrives.
export function takeAnswerCard(messageId, card) {
  for (const known of state.talks.values()) {
    const message = known.messages.get(messageId);
    if (message) {
      known.messages.set(messageId, { ...message, card });
      emit("message", { message: known.messages.get(messageId), fresh: false });
    }
  }
}

// --- remembered in this browser ------------------------------------------------------------------------------

export function remember(name, value) {
  try {
    (name === "me" ? sessionStorage : localStorage).setItem(`jindu.${name}`, value);
  } catch { /* storage is off */ }
}

export function remembered(name) {
  try {
    return (name === "me" ? sessionStorage : localStorage).getItem(`jindu.${name}`) || "";
  } catch {
    return "";
  }
}
