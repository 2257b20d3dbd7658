// Taking back what I have just sent: a ring that runs out, "Desfazer", and the text again.
(() => {
  "use strict";
  const { apply, toast } = window.guiche;
  const { send } = window.guiche.desk;
  const { current, keep } = window.guiche.composer;

  function run(button) {
    if (button.dataset.runs || button.hidden) return;
    button.dataset.runs = "1";
    const until = performance.now() + Number(button.dataset.seconds) * 1000;
    button.querySelector(".undo-left").style.animationDuration = `${button.dataset.seconds}s`;
    const tick = () => {
      const left = Math.ceil((until - performance.now()) / 1000);
      if (left <= 0) return button.remove();
      button.querySelector(".undo-count").textContent = `${left} s`;
      if (button.isConnected) setTimeout(tick, 250);
    };
    tick();
  }

  async function takeBack(button) {
    button.disabled = true;
    const answer = await send(button.dataset.undo, "DELETE", {}).catch(() => null);
    if (!answer?.ok) {
      button.disabled = false;
      const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
      return toast(page?.querySelector("[data-toast]")?.textContent || document.querySelector(".composer")?.dataset.failedUndo);
    }
    const { text, quote, html, files } = await answer.json();
    apply(html);
    giveBack(text, quote, files);
  }

  // What was begun meanwhile stays, below what came back.
  function giveBack(text, quote, files) {
    const open = current();
    if (!open) return;
    const reply = open.composer.querySelector("input[name=tipo][value='']");
    if (!reply) { // closed or another's meanwhile: only a note could be written now
      keep(open.composer, text);
      return toast(open.composer.dataset.keptUndo);
    }
    reply.checked = true;
    const { field } = open;
    field.value = field.value ? `${text}\n${field.value}` : text;
    field.focus();
    field.setSelectionRange(text.length, text.length);
    open.composer.dispatchEvent(new CustomEvent("guiche:taken-back", { bubbles: true, detail: { quote, files } }));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("guiche:settled", () => document.querySelectorAll(".undo-send").forEach(run));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-undo]");
    if (button) takeBack(button);
  });
  // Ctrl+Z with nothing written means the message that is just leaving.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    const button = Array.from(document.querySelectorAll(".undo-send:not([hidden])")).pop();
    if (!button || !event.target.matches?.(".composer-text") || event.target.value) return;
    event.preventDefault();
    takeBack(button);
  });
})();
