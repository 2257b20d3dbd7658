// What I write: the composer, its draft, the optimistic row, and texts that could not leave.
(() => {
  "use strict";
  const { socket, apply, toast } = window.guiche;
  const { thread, shownId, send, toBottom, hold } = window.guiche.desk;
  const byId = (id) => document.getElementById(id);

  // What other scripts add to a text stands in hidden fields: the quoted message, and so on.
  const extrasOf = (composer) => Object.fromEntries(
    Array.from(composer.querySelectorAll("input[type=hidden][name]"), (input) => [input.name, input.value]));

  const say = (name, composer, detail = {}) =>
    composer.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }));

  // ── The composer ───────────────────────────────────────────────────────────────────────────
  const composerOf = (element) => element?.closest?.(".composer");
  const isNote = (composer) => composer.querySelector("input[name=tipo]:checked")?.value === "nota";

  // As high as its text, up to eight lines; says how much is left when little is.
  function growComposer(text) {
    if (!text) return;
    const composer = composerOf(text);
    composer.classList.toggle("writes-note", isNote(composer));
    text.placeholder = isNote(composer) ? text.dataset.note : text.dataset.reply;
    text.lang = isNote(composer) ? "pt-BR" : text.dataset.lang; // the browser spells in it
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, 188)}px`;
    hold(); // measuring made it small for a moment, and the thread above tall
    const most = Number(text.dataset.most);
    const count = composer.querySelector(".composer-count");
    count.hidden = text.value.length < most - 300;
    count.textContent = `${text.value.length.toLocaleString("pt-BR")} / ${most.toLocaleString("pt-BR")}`;
    count.classList.toggle("is-over", text.value.length > most);
  }

  // ── Whose turn it is to write ──────────────────────────────────────────────────────────────
  let known = { id: null, mine: false };
  let acted = false;
  let byKeyboard = false;

  // Replies that wait until their conversation is mine again: here, and as a draft on the server.
  const kept = new Map();

  function keep(composer, text) {
    const id = Number(composer.dataset.conversation);
    kept.set(id, [text, kept.get(id)].filter(Boolean).join("\n"));
    send(composer.dataset.draft, "PUT", { texto: kept.get(id), nota: "" }).catch(() => {});
  }

  // What I had begun to write to the customer must not turn into a note when it is taken from me.
  function followOwner() {
    const composer = document.querySelector(".composer");
    const field = composer?.querySelector(".composer-text");
    const now = { id: shownId(), mine: composer?.dataset.mine === "1" };
    const opened = now.id !== known.id;
    // A note that is half written must not turn into a message to the customer when it becomes mine.
    if (!opened && known.note && known.text && field?.value && !isNote(composer))
      composer.querySelector("input[name=tipo][value=nota]").checked = true;
    if (!opened && known.mine && !now.mine && field?.value && !known.note) {
      forgetDraftTimer();
      keep(composer, field.value);
      field.value = "";
      say("guiche:cleared", composer, { kept: true });
    }
    // Mine again: what was kept comes back, as the reply it was.
    if (!opened && !known.mine && now.mine && field) {
      const reply = kept.get(now.id);
      if (!field.value) field.value = reply || field.defaultValue;
      if (reply && field.value === reply) composer.querySelector("input[name=tipo][value='']").checked = true;
      kept.delete(now.id);
    }
    if (!opened && now.mine !== known.mine && acted) focusWork();
    if (opened && byKeyboard) focusWork();
    if (opened || now.mine !== known.mine) acted = byKeyboard = false;
    known = { ...now, note: composer ? isNote(composer) : false, text: field?.value || "" };
    growComposer(field);
  }

  function focusWork() {
    const foot = document.querySelector(".desk-foot");
    (foot?.querySelector(".take-button") || foot?.querySelector(".composer-text"))?.focus();
  }

  document.addEventListener("guiche:settled", followOwner);
  document.addEventListener("htmx:before:request", (event) => {
    if (event.target.closest?.(".desk-foot")) acted = true;
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest(".row-link")) byKeyboard = event.detail === 0;
  });
  document.addEventListener("shown.bs.collapse", (event) => event.target.querySelector("select, textarea, input:not([type=hidden])")?.focus());
  document.addEventListener("change", (event) => {
    if (event.target.name !== "tipo") return;
    known.note = isNote(composerOf(event.target));
    const field = composerOf(event.target).querySelector(".composer-text");
    growComposer(field);
    field.focus();
  });
  setInterval(() => { if (shownId() && Date.now() - typingAt > 6000) socket?.emit("typing", false); }, 15000);

  let unsent = null;
  let draftTimer = null;
  let draftRequest = null;
  let typingTimer = null;
  let typingAt = 0;
  document.addEventListener("input", (event) => {
    const composer = composerOf(event.target);
    if (!composer) return;
    known.note = isNote(composer);
    known.text = composer.querySelector(".composer-text").value;
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

  function forgetDraftTimer() {
    clearTimeout(draftTimer);
    draftTimer = null;
  }

  function saveDraft(composer) {
    const text = composer.querySelector(".composer-text").value;
    const fields = { texto: text, nota: isNote(composer) ? "1" : "", ...extrasOf(composer) };
    draftRequest = new AbortController();
    // Kept alive: the page may be leaving.
    send(composer.dataset.draft, "PUT", fields, { keepalive: true, signal: draftRequest.signal }).catch(() => {});
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
    const files = composer.querySelector("input[name=anexos]").value;
    if ((!text && !files) || text.length > Number(field.dataset.most)) return;
    if (!say("guiche:writes", composer)) return; // another script asks something first
    const message = { texto: text, nota: isNote(composer) ? "1" : "", ...extrasOf(composer) };
    const again = unsent && ["texto", "nota", "anexos"].every((name) => unsent[name] === message[name]);
    message.arquivos = composer.querySelector(".file-tray").dataset.names || "";
    message.chave = again ? unsent.chave : newKey();
    unsent = null;
    draftRequest?.abort(); // or it could land after the message and bring its text back
    field.value = "";
    forgetDraftTimer();
    growComposer(field);
    socket?.emit("typing", false);
    deliver(composer, message, showPending(composer, message));
    say("guiche:cleared", composer);
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
    body.textContent = [message.arquivos, message.texto].filter(Boolean).join("\n");
    bubble.append(body);
    row.append(author, bubble);
    thread().append(row);
    toBottom();
    return row;
  }

  async function deliver(composer, message, row) {
    const { action, draft, failed, conversation } = composer.dataset;
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
    row.remove();
    document.dispatchEvent(new CustomEvent("guiche:unsent", { detail: { ...message, conversation } }));
    await giveBack(action, draft, message);
    const parsed = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    toast(parsed?.querySelector("[data-toast]")?.textContent || failed);
  }

  // The text goes back to the conversation it was written in, which may not be the one shown now;
  // unchanged, it is sent again under its old key, should it have arrived after all.
  async function giveBack(action, draft, message) {
    const shown = document.querySelector(`.composer[data-action="${action}"]`);
    const field = shown?.querySelector(".composer-text");
    if (field && !field.value) {
      field.value = message.texto;
      unsent = message;
      say("guiche:returned", shown, message);
      growComposer(field);
    }
    await send(draft, "PUT", message).catch(() => {});
  }

  // For scripts that write into the text: at the caret, or before what is there already.
  function insert(field, text, from = field.selectionStart, to = field.selectionEnd) {
    field.focus();
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function current() {
    const composer = document.querySelector(".composer");
    return composer && { composer, field: composer.querySelector(".composer-text"), note: isNote(composer) };
  }

  Object.assign(window.guiche, { composer: { current, insert, isNote, keep } });
  followOwner();
})();
