// Keeps every screen as the server has it. The only script that calls htmx's own functions.
//
// The server sends fragments ("live") or names of regions to ask for again ("touch"); this page
// tells the server which versions it shows ("sync") every 20 s and after every cut, and asks again
// for what is stale. app/live.py is the other end.
(() => {
  "use strict";
  const me = document.body.dataset.me;
  const SYNC_EVERY = 20000;
  const number = (text) => Number.parseInt(text, 10) || 0;
  const isNumber = (text) => /^\d+$/.test(text || "");
  const byId = (id) => document.getElementById(id);

  // ── Lists ──────────────────────────────────────────────────────────────────────────────────
  const rowsOf = (list) => Array.from(list.children).filter((row) => row.dataset.id);
  const keyOf = (list, row) => row.getAttribute(`data-key${list.dataset.key ? `-${list.dataset.key}` : ""}`) || "";

  function belongs(list, row) {
    if ("gone" in row.dataset) return false;
    const filter = list.dataset.filter;
    if (filter && !(row.dataset.in || "").split(" ").includes(filter)) return false;
    // {"labels": ["7", "9"], "unread": ["1"]}: of each name the row has one of the values.
    return Object.entries(JSON.parse(list.dataset.tests || "{}")).every(([name, wanted]) => {
      const has = (row.dataset[name] || "").split(" ");
      return wanted.some((value) => has.includes(value));
    });
  }

  function upsert(list, row) {
    const shown = row.id ? byId(row.id) : null;
    const present = shown && list.contains(shown) ? shown : null;
    if (present && number(present.dataset.version) >= number(row.dataset.version)) return;
    // Only the server can say whether it passes: by its words, or since when it waits.
    if ("asks" in list.dataset && belongs(list, row)) return ask(list, 700);
    const keep = placeOf(list, present);
    if (!belongs(list, row)) {
      leave(list, present);
      keep();
      return showEmpty(list);
    }
    const descending = list.dataset.order === "desc";
    const key = keyOf(list, row);
    const after = (other) => (descending ? keyOf(list, other) < key : keyOf(list, other) > key);
    if (present && keyOf(list, present) === key) {
      swap(present, row.outerHTML, "outerMorph");
      return;
    }
    const focused = present?.contains(document.activeElement);
    present?.remove();
    const others = rowsOf(list);
    const next = others.find(after);
    const outside = (!next && "more" in list.dataset) || (next && next === others[0] && "moreBefore" in list.dataset);
    if (!outside) {
      list.insertBefore(row, next || list.querySelector(":scope > [data-list-end]"));
      htmx.process(row);
    }
    keep();
    if (outside) return showEmpty(list);
    if (focused) (row.matches("a,button") ? row : row.querySelector("a,button"))?.focus();
    glow(row);
    showEmpty(list);
  }

  // Who stood on a row that leaves stands on the one that takes its place.
  function leave(list, row) {
    const stood = row?.contains(document.activeElement);
    const rows = rowsOf(list);
    const heir = stood && (rows[rows.indexOf(row) + 1] || rows[rows.indexOf(row) - 1]);
    row?.remove();
    if (heir) (heir.matches("a,button") ? heir : heir.querySelector("a,button"))?.focus({ preventScroll: true });
  }

  // What is being read stays where it is when rows enter, leave or move above it. Called before a
  // change; what it answers is called after it.
  function placeOf(list, moving) {
    const pane = list.closest("[data-scroll]");
    if (!pane || pane.scrollTop < 8) return () => {};
    const top = pane.getBoundingClientRect().top;
    const first = rowsOf(list).find((row) => row !== moving && row.getBoundingClientRect().bottom > top);
    if (!first) return () => {};
    const before = first.getBoundingClientRect().top;
    return () => { pane.scrollTop += first.getBoundingClientRect().top - before; };
  }

  function showEmpty(list) {
    const note = document.querySelector(`[data-empty-for="${list.id}"]`);
    if (note) note.hidden = rowsOf(list).length > 0;
  }

  function glow(element) {
    if (!element) return;
    element.classList.add("is-fresh");
    setTimeout(() => element.classList.remove("is-fresh"), 1000);
  }

  // ── Fragments ──────────────────────────────────────────────────────────────────────────────
  const swap = (target, text, style) =>
    htmx.swap({ text, target, swap: style, sourceElement: document.body });

  function isOld(element) {
    // Versions that are texts cannot be compared: the server's word is the newest.
    const shown = element.id && isNumber(element.dataset.version) ? byId(element.id) : null;
    return Boolean(shown) && number(shown.dataset.version) >= number(element.dataset.version);
  }

  function apply(html) {
    const template = document.createElement("template");
    // Inside <template> the parser keeps rows of tables, which it drops inside unknown elements.
    template.innerHTML = html
      .replaceAll("<hx-partial", "<template").replaceAll("</hx-partial>", "</template>");
    for (const part of template.content.querySelectorAll("template[hx-target]")) {
      noteVersion(part);
      const style = part.getAttribute("hx-swap") || "outerMorph";
      if (style === "upsert") for (const row of part.content.children) document.dispatchEvent(new CustomEvent("guiche:row", { detail: { row } }));
      for (const target of document.querySelectorAll(part.getAttribute("hx-target")))
        for (const child of Array.from(part.content.children)) {
          if (style === "upsert") upsert(target, document.importNode(child, true));
          else if (!isOld(child)) swap(target, child.outerHTML, style);
        }
    }
    settle();
  }

  // A part may carry the version that its region has with it. The next number is taken over; a hole
  // in the numbers makes the region ask for what it missed.
  function noteVersion(part) {
    const name = part.dataset.region;
    const region = name && document.querySelector(`[data-region="${name}"]`);
    if (!region) return;
    const shown = number(region.dataset.version);
    const coming = number(part.dataset.version);
    if (coming === shown + 1) region.dataset.version = coming;
    else if (coming > shown) ask(region);
  }

  // Answers to htmx's own requests may hold parts for lists too.
  htmx.registerExtension("upsert", {
    handle_swap: (style, target, fragment) => {
      if (style !== "upsert") return false;
      for (const row of Array.from(fragment.children)) upsert(target, document.importNode(row, true));
      return true;
    },
  });

  // ── Regions ────────────────────────────────────────────────────────────────────────────────
  const waiting = new Map();

  // The version a region shows: written on it, or read off its rows or values.
  function versionOf(region) {
    if (region.dataset.version === "values")
      return Array.from(region.querySelectorAll("[data-value]"), (one) => one.textContent.trim()).join("/");
    if (region.dataset.version !== "rows") return region.dataset.version || "";
    const shown = rowsOf(region).map((row) => `${row.dataset.id}:${row.dataset.version}`);
    return shown.join(",") + ("more" in region.dataset ? "+" : "");
  }

  // Ask the server for a region again; several wishes within a moment become one.
  function ask(region, patience = 60) {
    const name = region.dataset.region;
    if (waiting.has(name)) return;
    waiting.set(name, setTimeout(() => fetchRegion(name), patience / 2 + Math.random() * patience));
  }

  // Answers may overtake each other: only the one to the last question counts.
  const asked = new Map();

  async function fetchRegion(name) {
    waiting.delete(name);
    const turn = (asked.get(name) || 0) + 1;
    asked.set(name, turn);
    const region = document.querySelector(`[data-region="${name}"]`);
    const source = region?.dataset.src;
    if (!source) return;
    const before = region.dataset.version;
    const address = new URL(source, location.href);
    if (region.dataset.version === "rows") address.searchParams.set("n", rowsOf(region).length);
    else if (region.dataset.version !== "values") address.searchParams.set("v", versionOf(region));
    let answer;
    try {
      answer = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "manual" });
    } catch {
      return; // offline: the next sync asks again
    }
    if (answer.type === "opaqueredirect" || answer.status === 401) return location.reload();
    if (answer.status === 404) return gone(region);
    if (answer.status !== 200) return;
    const html = await answer.text();
    if (!region.isConnected || asked.get(name) !== turn) return;
    if (region.dataset.swap === "partials") {
      const version = answer.headers.get("X-Region-Version");
      apply(html);
      if (version && number(version) > number(region.dataset.version)) region.dataset.version = version;
      if (answer.headers.has("X-Region-More")) ask(region);
    } else if (region.dataset.version !== before) {
      ask(region); // a push came meanwhile, and the answer may be older than it
    } else {
      // What is about something else now keeps nothing of what was there, forms included.
      const same = html.includes(`data-region="${name}"`);
      await swap(region, html, same ? "outerMorph" : "outerHTML");
    }
    settle();
  }

  function gone(region) {
    region.dispatchEvent(new CustomEvent("guiche:gone", { bubbles: true }));
    if (region.dataset.ifGone) location.assign(region.dataset.ifGone);
    else region.replaceChildren();
  }

  function regions() {
    return Array.from(document.querySelectorAll("[data-region]"));
  }

  // ── The socket ─────────────────────────────────────────────────────────────────────────────
  const dot = byId("live-dot");
  let lostAt = null;

  function showState(state) {
    if (!dot) return;
    const words = document.body.dataset;
    if (state === "live") lostAt = null;
    else lostAt ??= new Date();
    const time = lostAt?.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    const texts = { live: words.liveOn, waiting: words.liveSince, offline: words.liveOff };
    dot.dataset.state = state;
    const text = (texts[state] || "").replace("{time}", time || "");
    // Written anew it would be said anew, every twenty seconds.
    if (dot.firstElementChild.textContent !== text) dot.firstElementChild.textContent = text;
  }

  const socket = me && window.io
    ? io({ transports: ["websocket"], reconnectionDelay: 300, reconnectionDelayMax: 5000, randomizationFactor: 0.5 })
    : null;

  function sync() {
    if (!socket?.connected) return;
    const shown = {};
    for (const region of regions()) shown[region.dataset.region] = versionOf(region);
    const payload = { regions: shown, visible: !document.hidden };
    socket.timeout(8000).emit("sync", payload, (error, answer) => {
      if (error) return;
      showState("live");
      for (const name of answer.stale) {
        const region = document.querySelector(`[data-region="${name}"]`);
        if (region) ask(region);
      }
    });
  }

  if (socket) {
    socket.on("connect", () => {
      sync();
      document.dispatchEvent(new CustomEvent("guiche:connected"));
    });
    socket.on("disconnect", (reason) => {
      showState(navigator.onLine ? "waiting" : "offline");
      // The server cut us on purpose: ask it who we are. Still allowed: it lets us in again.
      if (reason === "io server disconnect") setTimeout(() => socket.connect(), 200);
    });
    socket.on("connect_error", async (error) => {
      showState(navigator.onLine ? "waiting" : "offline");
      if (!socket.active && error) {
        const answer = await fetch("/conta/sessao", { redirect: "manual" }).catch(() => null);
        if (answer && (answer.type === "opaqueredirect" || answer.status === 401)) location.reload();
        else setTimeout(() => socket.connect(), 2000);
      }
    });
    socket.on("live", (message) => apply(message.html));
    // "kind:*" speaks of every region of a kind, whatever part of it a page shows.
    socket.on("touch", (message) => {
      for (const name of message.regions) {
        const match = name.endsWith(":*") ? `[data-region^="${name.slice(0, -1)}"]` : `[data-region="${name}"]`;
        document.querySelectorAll(match).forEach(ask);
      }
    });
    socket.on("say", (message) => document.dispatchEvent(new CustomEvent("guiche:say", { detail: message })));
    const tick = () => setTimeout(() => { sync(); tick(); }, SYNC_EVERY * (0.8 + Math.random() * 0.4));
    tick();
    document.addEventListener("visibilitychange", sync);
    addEventListener("online", () => socket.connect());
    addEventListener("offline", () => showState("offline"));
  }

  // ── What only this viewer sees, and times that stay true ───────────────────────────────────
  function settle() {
    for (const element of document.querySelectorAll("[data-show-to]"))
      element.hidden = !element.dataset.showTo.split(" ").includes(me);
    for (const element of document.querySelectorAll("[data-hide-from]"))
      element.hidden = element.dataset.hideFrom.split(" ").includes(me);
    document.querySelectorAll("[data-list]").forEach(showEmpty);
    freshenTimes();
    document.dispatchEvent(new CustomEvent("guiche:settled"));
  }

  function freshenTimes() {
    const words = document.body.dataset;
    for (const element of document.querySelectorAll("time[data-ago]")) {
      const minutes = Math.floor((Date.now() - new Date(element.dateTime)) / 60000);
      if (minutes < 1) element.textContent = words.agoNow;
      else if (minutes < 60) element.textContent = words.agoMinutes.replace("{n}", minutes);
      else if (element.dataset.later) element.textContent = element.dataset.later;
    }
    for (const element of document.querySelectorAll("time[data-waiting]")) {
      const minutes = (Date.now() - new Date(element.dateTime)) / 60000;
      element.dataset.waiting = minutes >= 15 ? "late" : minutes >= 5 ? "long" : "short";
      element.textContent = minutes < 60 ? `${Math.max(0, Math.floor(minutes))} min`
        : minutes < 1440 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
    }
  }
  setInterval(freshenTimes, 20000);

  // ── Toasts ─────────────────────────────────────────────────────────────────────────────────
  const toasts = byId("toasts");
  new MutationObserver((changes) => {
    for (const change of changes)
      for (const added of change.addedNodes)
        if (added.nodeType === 1 && !("stays" in added.dataset)) setTimeout(() => added.remove(), 8000);
  }).observe(toasts, { childList: true });

  function toast(message) {
    const note = document.createElement("div");
    note.className = "toast-note";
    note.textContent = message;
    toasts.append(note);
  }

  document.addEventListener("htmx:after:swap", settle);
  document.addEventListener("DOMContentLoaded", settle);
  settle();

  // What the desk's own script may use.
  window.guiche = { socket, apply, ask, toast, upsert, sync, swap, process: (element) => htmx.process(element), me };
})();
