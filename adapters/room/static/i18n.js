// Every word the page itself says, Chinese and English side by side, and how it writes times.

const WORDS = {
  title: ["进度助手 · 聊天室", "Jindu · chat room"],
  brand: ["进度助手 聊天室", "Jindu chat room"],
  i_am: ["我是", "I am"],
  switch_who: ["切换身份：点头像就换成那个人", "Switch person: press a picture to become that person"],
  add_person: ["加个人", "Add a person"],
  settings: ["设置", "Settings"],
  chats: ["会话", "Chats"],
  messages: ["消息", "Messages"],
  new_group: ["建群", "New group"],
  direct: ["单聊", "Direct"],
  members_n: ["{n} 人", "{n} people"],
  with_bot: ["{n} 人和机器人", "{n} people and the bot"],
  no_bot: ["{n} 人，没有机器人", "{n} people, no bot"],
  manage: ["群设置", "Group settings"],
  back: ["返回会话列表", "Back to chats"],
  pick: ["选一个会话开始聊", "Choose a chat to begin"],
  empty: ["还没有消息。发第一句吧，输入 / 看看机器人会做什么。", "No messages yet. Say something, or type / to see what the bot can do."],
  write_group: ["发消息，@{bot} 它才会回应；输入 / 看命令", "Message; @{bot} to be answered; / for commands"],
  write_direct: ["直接说就行；输入 / 看命令", "Just write; / for commands"],
  write_plain: ["发消息", "Message"],
  write_short: ["发消息，或输入 / 看命令", "Message, or / for commands"],
  send: ["发送", "Send"],
  attach: ["发文件", "Attach a file"],
  keys: ["Enter 发送，Shift+Enter 换行", "Enter sends, Shift+Enter breaks the line"],
  quote: ["引用", "Quote"],
  recall: ["撤回", "Recall"],
  copy: ["复制", "Copy"],
  copied: ["已复制", "Copied"],
  actions: ["这条消息可以……", "Message actions"],
  quoting: ["引用 {who}：{text}", "Quoting {who}: {text}"],
  cancel: ["取消", "Cancel"],
  ok: ["好", "OK"],
  close: ["关闭", "Close"],
  recalled_me: ["撤回了一条消息", "You recalled a message"],
  recalled: ["{who} 撤回了一条消息", "{who} recalled a message"],
  quote_gone: ["引用的消息已撤回", "The quoted message was recalled"],
  edited: ["已更新 {time}", "Updated {time}"],
  waiting: ["正在送达", "Sending"],
  queued: ["等连上就发", "Will be sent once connected"],
  trouble: ["机器人还没收到，会自动重试", "Not taken yet; it is tried again"],
  retry: ["重发", "Send again"],
  slow: ["机器人没有马上回应，会自动重试，不用再点。", "The bot is slow; it is tried again, no need to press twice."],
  voice: ["语音转文字", "From voice"],
  new_below: ["以下是新消息", "New messages"],
  jump_n: ["{n} 条新消息", "{n} new"],
  jump: ["回到最新", "Latest"],
  older: ["看更早的消息", "Earlier messages"],
  more_text: ["展开全文", "Show all"],
  called: ["[有人@我]", "[@me]"],
  unread_n: ["{n} 条未读", "{n} unread"],
  says: ["{who}：{text}", "{who}: {text}"],
  news_in: ["「{chat}」有新消息", "New message in “{chat}”"],
  complete_people: ["选一个人", "Choose a person"],
  complete_commands: ["选一个命令", "Choose a command"],
  bot: ["机器人", "Bot"],
  usage: ["用法", "Usage"],
  example: ["例", "e.g."],
  found_n: ["{n} 个可选，↑↓ 选，Enter 填入", "{n} choices: arrows to move, Enter to take"],
  tone_good: ["顺利", "Good"],
  tone_warn: ["注意", "Attention"],
  tone_bad: ["紧急", "Urgent"],
  form_required: ["必填", "required"],
  form_missing: ["这一项要填", "Please fill this in"],
  choose: ["请选择", "Choose"],
  download: ["下载", "Download"],
  picture: ["看大图", "See it large"],
  too_big: ["「{name}」超过 10 MB，发不了。", "“{name}” is larger than 10 MB."],
  upload_failed: ["文件没发出去，请再试一次。", "The file was not sent; please try again."],
  uploading: ["正在上传「{name}」", "Uploading “{name}”"],
  offline: ["连接断了，正在重连…… 写好的消息会在连上后发出。", "Connection lost, reconnecting… What you write is sent afterwards."],
  online: ["已重新连上", "Connected again"],
  try_now: ["现在重连", "Reconnect now"],
  not_now: ["现在没连上，连上后再试。", "Not connected now; please try again once connected."],
  intro: ["这里一个人就能演完整个团队：上面点头像换身份，群里 @{bot} 说话，或输入 / 看命令。", "Play a whole team by yourself: press a picture above to switch person, @{bot} in a group, or type / for commands."],
  got_it: ["知道了", "Got it"],
  virtual: ["演示时钟", "Demo clock"],
  next_reminder: ["到下一次提醒", "To the next reminder"],
  plus_hour: ["+1 小时", "+1 hour"],
  plus_day: ["+1 天", "+1 day"],
  time_runs: ["时间在走……", "Time is passing…"],
  time_nothing: ["没有排着的提醒了。", "Nothing more is scheduled."],
  time_failed: ["时间没走完，出了点问题，可以再试一次。", "Time stopped early; please try again."],
  group_name: ["群名", "Group name"],
  group_members: ["群成员", "Members"],
  invite_bot: ["请 {bot} 进群", "Invite {bot}"],
  create: ["建群", "Create"],
  name: ["姓名", "Name"],
  department: ["部门（可不填）", "Department (optional)"],
  add: ["添加", "Add"],
  add_members: ["加人进群", "Add members"],
  remove: ["移出", "Remove"],
  leave: ["退出", "Leave"],
  owner: ["群主", "Owner"],
  me_mark: ["（我）", " (me)"],
  rename: ["改名", "Rename"],
  bot_out: ["移出群", "Remove"],
  bot_in: ["请进群", "Invite"],
  bot_absent: ["不在群里", "not in this group"],
  dissolve: ["解散群", "Dissolve the group"],
  dissolve_sure: ["确定解散？所有人都会离开", "Dissolve for everybody?"],
  language: ["语言", "Language"],
  theme: ["外观", "Theme"],
  auto: ["跟随系统", "Auto"],
  light: ["浅色", "Light"],
  dark: ["深色", "Dark"],
  shortcuts: ["Ctrl 或 Alt + ↑↓ 切换会话", "Ctrl or Alt + ↑↓ switches chats"],
  gone: ["已不在这个群里", "No longer in this group"],
};

