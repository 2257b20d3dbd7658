// Writing now, sending later: the panel beside the text.
(() => {
  "use strict";
  const { toast } = window.guiche;
  const { send } = window.guiche.desk;
  const { current } = window.guiche.composer;

  // The company's wall clock as a Date whose UTC fields are that clock's: no zone to stumble over.
  function wallClock(zone) {
    const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(new Date());
    const part = (type) => Number(parts.find((one) => one.type === type).value);
    return new Date(Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute")));
  }

  const field = (date) => date.toISOString().slice(0, 16);
  const day = (date, days, hour) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + days, hour));

  function presets(panel) {
    const now = wallClock(panel.dataset.zone);
    const words = JSON.parse(panel.dataset.presets);
    const times = { hour: new Date(now.getTime() + 3600000) };
    if (now.getUTCHours() < 17) times.today = day(now, 0, 18);
    times.tomorrow = day(now, 1, 9);
    const toMonday = (8 - now.getUTCDay()) % 7 || 7;
    if (toMonday > 1) times.monday = day(now, toMonday, 9);
    return Object.entries(times).map(([name, time]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm";
      button.textContent = words[name];
      button.addEventListener("click", () => { panel.querySelector(".schedule-when").value = field(time); });
      return button;
    });
  }

  function open(panel, button) {
    panel.querySelector(".schedule-presets").replaceChildren(...presets(panel));
    const when = panel.querySelector(".schedule-when");
    when.min = field(wallClock(panel.dataset.zone));
    if (!when.value || when.value < when.min) when.value = field(day(wallClock(panel.dataset.zone), 1, 9));
    panel.hidden = false;
    button?.setAttribute("aria-expanded", "true");
    panel.querySelector("button").focus();
  }

  function close(composer) {
    const panel = composer.querySelector(".schedule-panel"); // only whoever may send has one
    if (panel) panel.hidden = true;
    composer.querySelector("[data-schedule]")?.setAttribute("aria-expanded", "false");
  }

  async function schedule(composer, panel) {
    const { field: text } = current();
    if (!text.value.trim()) { toast(panel.dataset.empty); return text.focus(); }
    const asked = new CustomEvent("guiche:writes", { bubbles: true, cancelable: true, detail: { later: true } });
    if (!composer.dispatchEvent(asked)) return;
    panel.dataset.key ||= Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const fields = {
      texto: text.value.trim(), quando: panel.querySelector(".schedule-when").value, chave: panel.dataset.key,
      se_responder: panel.querySelector(".schedule-if-answered").checked ? "1" : "",
      citada: composer.querySelector("input[name=citada]").value,
      respostas: composer.querySelector("input[name=respostas]").value,
    };
    const answer = await send(panel.dataset.url, "POST", fields).catch(() => null);
    if (!answer?.ok) {
      const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
      return toast(page?.querySelector("[data-toast]")?.textContent || panel.dataset.failed);
    }
    delete panel.dataset.key;
    await window.guiche.swap(document.getElementById(`scheduled-${composer.dataset.conversation}`), await answer.text(), "outerMorph");
    text.value = "";
    close(composer);
    text.dispatchEvent(new Event("input", { bubbles: true }));
    composer.dispatchEvent(new CustomEvent("guiche:cleared", { bubbles: true, detail: { kept: true } }));
    text.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-schedule]");
    const composer = event.target.closest(".composer");
    if (!composer) return;
    const panel = composer.querySelector(".schedule-panel");
    if (button) { if (panel.hidden) open(panel, button); else close(composer); }
    if (event.target.closest("[data-schedule-send]")) schedule(composer, panel);
  });
  document.addEventListener("keydown", (event) => {
    const panel = event.target.closest?.(".schedule-panel");
    if (!panel) return;
    if (event.key === "Escape") {
      event.preventDefault();
      close(panel.closest(".composer"));
      current().field.focus();
    } else if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault(); // it must not send the message now
      schedule(panel.closest(".composer"), panel);
    }
  });
  // A note is not sent anywhere: there is nothing to schedule.
  const follow = () => {
    const now = current();
    if (!now) return;
    const button = now.composer.querySelector("[data-schedule]");
    if (button) button.hidden = now.note;
    if (now.note) close(now.composer);
  };
  document.addEventListener("change", (event) => { if (event.target.name === "tipo") follow(); });
  document.addEventListener("guiche:settled", follow);
  follow();
})();
