// The page: ties the views to the connection and decides which chat is open and who I am.

import { $, icon } from "./dom.js";
import { chats, chatName, neighbour } from "./chats.js";
import { clockbar } from "./clockbar.js";
import { Composer } from "./composer.js";
import { longPress, messageMenu, pictureLarge, settings, toast } from "./dialogs.js";
import { both, setLanguage, setZone, t } from "./i18n.js";
import { addPerson, manage, newGroup } from "./manage.js";
import { Net, Refused, once } from "./net.js";
import { people } from "./people.js";
import { chat, emit, on, remember, remembered, sortedChats, state, takeAnswerCard, takeEvent, takeHistory, takeState, talk } from "./store.js";
import { Talk } from "./talk.js";
import { spoken } from "./bubble.js";

const narrow = matchMedia("(max-width: 720px)");

const net = new Net({
  hello: () => become(state.me || remembered("me"), { again: true }),
  event: takeEvent,
  state: connection,
});

net.history = async (id, before) => {
  const frame = await net.ask("open", { as: state.me, chat: id, ...(before ? { before } : {}) });
  takeHistory(frame);
};
net.read = (id) => ask("read", { chat: id });

// Ask as myself; a refusal is shown and null returned.
async function ask(op, args = {}) {
  try {
    return await net.ask(op, { as: state.me, ...args });
  } catch (error) {
    refuse(error);
    return null;
  }
}

function refuse(error) {
  if (!(error instanceof Refused)) throw error;
  toast(both(error.frame), "bad");
}

async function pressed(op, args) {
  const wait = () => toast(t("slow"));
  try {
    const frame = await net.ask(op, { as: state.me, once: once(), ...args }, { again: true, wait });
    toast(frame.toast);
    if (frame.card) takeAnswerCard(frame.message, frame.card);
    return true;
  } catch (error) {
    refuse(error);
    return false;
  }
}

const act = {
  press: (message, button) => pressed("press", { message: message.id, verb: button.verb, args: button.args, version: button.version }),
  send: (message, form, fields) => pressed("form", { message: message.id, verb: form.verb, fields }),
  picture: pictureLarge,
  quote: (message) => composer.quote(message),
  recall: (message) => ask("recall", { message: message.id }),
  retry: (message) => ask("retry", { message: message.id }),
};

// --- who I am, and where ---------------------------------------------------------------------------------------

async function become(person, { again = false } = {}) {
  const frame = await net.ask("view", { as: person });
  setZone(frame.zone);
  if (!remembered("language")) setLanguage(frame.language);
  takeState(frame);
  emit("language");
  emit("became");
  const wanted = state.current || decodeURIComponent(location.hash.slice(2));
  if (state.chats.has(wanted)) await open(wanted, false);
  else if (!narrow.matches || again) await open(narrow.matches ? "" : sortedChats().find((one) => one.kind === "group")?.id || sortedChats()[0]?.id || "", false);
  else await open("", false);
}

let awaited = ""; // a chat just made, whose row is still on its way

async function open(id, byHand) {
  awaited = id && !state.chats.has(id) ? id : "";
  if (awaited && byHand) return;
  const unread = state.chats.get(id)?.unread || 0;
  state.current = state.chats.has(id) ? id : "";
  document.body.dataset.screen = state.current ? "chat" : "list";
  const hash = state.current ? `#/${encodeURIComponent(state.current)}` : "#/";
  if (location.hash !== hash) history[byHand && narrow.matches ? "pushState" : "replaceState"](null, "", hash);
  emit("opened");
  if (state.current && !talk(state.current).loaded) {
    try {
      await net.history(state.current);
    } catch (error) {
      refuse(error);
    }
  }
  if (state.current === id) view.open(unread);
  if (byHand && !matchMedia("(pointer: coarse)").matches) $("#write").focus();
}

on("chats", (id) => id && id === awaited && open(id, true));

addEventListener("popstate", () => open(decodeURIComponent(location.hash.slice(2)), false));
$("#back").addEventListener("click", () => {
  history.replaceState(null, "", "#/");
  open("", false).then(() => $("#chats button")?.focus());
});

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.altKey) && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    open(neighbour(event.key === "ArrowUp" ? -1 : 1), true);
  }
});

// --- connection, news, first words -----------------------------------------------------------------------------

let wasOnline = true;

function connection(online) {
  const bar = $("#net");
  bar.hidden = online;
  $("span", bar).textContent = online ? "" : t("offline");
  if (online && !wasOnline) toast(t("online"));
  wasOnline = online;
}

$("#net button").addEventListener("click", () => net.now());

on("gone", (id) => {
  if (id !== state.current) return;
  toast(t("gone"));
  open(narrow.matches ? "" : sortedChats()[0]?.id || "", false);
});
on("news", (message) => {
  const place = state.chats.get(message.chat);
  if (place && message.kind !== "note") announce(t("news_in", { chat: chatName(place) }));
});
on("announce", announce);

function announce(line) {
  $("#live").textContent = line;
}

function intro() {
  const bar = $("#intro");
  bar.hidden = remembered("intro") === "done";
  $("span", bar).textContent = t("intro", { bot: state.bot.name });
}

$("#intro button").addEventListener("click", () => {
  remember("intro", "done");
  intro();
});
on("language", intro);

// A phone's keyboard leaves less room than the layout knows of: keep the message box above it.
visualViewport?.addEventListener("resize", () => {
  if (visualViewport.scale > 1.01) return;
  document.body.style.height = `${visualViewport.height}px`;
  scrollTo(0, 0);
});

// --- start -----------------------------------------------------------------------------------------------------

setLanguage(remembered("language") || "zh");
$("#back").append(icon("back"));
$("#settings").append(icon("gear"));
$("#jump").prepend(icon("down"));
$("#settings").addEventListener("click", settings);
$("#new-group").addEventListener("click", () => newGroup(ask, open));
chats({ open, manage: (one) => manage(ask, one.id) });
people({ become, addPerson: () => addPerson(ask, become) });
clockbar(ask);
const composer = new Composer(net);
const view = new Talk(net, act);

longPress($("#messages"), (id) => {
  const message = talk(state.current).messages.get(id);
  if (!message || !chat()) return;
  const items = [[t("quote"), "reply", () => act.quote(message)]];
  if (navigator.clipboard) items.push([t("copy"), "copy", () => navigator.clipboard.writeText(spoken(message)).then(() => toast(t("copied")))]);
  if (message.sender === state.me) items.push([t("recall"), "undo", () => act.recall(message)]);
  messageMenu(message, items);
});

net.connect();