let language = "zh";

export const lang = () => language;

export function setLanguage(value) {
  language = value === "en" ? "en" : "zh";
  document.documentElement.lang = language === "en" ? "en" : "zh-CN";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) {
    node.setAttribute("aria-label", t(node.dataset.tLabel));
    if (node.tagName === "BUTTON") node.title = t(node.dataset.tLabel);
  }
}

export function t(key, data = {}) {
  const line = WORDS[key][language === "en" ? 1 : 0];
  return line.replace(/\{(\w+)\}/g, (_, name) => (name in data ? data[name] : ""));
}

export const both = (twin) => (language === "en" ? twin.en : twin.zh);

// --- times, always in the zone of the bot ---------------------------------------------------------------------

let zone = "Asia/Shanghai";
const WEEKDAYS = { zh: ["日", "一", "二", "三", "四", "五", "六"], en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] };
let parts = null;

export function setZone(value) {
  zone = value || zone;
  parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  });
}

function read(iso) {
  if (!parts) setZone(zone);
  return Object.fromEntries(parts.formatToParts(new Date(iso)).map((part) => [part.type, part.value]));
}

export function clock(iso) {
  const p = read(iso);
  return `${p.hour}:${p.minute}`;
}

export function date(iso) {
  const p = read(iso);
  return `${p.year}-${p.month}-${p.day}`;
}

export function day(iso) {
  const plain = date(iso);
  const number = new Date(`${plain}T00:00:00Z`).getUTCDay();
  return language === "en" ? `${WEEKDAYS.en[number]} ${plain}` : `${plain} 周${WEEKDAYS.zh[number]}`;
}

// Short, for the chat list: the time today, else the month and day.
export function shortTime(iso, now) {
  const plain = date(iso);
  return plain === date(now) ? clock(iso) : plain.slice(5).replace(/\b0/g, "");
}
