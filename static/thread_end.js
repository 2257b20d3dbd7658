// A thread opened at one of its older messages: that one in the middle, newer ones on demand.
(() => {
  "use strict";
  const { ask, swap } = window.guiche;
  const { thread, hasMore, caughtUp, toBottom } = window.guiche.desk;
  const byId = (id) => document.getElementById(id);

  // Once: what is opened later, or swapped in, carries a mark of its own.
  function centre() {
    const list = thread();
    const message = list?.dataset.mark && byId(`message-${list.dataset.mark}`);
    if (!message) return;
    delete list.dataset.mark;
    const pane = byId("thread-scroll");
    const middle = message.getBoundingClientRect();
    pane.scrollTop += middle.top - pane.getBoundingClientRect().top - (pane.clientHeight - middle.height) / 2;
    message.classList.add("is-found");
    message.tabIndex = -1;
    message.focus({ preventScroll: true });
    setTimeout(() => message.classList.remove("is-found"), 2000);
  }

  // What was said while older messages were shown did not enter the thread: ask for all since.
  function repair(version) {
    const list = thread();
    list.dataset.version = Math.min(Number(list.dataset.version), Number(version));
    ask(list);
  }

  document.addEventListener("htmx:after:swap", () => {
    const end = byId("thread-end");
    if (!end || !hasMore() || end.querySelector("button")) return;
    delete thread().dataset.more;
    caughtUp();
    if (end.dataset.since) repair(end.dataset.since);
    delete end.dataset.since; // it tells when the last page was read, and nothing afterwards
  });

  let going = false;
  document.addEventListener("guiche:to-end", async () => {
    const list = thread();
    if (going || !list) return;
    going = true;
    try {
      const answer = await fetch(list.dataset.endSrc, { headers: { "HX-Request": "true" } });
      if (!answer.ok) return;
      const html = await answer.text();
      if (thread() !== list) return;
      const pending = Array.from(list.querySelectorAll(":scope > .is-pending"));
      await swap(list, html, "outerHTML");
      thread().append(...pending);
      history.replaceState(history.state, "", location.pathname);
      toBottom();
      repair(thread().dataset.version);
    } catch {
      // offline: the pill stays and can be pressed again
    } finally {
      going = false;
    }
  });

  document.addEventListener("guiche:settled", centre);
  centre();
})();
