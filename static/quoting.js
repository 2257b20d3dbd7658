// Answering one message: it stands above the text and leaves with it.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const boxOf = (composer) => composer?.querySelector(".composer-quote");

  function quote(composer, { id, name, text }) {
    const box = boxOf(composer);
    if (!box) return;
    box.querySelector("input[name=citada]").value = id;
    box.querySelector(".quote-name").textContent = name;
    box.querySelector(".quote-text").textContent = text;
    box.hidden = false;
  }

  function forget(composer) {
    const box = boxOf(composer);
    if (!box) return;
    box.querySelector("input[name=citada]").value = "";
    box.hidden = true;
  }

  // Whose message it is and what it says, as it stands on the screen.
  function read(message) {
    const customer = byId(`title-${byId("thread").dataset.conversation}`)?.dataset.name || "";
    const author = message.querySelector(".message-author")?.textContent.trim() || customer;
    const body = message.querySelector(".message-body, .media-label")?.textContent || "";
    return { id: message.dataset.id, name: author, text: body.replace(/\s+/g, " ").trim().slice(0, 160) };
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-quote]");
    const composer = document.querySelector(".composer");
    if (button && composer) {
      quote(composer, read(button.closest(".message")));
      composer.querySelector(".composer-text").focus();
    }
    if (event.target.closest("[data-unquote]")) {
      forget(composer);
      composer.querySelector(".composer-text").focus();
    }
  });

  document.addEventListener("keydown", (event) => {
    const composer = event.target.closest?.(".composer");
    if (event.key !== "Escape" || event.defaultPrevented || !composer || boxOf(composer).hidden) return;
    event.preventDefault();
    forget(composer);
  });

  document.addEventListener("guiche:cleared", (event) => forget(event.target));
  document.addEventListener("guiche:returned", (event) => {
    const message = event.detail.citada && byId(`message-${event.detail.citada}`);
    if (message) quote(event.target, read(message));
  });
  document.addEventListener("guiche:taken-back", (event) => {
    if (event.detail.quote) quote(event.target, event.detail.quote);
  });
})();
