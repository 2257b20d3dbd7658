// The desk: composer, optimistic rows, separators and scroll. What is shown comes from the server.
(() => {
  "use strict";
  const { socket, sync, me } = window.guiche;
  const byId = (id) => document.getElementById(id);
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
  const thread = () => byId("thread");
  const shownId = () => Number(thread()?.dataset.conversation) || null;
  // Newer messages exist than those shown: the thread was opened at an older one.
  const hasMore = () => "more" in (thread()?.dataset ?? {});

  const send = (url, method, fields, options = {}) =>
    fetch(url, { method, headers: { ...headers, "HX-Request": "true" }, body: new URLSearchParams(fields), ...options });

  // ── The thread: days, groups, and where the reader is ──────────────────────────────────────
  let atBottom = true;
  let unseen = 0;
  let lastTop = 0;
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
    if (pane) {
      pane.scrollTop = pane.scrollHeight;
      lastTop = pane.scrollTop; // its scroll event may fall together with the reader's next one
    }
    unseen = 0;
    showPill();
  }

  function showPill() {
    const pill = byId("new-pill");
    if (!pill) return;
    pill.hidden = unseen === 0 && !hasMore();
    pill.textContent = hasMore() ? pill.dataset.end : unseen === 1 ? pill.dataset.one : pill.dataset.many.replace("{n}", unseen);
  }

  function followNewest() {
    const last = Array.from(thread()?.querySelectorAll(":scope > .message") || []).pop();
    if (!last) return;
    const isNew = newest && last.dataset.key > newest;
    if (isNew) for (const message of thread().querySelectorAll(":scope > .message.is-in")) if (message.dataset.key > newest) announce(message);
    newest = last.dataset.key > newest ? last.dataset.key : newest;
    if (hasMore()) return showPill();
    if (atBottom) toBottom();
    else if (isNew) { unseen += 1; showPill(); }
  }

  // Said to those who listen: once for what comes within a moment, never each tick.
  let unsaid = [];
  function announce(message) {
    unsaid.push(message.querySelector(".message-body")?.textContent.trim() || message.innerText.trim());
    if (unsaid.length > 1) return;
    setTimeout(() => {
      const place = byId("thread-news");
      const name = document.querySelector(".thread-name")?.dataset.name || "";
      const words = unsaid.length === 1 ? `${name}: ${unsaid[0].slice(0, 200)}` : place?.dataset.many.replace("{n}", unsaid.length).replace("{name}", name);
      if (place) place.textContent = words;
      unsaid = [];
    }, 1500);
  }

  // ── Reading ────────────────────────────────────────────────────────────────────────────────
  let readAlready = "";

  // Once for each version of the row: somebody else's conversation stays unread however I look.
  function markRead() {
    const row = byId(`row-${shownId()}`);
    const composer = document.querySelector(".composer");
    if (document.hidden || !composer || hasMore() || (row && !row.classList.contains("is-unread"))) return;
    const state = `${shownId()}:${row?.dataset.version || newest}`;
    if (state === readAlready) return;
    readAlready = state;
    send(composer.dataset.read, "POST", {}).catch(() => { readAlready = ""; });
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
      atBottom = !hasMore();
      unseen = 0;
      look(shown);
      followNewest();
      if (atBottom) toBottom();
      watchHeight();
      showContextState();
    } else followNewest();
    markRead();
  }

  // The newest message stays in sight when the foot grows.
  const heights = new ResizeObserver(() => { if (atBottom) toBottom(); });
  function watchHeight() {
    heights.disconnect();
    const pane = byId("thread-scroll");
    if (!pane) return;
    heights.observe(pane);
    heights.observe(thread());
  }

  // What happened between the page and the room it just joined came to nobody: compare once more.
  function look(shown) {
    if (socket?.connected) socket.emit("look", { conversation: shown }, sync);
  }

  document.addEventListener("guiche:settled", follow);
  document.addEventListener("guiche:connected", () => look(shownId()));
  // Its team or owner changed: its pushes come to another room, if we may still be in it.
  socket?.on("touch", ({ regions }) => { if (regions.includes(`conversation:${shownId()}`)) look(shownId()); });

  // Whoever sees some teams is sent a number for each; the tab shows their sum.
  function addUp() {
    for (const sum of document.querySelectorAll("[data-sum]")) {
      const parts = document.querySelectorAll(`[data-part-of="${sum.dataset.sum}"]`);
      sum.textContent = Array.from(parts, (part) => Number(part.textContent) || 0).reduce((a, b) => a + b, 0);
    }
  }
  document.addEventListener("guiche:settled", addUp);
    document.addEventListener("visibilitychange", markRead);
  addEventListener("focus", markRead);

  document.addEventListener("scroll", (event) => {
    const pane = event.target;
    if (pane.id !== "thread-scroll") return;
    // Growing content moves the bottom away; only who scrolls up has left it.
    const near = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 60;
    if (near || pane.scrollTop < lastTop) atBottom = near && !hasMore();
    // Only who scrolls up asks for more: at its opening the thread may for a moment stand at its top.
    if (pane.scrollTop < lastTop && pane.scrollTop < 300) askFor("#thread-start");
    if (pane.scrollTop > lastTop && pane.scrollHeight - pane.scrollTop - pane.clientHeight < 300) askFor("#thread-end");
    lastTop = pane.scrollTop;
    if (atBottom) { unseen = 0; showPill(); }
  }, true);

  // Asked again after a while: a request may fail, and htmx may not know the button yet.
  function askFor(more) {
    const button = document.querySelector(`${more} button`);
    if (!button || Date.now() - Number(button.dataset.asked || 0) < 2000) return;
    button.dataset.asked = Date.now();
    button.click();
  }

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
    lastTop = pane.scrollTop;
    before = null;
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("#new-pill")) goToBottom();
    const toggle = event.target.closest("#context-toggle");
    const floats = matchMedia("(max-width: 1199px)").matches;
    if (toggle) showContext(!contextIsShown());
    else if (event.target.closest("#context-close")) showContext(false);
    else if (floats && contextIsShown() && !event.target.closest("#context-pane")) showContext(false);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !matchMedia("(max-width: 1199px)").matches || !contextIsShown()) return;
    showContext(false);
  });

  const contextIsShown = () => {
    const pane = byId("context-pane");
    return Boolean(pane) && getComputedStyle(pane).display !== "none";
  };

  function showContext(visible) {
    byId("desk").classList.toggle("hides-context", !visible);
    byId("desk").classList.toggle("shows-context", visible);
    showContextState();
    if (visible) byId("context-close")?.focus();
    else byId("context-toggle")?.focus();
  }

  function showContextState() {
    byId("context-toggle")?.setAttribute("aria-expanded", String(contextIsShown()));
  }

  // Where newer messages exist they are fetched first: thread_end.js does that and comes back.
  function goToBottom() {
    if (hasMore()) return document.dispatchEvent(new CustomEvent("guiche:to-end"));
    atBottom = true;
    toBottom();
  }

  // A page of older messages entered below: none of them is news.
  function caughtUp() {
    newest = Array.from(thread().querySelectorAll(":scope > .message")).pop()?.dataset.key || newest;
    unseen = 0;
    showPill();
  }

  Object.assign(window.guiche, { desk: { thread, shownId, send, hasMore, caughtUp, toBottom: goToBottom, hold: () => { if (atBottom) toBottom(); }, leave: () => { atBottom = false; } } });

  if (me) follow();
})();
