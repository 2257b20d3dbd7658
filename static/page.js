// What works the same on every page: copying, and tabs that do not fit.
(() => {
  "use strict";
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copyFrom);
    await navigator.clipboard.writeText(button.dataset.copy || field?.value || "");
    guiche.toast(button.dataset.copied || "✓");
  });

  // On a phone the tabs of a page are wider than the screen: the one that is open is seen.
  document.querySelector(".nav-tabs .active")?.scrollIntoView({ block: "nearest", inline: "center" });
})();
