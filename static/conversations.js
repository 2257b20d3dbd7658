// The desk: composer, optimistic rows, separators and scroll. What is shown comes from the server.
(() => {
  "use strict";
  const { socket, apply, toast, sync, me } = window.guiche;
  const byId = (id) => document.getElementById(id);
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
  const thread = () => byId("thread");
  const shownId = () => Number(thread()?.dataset.conversation) || null;

  const send = (url, method, fields) =>
    fetch(url, { method, headers: { ...headers, "HX-Request": "true" }, body: new URLSearchParams(fields) });

  // ── The thread: days, groups, and where the reader is ──────────────────────────────────────
  let atBottom = true;
  let unseen = 0;
  let newest = "";

  function dress() {
    const list = thread();
    if (!list) return;
    const messages = Array.from(list.querySelectorAll(":scope > .message"));
    let previous = null;
    const wanted = new Set();
    for (const message of messages) {
      const newDay = previous?.dataset.day !== message.dataset.day;
      if (newDay) wanted.add(separator(list, message).id);
      const close = previous && new Date(message.dataset.at) - new Date(previous.dataset.at) < 300000;
      message.classList.toggle("is-grouped", Boolean(!newDay && close && previous.dataset.author === message.dataset.author));
      previous = message;
    }
    for (const day of list.querySelectorAll(":scope > .day")) if (!wanted.has(day.id)) day.remove();
    for (const message of list.querySelectorAll("[data-client-key]")) byId(`pending-${message.dataset.clientKey}`)?.remove();
  }

  function separator(list, message) {
    const id = `day-${message.dataset.day}`;
    const existing = byId(id);
    if (existing && existing.nextElementSibling === message) return existing;
    existing?.remove();
    const day = document.createElement("p");
    day.id = id;
    day.className = "day";
    const local = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
    const today = new Date();
    const yesterday = new Date(Date.now() - 86400000);
    day.textContent = message.dataset.day === local(today) ? list.dataset.today
      : message.dataset.day === local(yesterday) ? list.dataset.yesterday : message.dataset.dayName;
    list.insertBefore(day, message);
    return day;
  }

  function toBottom() {
    const pane = byId("thread-scroll");
    if (pane) pane.scrollTop = pane.scrollHeight;
    unseen = 0;
    showPill();
  }

  function showPill() {
    const pill = byId("new-pill");
    if (!pill) return;
    pill.hidden = unseen === 0;
    pill.textContent = unseen === 1 ? pill.dataset.one : pill.dataset.many.replace("{n}", unseen);
  }

  function followNewest() {
    const last = Array.from(thread()?.querySelectorAll(":scope > .message") || []).pop();
    if (!last) return;
    const isNew = newest && last.dataset.key > newest;
    newest = last.dataset.key > newest ? last.dataset.key : newest;
    if (atBottom) toBottom();
    else if (isNew) { unseen += 1; showPill(); }
    if (isNew && last.classList.contains("is-in")) byId("thread-news").textContent = last.querySelector(".message-body")?.textContent || "";
    if (isNew) markRead();
  }

  // ── Reading ────────────────────────────────────────────────────────────────────────────────
  function markRead() {
    const row = byId(`row-${shownId()}`);
    const composer = document.querySelector(".composer");
    if (document.hidden || !composer || (row && !row.classList.contains("is-unread"))) return;
    send(composer.dataset.read, "POST", {}).catch(() => {});
  }

  // ── Another conversation is shown ──────────────────────────────────────────────────────────
  let looking = null;

  function follow() {
    const shown = shownId();
    byId("desk")?.classList.toggle("has-conversation", Boolean(shown));
    for (const row of document.querySelectorAll(".row-card")) {
      const current = row.dataset.id === String(shown);
      row.classList.toggle("is-current", current);
      const link = row.querySelector(".row-link");
      if (current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    dress();
    if (shown !== looking) {
      looking = shown;
      newest = "";
      atBottom = true;
      unseen = 0;
      look(shown);
      followNewest();
      toBottom();
      markRead();
    } else followNewest();
    growComposer(document.querySelector(".composer-text"));
  }

  // What happened between the page and the room it just joined came to nobody: compare once more.
  function look(shown) {
    if (socket?.connected) socket.emit("look", { conversation: shown }, sync);
  }

  document.addEventListener("guiche:settled", follow);
  document.addEventListener("guiche:connected", () => look(shownId()));
  setInterval(() => { if (shownId() && Date.now() - typingAt > 6000) socket?.emit("typing", false); }, 15000);
  document.addEventListener("visibilitychange", markRead);
  addEventListener("focus", markRead);

  document.addEventListener("scroll", (event) => {
    const pane = event.target;
    if (pane.id !== "thread-scroll") return;
    atBottom = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 60;
    if (atBottom) { unseen = 0; showPill(); }
  }, true);

  // Older messages enter above without moving what is read.
  let before = null;
  document.addEventListener("htmx:before:swap", (event) => {
    const pane = byId("thread-scroll");
    before = event.target.closest?.("#thread-start") ? { height: pane.scrollHeight, top: pane.scrollTop } : null;
  });
  document.addEventListener("htmx:after:swap", () => {
    const pane = byId("thread-scroll");
    if (!before || !pane) return;
    const list = thread();
    if (!byId("thread-start")?.children.length) delete list.dataset.moreBefore;
    dress();
    pane.scrollTop = before.top + pane.scrollHeight - before.height;
    before = null;
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("#new-pill")) { atBottom = true; toBottom(); }
    const toggle = event.target.closest("#context-toggle");
    if (toggle) {
      const hidden = byId("desk").classList.toggle("hides-context");
      byId("desk").classList.toggle("shows-context", !hidden);
      toggle.setAttribute("aria-expanded", String(!hidden));
    }
  });

  // ── The composer ───────────────────────────────────────────────────────────────────────────
  const composerOf = (element) => element?.closest?.(".composer");
  const isNote = (composer) => composer.querySelector("input[name=tipo]:checked")?.value === "nota";

  function growComposer(text) {
    if (!text) return;
    text.rows = Math.min(8, Math.max(1, text.value.split("\n").length));
    const composer = composerOf(text);
    composer.classList.toggle("writes-note", isNote(composer));
  }

  let draftTimer = null;
  let typingTimer = null;
  let typingAt = 0;
  document.addEventListener("input", (event) => {
    const composer = composerOf(event.target);
    if (!composer) return;
    growComposer(composer.querySelector(".composer-text"));
    clearTimeout(draftTimer);
    draftTimer = setTimeout(() => saveDraft(composer), 600);
    if (Date.now() - typingAt > 2500) {
      typingAt = Date.now();
      socket?.emit("typing", true);
    }
    // Said while it still counts as typing; what ends by itself is announced by nobody.
    clearTimeout(typingTimer);
    typingTimer = setTimeout(() => socket?.emit("typing", false), 4000);
  });

  function saveDraft(composer) {
    const text = composer.querySelector(".composer-text").value;
    send(composer.dataset.draft, "PUT", { texto: text, nota: isNote(composer) ? "1" : "" }).catch(() => {});
  }

  addEventListener("pagehide", () => {
    const composer = document.querySelector(".composer");
    if (composer && draftTimer) saveDraft(composer);
  });

  document.addEventListener("keydown", (event) => {
    if (!event.target.classList?.contains("composer-text")) return;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    composerOf(event.target).requestSubmit();
  });

  document.addEventListener("submit", (event) => {
    const composer = composerOf(event.target);
    if (!composer) return;
    event.preventDefault();
    const field = composer.querySelector(".composer-text");
    const text = field.value.trim();
    if (!text) return;
    const message = { texto: text, nota: isNote(composer) ? "1" : "", chave: newKey() };
    field.value = "";
    clearTimeout(draftTimer);
    draftTimer = null;
    growComposer(field);
    socket?.emit("typing", false);
    deliver(composer.dataset.action, message, showPending(composer, message));
    field.focus();
  });

  // Works on plain http too, where crypto.randomUUID is missing.
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  // The row is there at once; the server's own row, which carries the same key, takes its place.
  function showPending(composer, message) {
    const row = document.createElement("article");
    row.id = `pending-${message.chave}`;
    row.className = `message ${message.nota ? "is-note" : "is-out"} by-user is-pending`;
    row.dataset.author = "pending";
    row.dataset.at = new Date().toISOString();
    const author = document.createElement("p");
    author.className = "message-author";
    author.textContent = composer.dataset.meName;
    const bubble = document.createElement("div");
    bubble.className = "bubble";
    const body = document.createElement("p");
    body.className = "message-body";
    body.textContent = message.texto;
    bubble.append(body);
    row.append(author, bubble);
    thread().append(row);
    atBottom = true;
    toBottom();
    return row;
  }

  async function deliver(action, message, row) {
    let answer = null;
    for (let attempt = 0; attempt < 5 && !answer; attempt += 1) {
      // The key makes a repeat harmless, so a lost answer is simply asked for again.
      answer = await send(action, "POST", message).catch(() => null);
      if (!answer) await new Promise((done) => setTimeout(done, 500 * 2 ** attempt));
    }
    if (answer?.ok) {
      apply(await answer.text());
      row.remove();
      return;
    }
    const field = document.querySelector(".composer-text");
    if (field && !field.value) field.value = message.texto;
    growComposer(field);
    row.remove();
    const parsed = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    toast(parsed?.querySelector("[data-toast]")?.textContent || document.body.dataset.liveOff.replace(" {time}", ""));
  }

  if (me) follow();
})();
