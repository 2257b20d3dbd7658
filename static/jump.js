// From a reply to the message it answers, however far above it stands.
(() => {
  "use strict";
  const MOST_PAGES = 40;
  const byId = (id) => document.getElementById(id);

  // Older pages come one by one, each waited for until it is in and the thread has kept its place.
  function older() {
    const button = document.querySelector("#thread-start button");
    if (!button) return Promise.resolve(false);
    return new Promise((done) => {
      const swapped = () => { if (!button.isConnected) requestAnimationFrame(() => finish(true)); };
      const limit = setTimeout(() => finish(false), 8000);
      const finish = (came) => {
        document.removeEventListener("htmx:after:swap", swapped);
        clearTimeout(limit);
        done(came);
      };
      document.addEventListener("htmx:after:swap", swapped);
      if ("asked" in button.dataset) return;
      button.dataset.asked = "";
      button.click();
    });
  }

  async function jump(id) {
    const list = byId("thread");
    for (let page = 0; page < MOST_PAGES && !byId(id); page += 1)
      if (!(await older()) || byId("thread") !== list) break;
    const message = byId(id);
    if (!message) return false;
    window.guiche.desk.leave(); // or the thread, which just grew, would go back to its newest message
    message.scrollIntoView({ block: "center" });
    message.classList.add("is-quoted");
    message.tabIndex = -1;
    message.focus({ preventScroll: true });
    setTimeout(() => message.classList.remove("is-quoted"), 2000);
    return true;
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-show-quoted]");
    if (!link) return;
    event.preventDefault();
    if (!(await jump(link.getAttribute("href").slice(1))) && link.dataset.lost) window.guiche.toast(link.dataset.lost);
  });
})();
