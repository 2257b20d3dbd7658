// The telephone: asks for its state often, shows only what changed, and types as the customer.
import { content, menuOf } from "./phone_bubbles.js";

const $ = (id) => document.getElementById(id);
const base = `/phone/${$("desk").dataset.phone}`;
const thread = $("thread");
const box = $("text");
const rows = new Map();
const EVERY_MS = 700;
const TYPES = {
  ReceivedCallback: "Mensagem",
  DeliveryCallback: "Entrega ao WhatsApp",
  MessageStatusCallback: "Situação",
  PresenceChatCallback: "Presença",
};
const EVENTS = { SENT: "enviada", RECEIVED: "recebida", READ: "lida" };
const WORDS = {
  pending: ["clock", "a caminho do produto"],
  queued: ["clock", "na fila"],
  sent: ["tick", "enviada"],
  delivered: ["ticks", "entregue"],
  read: ["ticks", "lida"],
  failed: ["alert", "não chegou"],
};
let state = null;
let version = "";
let unseen = 0;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function icon(name, label, className) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.setAttribute("class", className);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.append(use);
  return svg;
}

async function call(path, method = "GET", body = undefined) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  if (answer.status === 204) return null;
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

// Messages

function clock(at) {
  return new Date(at).toLocaleTimeString("pt-BR", { hour: "2-digit", minute: "2-digit" });
}

function dayOf(at) {
  const day = new Date(at);
  if (day.toDateString() === new Date().toDateString()) return "Hoje";
  return day.toLocaleDateString("pt-BR", { day: "numeric", month: "long", year: "numeric" });
}

function isOnPhone(message) {
  // A reaction, a vote and a deletion show on the message they are about.
  const isAbout = ["reaction", "vote", "revoke"].includes(message.kind);
  if (isAbout && message.reference && message.status !== "failed") return false;
  // What the company has not got out yet is not on the customer's telephone.
  return message.from === "customer" || !["queued", "failed"].includes(message.status);
}

function ticks(message) {
  const shown = message.from === "customer" && message.read ? "read" : message.status;
  const [name, label] = WORDS[shown];
  return icon(name, label, shown);
}

function fill(row, message) {
  const foot = element("div", "foot");
  if (message.edited) foot.append(element("span", "", "editada"));
  foot.append(element("time", "", clock(message.at)), ticks(message));
  row.classList.toggle("deleted", Boolean(message.deleted));
  row.replaceChildren(...content(message, quoted(message)));
  const reactions = [message.customer_reaction, message.company_reaction].filter(Boolean);
  if (reactions.length && !message.deleted) row.append(element("div", "reaction", reactions.join(" ")));
  if (message.status !== "failed" && !message.deleted) foot.prepend(menuOf(message, acts));
  row.append(foot);
  if (message.from === "customer" && message.status === "failed") {
    row.append(element("div", "trouble", `O produto não aceitou: ${message.error || "sem motivo"}`));
  }
}

function showMessages(messages) {
  const atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60;
  const first = version === "";
  const wanted = messages.filter(isOnPhone);
  const ids = new Set(wanted.map((message) => message.id));
  for (const [id, row] of rows) {
    if (!ids.has(id)) { row.remove(); rows.delete(id); }
  }
  let came = 0;
  for (const message of wanted) {
    let row = rows.get(message.id);
    const signature = JSON.stringify(message);
    if (row && row.signature === signature) continue;
    if (!row) {
      row = element("li", `message ${message.from}`);
      rows.set(message.id, row);
      if (!first && message.from === "company") { came += 1; row.classList.add("fresh"); }
    }
    row.signature = signature;
    fill(row, message);
  }
  arrange(wanted);
  $("empty").hidden = wanted.length > 0;
  $("typing").hidden = !messages.some((m) => m.from === "company" && m.status === "queued" && connected(m.instance));
  if (atEnd || first) return toEnd();
  offer(unseen + came);
}

