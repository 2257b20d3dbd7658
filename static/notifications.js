// What concerns me: the bell's number, the tab's title and icon, sounds and notices of the desktop.
//
// What customers write and what waits without an owner is read off the rows that every page is
// pushed; all else comes with the region of the bell, which also repairs what was missed.
(() => {
  "use strict";
  const { socket, ask, sounds } = window.guiche;
  const byId = (id) => document.getElementById(id);
  const bell = byId("bell");
  if (!bell) return;
  const me = window.guiche.me;
  const SETTLE = 700; // ms: what is read or taken within this was no news
  const say = (name, values) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), bell.dataset[name]);

  // ── What there is ──────────────────────────────────────────────────────────────────────────
  let known = false;
  let wishes = { version: "0", kinds: {}, volume: 60, repeat: 30, quiet: null, disturbAfter: null };
  let notices = new Map(); // id → {version, kind, conversation, href, text}
  let wrote = new Map(); // conversation → {count, name}
  let unclaimed = new Map(); // conversation → {ownerVersion, name}
  let silenced = new Map(); // conversation → owner's version that I want to hear no more of
  const seen = new Map(); // conversation → version of the last row

  const MOST = 100; // as many are told apart, here and by the server
  const pairs = (map, part) => map.size >= MOST ? "+" : Array.from(map, ([id, one]) => [id, part(one)])
    .sort((a, b) => a[0] - b[0]).map((pair) => pair.join(".")).join(",");
  const version = () => [wishes.version, pairs(notices, (one) => one.version),
    pairs(wrote, (one) => one.count), pairs(unclaimed, (one) => one.ownerVersion)].join("|");

  // The region was fetched: it is right whatever I counted.
  function readState() {
    const state = byId("bell-state");
    if (!state.dataset.volume || (known && state.dataset.version === version())) return;
    const before = { notices, wrote, unclaimed };
    const parts = (name) => Array.from(state.querySelectorAll(`[data-${name}]`));
    const { quietFrom, quietUntil } = state.dataset;
    wishes = {
      version: state.dataset.version.split("|")[0],
      kinds: Object.fromEntries(parts("kind-key").map((one) => [one.dataset.kindKey,
        { tone: one.dataset.tone, bell: "bell" in one.dataset, sound: "sound" in one.dataset, desktop: "desktop" in one.dataset }])),
      volume: Number(state.dataset.volume),
      repeat: Number(state.dataset.repeat),
      quiet: quietFrom && quietUntil ? [Number(quietFrom), Number(quietUntil)] : null,
      disturbAfter: state.dataset.disturbAfter ? new Date(state.dataset.disturbAfter) : null,
    };
    notices = new Map(parts("notice").map((one) => [Number(one.dataset.notice), { version: Number(one.dataset.version),
      kind: one.dataset.kind, conversation: Number(one.dataset.conversation) || null, href: one.dataset.href, text: one.textContent.trim() }]));
    wrote = new Map(parts("wrote").map((one) => [Number(one.dataset.wrote), { count: Number(one.dataset.count), name: one.textContent.trim() }]));
    unclaimed = new Map(parts("unclaimed").map((one) => [Number(one.dataset.unclaimed), { ownerVersion: Number(one.dataset.ownerVersion), name: one.textContent.trim() }]));
    silenced = new Map(parts("silenced").map((one) => [Number(one.dataset.silenced), Number(one.dataset.ownerVersion)]));
    if (known) {
      for (const [id, one] of notices) if ((before.notices.get(id)?.version || 0) < one.version) news(one.kind, `n${id}.${one.version}`, () => notices.get(id)?.version === one.version);
      for (const [id, one] of wrote) if ((before.wrote.get(id)?.count || 0) < one.count) wroteNews(id);
      for (const id of unclaimed.keys()) if (!before.unclaimed.has(id)) unclaimedNews(id);
    }
    known = true;
    show();
    lookedAt();
  }

  // A row of a list was pushed: who owns the conversation now, and what in it is unread.
  function readRow(row) {
    const id = Number(row.dataset.id);
    const at = Number(row.dataset.version);
    if (!known || !row.id.startsWith("row-") || (seen.get(id) || 0) >= at) return;
    seen.set(id, at);
    const tabs = "gone" in row.dataset ? [] : (row.dataset.in || "").split(" ");
    const name = row.dataset.name || "";
    const before = { count: wrote.get(id)?.count || 0, waits: unclaimed.has(id) };
    const unread = tabs.includes(`mine-${me.slice(5)}`) ? Number(row.dataset.news) || 0 : 0;
    if (unread) wrote.set(id, { count: unread, name });
    else wrote.delete(id);
    const ownerVersion = Number(row.dataset.ownerVersion);
    const waits = "unclaimed" in wishes.kinds && tabs.includes("unassigned") && silenced.get(id) !== ownerVersion;
    if (waits) unclaimed.set(id, { ownerVersion, name });
    else unclaimed.delete(id);
    if (unread > before.count) wroteNews(id);
    if (waits && !before.waits) unclaimedNews(id);
    if (unread !== before.count || waits !== before.waits) { show(); askPanel(); }
  }

  // ── The number, the title and the icon ─────────────────────────────────────────────────────
  const counts = (kind) => wishes.kinds[kind]?.bell;
  function total() {
    let sum = 0;
    for (const one of notices.values()) if (counts(one.kind)) sum += 1;
    if (counts("wrote")) sum += wrote.size;
    if (counts("unclaimed")) sum += unclaimed.size;
    return sum;
  }

  const title = document.title;
  let shown = -1;
  function show() {
    byId("bell-state").dataset.version = version();
    if (!unclaimed.size) closeNotice("unclaimed");
    const count = total();
    if (count === shown) return;
    shown = count;
    const mark = byId("bell-count");
    mark.hidden = count === 0;
    mark.textContent = count > 99 ? "99+" : count;
    byId("bell-button").setAttribute("aria-label", count === 0 ? bell.dataset.none : count === 1 ? bell.dataset.one : say("many", { n: count }));
    document.title = count ? `(${count > 99 ? "99+" : count}) ${title}` : title;
    drawIcon(count);
  }

  const link = document.querySelector("link[rel=icon]");
  const drawn = new Map([["", link?.href]]);
  const base = new Image();
  async function drawIcon(count) {
    const text = count === 0 ? "" : count > 9 ? "9+" : String(count);
    if (!link) return;
    if (!drawn.has(text)) {
      if (!base.src) base.src = bell.dataset.icon;
      try { await base.decode(); } catch { return; }
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 64;
      const pen = canvas.getContext("2d");
      pen.drawImage(base, 0, 0, 64, 64);
      pen.fillStyle = "#c0392b";
      pen.strokeStyle = "#ffffff";
      pen.lineWidth = 4;
      pen.beginPath();
      pen.arc(43, 21, 20, 0, 2 * Math.PI);
      pen.fill();
      pen.stroke();
      pen.fillStyle = "#ffffff";
      pen.font = `bold ${text.length > 1 ? 24 : 30}px sans-serif`;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(text, 43, 23);
      drawn.set(text, canvas.toDataURL("image/png"));
    }
    if (shown === count) link.href = drawn.get(text);
  }

  // ── Ringing ────────────────────────────────────────────────────────────────────────────────
  let coming = [];
  let timer = null;
  let lastCall = 0;

  // What is still so after a moment is news: else I was looking at it, or somebody took it.
  function news(kind, key, stillSo) {
    coming.push({ kind, key, stillSo });
    timer ??= setTimeout(ring, SETTLE);
  }
  const wroteNews = (id) => news("wrote", `w${id}.${wrote.get(id).count}`, () => wrote.has(id));
  const unclaimedNews = (id) => news("unclaimed", `u${id}.${unclaimed.get(id).ownerVersion}`, () => unclaimed.has(id));

  function ring() {
    timer = null;
    const causes = coming.filter((one) => one.stillSo());
    coming = [];
    if (!causes.length || isQuiet()) return;
    const loud = causes.filter((one) => wishes.kinds[one.kind]?.sound);
    const tone = ["alarm", "call", "tap"].find((name) => loud.some((one) => wishes.kinds[one.kind].tone === name));
    if (loud.some((one) => one.kind === "unclaimed")) lastCall = Date.now();
    if (tone) play(tone, loud.map((one) => one.key).join());
    for (const kind of new Set(causes.map((one) => one.kind)))
      if (wishes.kinds[kind]?.desktop) desktop(kind, causes.find((one) => one.kind === kind));
  }

  async function play(tone, key) {
    sounds.play(tone, wishes.volume, key);
    byId("sound-blocked").hidden = wishes.volume === 0 || !(await sounds.blocked());
  }

  function isQuiet(now = new Date()) {
    if (wishes.disturbAfter && now < wishes.disturbAfter) return true;
    if (!wishes.quiet) return false;
    const minute = now.getHours() * 60 + now.getMinutes();
    const [from, until] = wishes.quiet;
    return from < until ? minute >= from && minute < until : minute >= from || minute < until;
  }

  // Again and again while nobody has claimed what waits.
  function repeat() {
    const again = wishes.repeat > 0 && unclaimed.size && wishes.kinds.unclaimed?.sound && !isQuiet();
    if (!again) { if (!unclaimed.size) lastCall = Date.now(); return; }
    if (Date.now() - lastCall < wishes.repeat * 1000) return;
    lastCall = Date.now();
    play(wishes.kinds.unclaimed.tone, `again${Math.floor(Date.now() / 5000)}`);
  }
  new Worker(bell.dataset.ticker).addEventListener("message", repeat);
  lastCall = Date.now();

  // ── Notices of the desktop ─────────────────────────────────────────────────────────────────
  // Tabs that are looked at hold a shared lock: while one does, nothing has to pop up elsewhere.
  const SEEN = "guiche-seen";
  let letGo = null;
  function holdWhileSeen() {
    if (!navigator.locks) return;
    if (document.hidden) { letGo?.(); letGo = null; }
    else if (!letGo) navigator.locks.request(SEEN, { mode: "shared" }, () => new Promise((done) => { letGo = done; }));
  }
  document.addEventListener("visibilitychange", holdWhileSeen);
  holdWhileSeen();

  async function isSeen() {
    if (!document.hidden) return true;
    if (!navigator.locks) return false;
    return (await navigator.locks.query()).held.some((lock) => lock.name === SEEN);
  }

  const open = new Map();
  const closeNotice = (tag) => { open.get(tag)?.close(); open.delete(tag); };

  async function desktop(kind, cause) {
    if (!("Notification" in window) || Notification.permission !== "granted" || await isSeen()) return;
    const { text, href } = inWords(kind, cause);
    if (!text || !cause.stillSo()) return;
    // The same tag in several tabs is one notice.
    popUp(text, href, kind === "unclaimed" ? "unclaimed" : cause.key.split(".")[0]);
  }

  function popUp(text, href, tag) {
    const notice = new Notification(bell.dataset.company, { body: text, tag: `guiche-${tag}`, icon: bell.dataset.icon, renotify: true });
    open.set(tag, notice);
    notice.onclick = () => { window.focus(); notice.close(); if (href) go(href); };
    document.dispatchEvent(new CustomEvent("guiche:noticed", { detail: { text } }));
  }

  function inWords(kind, cause) {
    const id = Number(cause.key.slice(1).split(".")[0]);
    if (kind === "wrote") {
      const { count, name } = wrote.get(id) || {};
      return { text: count && say(count === 1 ? "wroteOne" : "wroteMany", { name, n: count }), href: `/conversas/${id}` };
    }
    if (kind === "unclaimed") {
      const one = unclaimed.size === 1 && [...unclaimed][0];
      return one ? { text: say("unclaimedOne", { name: one[1].name }), href: `/conversas/${one[0]}` }
        : { text: unclaimed.size && say("unclaimedMany", { n: unclaimed.size }), href: bell.dataset.unclaimedAt };
    }
    return notices.get(id) || {};
  }

  // ── Opening things, and what is thereby read ───────────────────────────────────────────────
  function go(href) {
    const id = href.match(/^\/conversas\/(\d+)/)?.[1];
    const row = id && document.querySelector(`#row-${id} .row-link`);
    if (row && !href.includes("#")) row.click();
    else location.assign(href);
  }

  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
  const post = (url, fields) => fetch(url, { method: "POST", keepalive: true, headers: { ...headers, "HX-Request": "true" }, body: new URLSearchParams(fields) }).catch(() => {});

  // The conversation that I look at: what the bell says of it is read.
  let told = "";
  function lookedAt() {
    const id = Number(byId("thread")?.dataset.conversation) || null;
    if (!id || document.hidden) return;
    const about = Array.from(notices).filter(([, one]) => one.conversation === id).map(([key, one]) => `${key}.${one.version}`).join();
    if (!about || about === told) return;
    told = about;
    post(bell.dataset.read, { conversa: id });
  }

  const panel = byId("bell-panel");
  const isOpen = () => panel.matches(":popover-open");

  async function fill() {
    const answer = await fetch(panel.dataset.src, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || !isOpen()) return;
    await window.guiche.swap(byId("bell-body"), await answer.text(), "innerHTML");
  }

  function askPanel() {
    const list = byId("bell-list");
    if (list) ask(list);
  }

  panel.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return byId("bell-body").replaceChildren();
    byId("bell-title").focus();
    byId("desktop-offer").hidden = !("Notification" in window) || Notification.permission !== "default";
    fill();
  });

  // More was shown at the foot: as much is asked for from now on.
  document.addEventListener("htmx:after:swap", () => {
    const list = byId("bell-list");
    if (!list) return;
    const source = new URL(list.dataset.src, location.href);
    source.searchParams.set("n", list.querySelectorAll("[data-entry]").length);
    list.dataset.src = source.pathname + source.search;
  });

  document.addEventListener("click", async (event) => {
    const entry = event.target.closest(".bell-panel .notice-link");
    if (entry && event.button === 0 && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (entry.dataset.reads) await post(bell.dataset.read, { aviso: entry.dataset.reads });
      panel.hidePopover();
      go(entry.getAttribute("href"));
    }
    if (event.target.closest("[data-unlock-sound]") && await sounds.unlock()) {
      byId("sound-blocked").hidden = true;
      sounds.test("tap", wishes.volume);
    }
    if (event.target.closest("[data-ask-desktop]")) {
      byId("desktop-offer").hidden = true;
      if (await Notification.requestPermission() === "denied") window.guiche.toast(bell.dataset.denied);
    }
    const tried = event.target.closest("[data-try]");
    if (tried) tryOut(tried);
  });

  // The test of one kind does what its ticks say, with the volume as it stands in the form.
  async function tryOut(button) {
    const form = button.form || button.closest("form");
    const ticked = (way) => form.querySelector(`[name=${way}][value=${button.dataset.try}]`).checked;
    if (ticked("sound")) sounds.test(button.dataset.tone, Number(form.elements.volume.value));
    if (!ticked("desktop")) return;
    if (!("Notification" in window)) return window.guiche.toast(bell.dataset.unsupported);
    const leave = Notification.permission === "default" ? await Notification.requestPermission() : Notification.permission;
    if (leave === "granted") popUp(`${button.dataset.says}. ${bell.dataset.test}`, null, "test");
    else window.guiche.toast(bell.dataset.denied);
  }

  document.addEventListener("guiche:unlocked", () => { byId("sound-blocked").hidden = true; });
  document.addEventListener("guiche:row", (event) => readRow(event.detail.row));
  document.addEventListener("guiche:settled", () => { readState(); lookedAt(); });
  document.addEventListener("visibilitychange", lookedAt);
  socket?.on("connect", () => seen.clear());
  readState();
})();
