// Somebody else answered while I was writing: say so, and ask once before mine leaves too.
(() => {
  "use strict";
  const { me } = window.guiche;
  const { current } = window.guiche.composer;
  const ASK_WITHIN = 15000;
  let known = { conversation: null, newest: "" };
  let other = null; // { name, at, message }

  const newestOf = (rows) => rows.length ? rows[rows.length - 1].dataset.key : "";
  const bar = () => document.querySelector(".composer-warning");

  function show(text, asks) {
    const box = bar();
    box.querySelector(".warning-text").textContent = text.replace("{name}", other.name);
    box.querySelector("[data-warning-send]").hidden = !asks;
    box.classList.toggle("is-asking", asks);
    box.hidden = false;
  }

  function hide() {
    other = null;
    if (bar()) bar().hidden = true;
  }

  // What came since the last look and is not mine: another person's, the bot's, the phone's.
  function look() {
    const thread = document.getElementById("thread");
    const rows = Array.from(thread?.querySelectorAll(":scope > .message[data-key]") || []);
    const conversation = thread?.dataset.conversation || null;
    if (conversation !== known.conversation) {
      known = { conversation, newest: newestOf(rows) };
      return hide();
    }
    const mine = `out-user-${me?.replace("user-", "")}`;
    const news = rows.filter((row) => row.dataset.key > known.newest && row.matches(".is-out") && row.dataset.author !== mine);
    known.newest = newestOf(rows) > known.newest ? newestOf(rows) : known.newest;
    const now = current();
    if (!news.length || !now || now.note || !now.field.value.trim()) return;
    const message = news.pop();
    const name = message.matches(".by-phone") ? bar().dataset.phone : message.querySelector(".message-author")?.textContent.trim();
    other = { name: name || "", at: Date.now(), message: message.id, asked: false };
    show(bar().dataset.says, false);
  }

  document.addEventListener("guiche:settled", look);
  document.addEventListener("guiche:cleared", hide);
  document.addEventListener("guiche:writes", (event) => {
    const recent = other && !other.asked && Date.now() - other.at < ASK_WITHIN;
    if (!recent || event.defaultPrevented || event.detail.later || current().note) return;
    event.preventDefault();
    other.asked = true; // once: Enter again sends
    show(bar().dataset.asks, true);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-warning-look]")) document.getElementById(other?.message)?.scrollIntoView({ block: "center" });
    if (event.target.closest("[data-warning-close]")) { hide(); current().field.focus(); }
    if (event.target.closest("[data-warning-send]")) current().composer.requestSubmit();
  });
  look();
})();