function arrange(messages) {
  const list = $("messages");
  let place = list.firstElementChild;
  let day = "";
  let from = "";
  const put = (node) => {
    if (place === node) place = node.nextElementSibling;
    else list.insertBefore(node, place);
  };
  for (const message of messages) {
    const row = rows.get(message.id);
    if (dayOf(message.at) !== day) {
      day = dayOf(message.at);
      const mark = place?.classList.contains("day") ? place : element("li", "day");
      mark.textContent = day;
      put(mark);
    } else {
      while (place?.classList.contains("day")) { const stale = place; place = place.nextElementSibling; stale.remove(); }
    }
    row.classList.toggle("turn", message.from !== from);
    from = message.from;
    put(row);
  }
  while (place) { const stale = place; place = place.nextElementSibling; stale.remove(); }
}

function toEnd() {
  thread.scrollTop = thread.scrollHeight;
  offer(0);
}

function offer(count) {
  unseen = count;
  $("pill").hidden = count === 0;
  $("pill").textContent = count === 1 ? "1 nova" : `${count} novas`;
}

// The panel

function connected(id) {
  return state.accounts.find((account) => account.id === id)?.connected ?? true;
}

function account() {
  return state.accounts.find((one) => one.id === $("account").value) ?? state.accounts[0];
}

function showAccounts() {
  const select = $("account");
  const ids = state.accounts.map((one) => one.id);
  if (JSON.stringify([...select.options].map((o) => o.value)) !== JSON.stringify(ids)) {
    const chosen = select.value;
    select.replaceChildren(...ids.map((id) => new Option(id, id)));
    if (ids.includes(chosen)) select.value = chosen;
  }
  $("account-choice").hidden = ids.length < 2;
  const on = account().connected;
  $("connection").textContent = on ? "Conectada" : "Desconectada";
  $("connection").classList.toggle("off", !on);
  $("connection-toggle").textContent = on ? "Desconectar" : "Conectar";
  line(on ? "online" : "fora do ar: o que você escrever espera", !on);
}

function line(text, isOff) {
  if ($("line").textContent !== text) $("line").textContent = text;
  $("line").classList.toggle("off", isOff);
}

function describe(fault) {
  const what = fault.drop ? "sem resposta" : fault.refuse ? "conexão recusada" : fault.status ? `responde ${fault.status}`
    : fault.duplicate ? "webhooks repetidos" : fault.reorder ? "webhooks fora de ordem" : fault.delivery_error || "resposta lenta";
  const left = fault.calls_left ?? fault.webhooks_left;
  return left === null ? `${what}, até limpar` : `${what}, ${left}×`;
}

function showFaults() {
  $("faults-row").hidden = state.faults.length === 0;
  $("faults").textContent = state.faults.map(describe).join(" · ");
}

function showWebhooks() {
  $("webhooks-empty").hidden = state.webhooks.length > 0;
  $("webhooks").replaceChildren(...state.webhooks.map((hook) => {
    const row = element("li");
    const head = element("div", "head");
    const name = TYPES[hook.type] ?? hook.type;
    head.append(element("span", "", hook.event ? `${name}: ${EVENTS[hook.event] ?? hook.event}` : name));
    head.append(element("span", `result ${hook.result}`, hook.status ?? "sem conexão"));
    row.append(head);
    const tries = hook.attempt > 1 ? ` · ${hook.attempt}ª tentativa` : "";
    const why = hook.result === "accepted" ? "" : ` · ${hook.error ?? ""}`;
    row.append(element("div", "meta", new Date(hook.at).toLocaleTimeString("pt-BR") + tries + why));
    return row;
  }));
}

function showPhone() {
  if (document.activeElement !== $("name")) $("name").value = state.phone.name;
  $("use-lid").checked = state.phone.use_lid;
  $("lid").textContent = state.phone.lid;
  for (const place of document.querySelectorAll("[data-name]")) place.textContent = state.phone.name || state.phone.shown;
}

// Asking and acting

let asking = null;

async function ask() {
  try {
    const said = await call(`${base}/state?version=${version}`);
    if (said) {
      state = said;
      showPhone();
      showAccounts();
      showFaults();
      showWebhooks();
      showMessages(said.messages);
      version = said.version;
    } else {
      showAccounts();
    }
  } catch {
    line("o sandbox não responde; tentando de novo", true);
  }
}

function refresh() {
  asking = (asking ?? Promise.resolve()).then(ask);
  return asking;
}

