// The list of protocols beside the one that is open: which row it is, and closing it in place.
(() => {
  "use strict";
  const sheet = document.getElementById("protocol-sheet");
  const links = () => document.querySelectorAll(".protocol-link");

  function mark() {
    for (const link of links()) {
      const open = link.pathname === location.pathname && sheet.childElementCount > 0;
      if (open) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  function close(address) {
    const opened = document.querySelector(".protocol-link[aria-current]");
    sheet.replaceChildren();
    history.pushState(null, "", address.pathname + location.search);  // the filter stays
    mark();
    opened?.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-close-sheet]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    close(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.target.matches("textarea, select, input")) return;
    sheet.querySelector("[data-close-sheet]")?.click();
  });
  for (const name of ["htmx:after:settle", "htmx:after:swap", "htmx:after:history:push"]) {
    document.addEventListener(name, mark);
  }
  mark();
})();
