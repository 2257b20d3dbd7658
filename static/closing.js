// Closing with a reason by keyboard: once the menu is open, the number of a reason chooses it.
(() => {
  "use strict";
  document.addEventListener("shown.bs.dropdown", (event) => {
    if (event.target.matches("[data-close-menu]")) event.target.parentElement.querySelector(".dropdown-item")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (!/^\d$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    const chosen = document.querySelector(`.close-reasons.show [data-digit="${event.key}"]`);
    if (!chosen) return;
    event.preventDefault();
    event.stopPropagation();
    chosen.click();
  }, true);
})();