async function tick() {
  await refresh();
  setTimeout(tick, document.hidden ? EVERY_MS * 4 : EVERY_MS);
}

async function act(path, method, body) {
  $("composer-error").hidden = true;
  try {
    await call(path, method, body);
    await refresh();
    return true;
  } catch (error) {
    $("composer-error").textContent = error instanceof TypeError ? "O sandbox não responde. Sua mensagem continua aqui." : error.message;
    $("composer-error").hidden = false;
    return false;
  }
}

function grow() {
  box.rows = 1;
  box.rows = Math.min(5, Math.max(1, Math.floor((box.scrollHeight - 18) / 20)));
}

// What the next message is: an answer to another, or a new wording of one.
let about = {};

function say(what) {
  about = what;
  $("about").hidden = !what.words;
  $("about-words").textContent = what.words || "";
}

const quoted = (message) => message.reference
  && state?.messages.find((one) => one.id === message.reference);

const acts = {
  react: (message, emoji) => send("reaction", emoji, { referenceMessageId: message.id }),
  answer: (message) => { say({ referenceMessageId: message.id, words: `Respondendo: ${message.text}` }); box.focus(); },
  edit: (message) => { say({ edits: message.id, words: "Editando a mensagem" }); box.value = message.text; grow(); box.focus(); },
  revoke: (message) => send("revoke", "", { referenceMessageId: message.id }),
  vote: (message, option) => send("vote", "", { referenceMessageId: message.id, options: [option] }),
};

function faulty(kind) {
  const fault = $("media-fault").value;
  if (!fault || ["text", "reaction", "revoke", "vote", "location", "contact", "poll"].includes(kind)) return {};
  $("media-fault").value = "";
  return { media_fault: fault };
}

async function send(kind, text, more = {}) {
  const { words, ...before } = about;
  const fields = { kind, text, instance: account()?.id, ...before, ...faulty(kind), ...more };
  const sent = await act(`${base}/messages`, "POST", fields);
  if (sent) say({});
  if (sent) toEnd();
  return sent;
}

$("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = box.value;
  if (!text.trim() || !state) return;
  box.value = "";
  grow();
  if (!(await send("text", text)) && !box.value) { box.value = text; grow(); }
});
box.addEventListener("input", grow);
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
});
$("kinds").addEventListener("click", (event) => {
  const kind = event.target.dataset.kind;
  if (kind) send(kind, "");
});
$("about-drop").addEventListener("click", () => say({}));
$("file").addEventListener("change", async () => {
  const [file] = $("file").files;
  $("file").value = "";
  if (!file) return;
  const url = await new Promise((done) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.readAsDataURL(file);
  });
  const kinds = { "image/": "image", "audio/": "audio", "video/": "video" };
  const kind = Object.entries(kinds).find(([start]) => file.type.startsWith(start))?.[1] || "document";
  send(kind, "", { file: { name: file.name, type: file.type, base64: url.slice(url.indexOf(",") + 1) } });
});
$("fault-buttons").addEventListener("click", (event) => {
  const wish = event.target.dataset.fault;
  if (wish) act("/faults", "POST", { vendor: "zapi", call: "send-", times: 1, ...JSON.parse(wish) });
});
$("faults-clear").addEventListener("click", () => act("/faults", "DELETE"));
$("connection-toggle").addEventListener("click", () => {
  const { id, connected: on } = account();
  act(`/zapi/instances/${encodeURIComponent(id)}/connection`, "POST", { connected: !on });
});
$("account").addEventListener("change", showAccounts);
$("name").addEventListener("change", () => act(base, "PUT", { name: $("name").value }));
$("use-lid").addEventListener("change", () => act(base, "PUT", { use_lid: $("use-lid").checked }));
$("pill").addEventListener("click", toEnd);
thread.addEventListener("scroll", () => {
  if (thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60) offer(0);
});

function openPanel(open) {
  $("panel").classList.toggle("open", open);
  $("panel-open").setAttribute("aria-expanded", String(open));
  (open ? $("panel-close") : $("panel-open")).focus();
}
$("panel-open").addEventListener("click", () => openPanel(true));
$("panel-close").addEventListener("click", () => openPanel(false));
$("panel").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && $("panel").classList.contains("open")) openPanel(false);
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });

tick();
