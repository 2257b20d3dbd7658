// Deadlines keep time by themselves: how much is left, near its end, or by how much it was missed.
(() => {
  "use strict";
  const words = document.body.dataset;

  // What is left is rounded up, what is over down: at its beginning it is whole.
  function span(left) {
    const minutes = left > 0 ? Math.ceil(left / 60000) : Math.floor(-left / 60000);
    if (minutes < 60) return `${Math.max(1, minutes)} min`;
    const hours = Math.floor(minutes / 60);
    if (hours < 10 && minutes % 60) return `${hours} h ${minutes % 60} min`;
    return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
  }

  function tick() {
    const now = Date.now();
    for (const chip of document.querySelectorAll("[data-deadline]")) {
      const left = new Date(chip.dataset.deadline) - now;
      const near = chip.dataset.warn && now >= new Date(chip.dataset.warn);
      const state = left <= 0 ? "late" : near ? "near" : "left";
      const sentence = { late: words.dueLate, near: words.dueNear, left: words.dueLeft }[state];
      const text = sentence.replace("{time}", span(left));
      if (chip.dataset.state !== state) {
        chip.dataset.state = state;
        for (const drawing of chip.querySelectorAll("[data-when]")) drawing.hidden = drawing.dataset.when !== state;
      }
      const place = chip.querySelector(".deadline-text");
      if (place.textContent !== text) place.textContent = text;
    }
  }

  setInterval(tick, 1000);
  document.addEventListener("guiche:settled", tick);
  tick();
})();
