// Ready texts by "/": found by shortcut, title or text, filled with what is known of the conversation.
(() => {
  "use strict";
  const { completion, composer } = window.guiche;
  const byId = (id) => document.getElementById(id);
  const OPEN = /\{\{\s*([^{}]{1,60}?)\s*\}\}/g;
  const MOST = 8;

  // ── What is known where it is written ──────────────────────────────────────────────────────
  function values() {
    const words = byId("quick-reply-words").dataset;
    const title = byId(`title-${byId("thread")?.dataset.conversation}`);
    const now = new Date();
    const local = (options) => new Intl.DateTimeFormat("pt-BR", { timeZone: words.zone, ...options }).format(now);
    const hour = Number(local({ hour: "2-digit", hourCycle: "h23" }));
    const greetings = JSON.parse(words.greetings);
    return {
      nome: title?.dataset.name,
      primeiro_nome: title?.dataset.name?.split(/\s+/)[0],
      canal: title?.querySelector(".thread-channel")?.textContent,
      atendente: words.attendant,
      empresa: words.company,
      saudacao: greetings[hour >= 5 && hour < 12 ? 0 : hour >= 12 && hour < 18 ? 1 : 2],
      data: local({ dateStyle: "short" }).replace(/(\d\d)\/(\d\d)\/(\d\d)$/, "$1/$2/20$3"),
      hora: local({ hour: "2-digit", minute: "2-digit" }),
      protocolo: byId("thread")?.dataset.protocol,
    };
  }

  // Written with a capital it begins a sentence: {{Saudacao}}.
  function fill(body, known = values()) {
    return body.replace(OPEN, (whole, name) => {
      const value = known[completion.plain(name)];
      if (!value) return whole;
      return name[0] !== name[0].toLowerCase() ? value[0].toUpperCase() + value.slice(1) : value;
    });
  }

  // ── The list ───────────────────────────────────────────────────────────────────────────────
  const all = () => Array.from(byId("quick-reply-options")?.children || [], (row) => ({
    id: row.dataset.option, title: row.dataset.title, shortcut: row.dataset.shortcut, body: row.textContent, uses: Number(row.dataset.uses),
  }));

  // The shortcut's beginning first, then titles, then texts; among equals what is used most.
  function rank(reply, query) {
    if (reply.shortcut.startsWith(query)) return reply.shortcut === query ? 0 : 1;
    const title = completion.plain(reply.title);
    if (title.startsWith(query) || title.includes(` ${query}`)) return 2;
    if (reply.shortcut.includes(query) || title.includes(query)) return 3;
    return completion.plain(reply.body).includes(query) ? 4 : 9;
  }

  function find(query) {
    const known = values();
    return all().map((reply) => ({ reply, at: rank(reply, query) })).filter(({ at }) => at < 9)
      .sort((one, other) => one.at - other.at || other.reply.uses - one.reply.uses || one.reply.title.localeCompare(other.reply.title))
      .slice(0, MOST)
      .map(({ reply }) => ({ ...reply, hint: `/${reply.shortcut}`, detail: fill(reply.body, known) }));
  }

  function choose(item, field, from, to) {
    composer.insert(field, item.detail, from, to);
    const used = field.closest(".composer").querySelector("input[name=respostas]");
    used.value = [...new Set([...used.value.split(",").filter(Boolean), item.id])].join(",");
    showBlanks(field, true);
  }

  const words = byId("quick-reply-options") && byId("quick-reply-words").dataset;
  if (words) completion.register({ sign: "/", works: () => true, find, choose, words: { label: words.label, none: words.none } });

  // ── What is still open must be filled before it leaves ─────────────────────────────────────
  const blanksOf = (text) => [...new Set(Array.from(text.matchAll(OPEN), (found) => found[0]))];

  function select(field, blank) {
    const at = field.value.indexOf(blank);
    field.focus();
    if (at >= 0) field.setSelectionRange(at, at + blank.length);
  }

  function showBlanks(field, jump = false) {
    const bar = field.closest(".composer").querySelector(".composer-blanks");
    const blanks = blanksOf(field.value);
    bar.hidden = !blanks.length;
    bar.querySelector(".blank-buttons").replaceChildren(...blanks.map((blank) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm";
      button.textContent = blank;
      button.addEventListener("click", () => select(field, blank));
      return button;
    }));
    if (jump && blanks.length) select(field, blanks[0]);
  }

  const usedOf = (form) => form.querySelector("input[name=respostas]");
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.classList?.contains("composer-text")) return;
    if (!field.value) usedOf(field.form).value = "";
    showBlanks(field);
  });
  document.addEventListener("guiche:cleared", (event) => {
    usedOf(event.target).value = "";
    showBlanks(event.target.querySelector(".composer-text"));
  });
  document.addEventListener("guiche:returned", (event) => { usedOf(event.target).value = event.detail.respostas || ""; });
  document.addEventListener("guiche:writes", (event) => {
    const field = event.target.querySelector(".composer-text");
    const [first] = blanksOf(field.value);
    if (!first) return;
    event.preventDefault();
    showBlanks(field);
    select(field, first);
  });
  // Tab goes from one gap to the next.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Tab" || event.shiftKey || !field.classList?.contains("composer-text")) return;
    const rest = blanksOf(field.value.slice(field.selectionEnd));
    if (!rest.length) return;
    event.preventDefault();
    const at = field.value.indexOf(rest[0], field.selectionEnd);
    field.setSelectionRange(at, at + rest[0].length);
  });
})();
