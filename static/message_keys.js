// The buttons beside the messages are one stop for Tab, not one each: the arrows walk through them.
(() => {
  "use strict";
  const TOOL = ".quote-button, .message-tools button";
  const seen = (element) => !element.hidden && element.getClientRects().length > 0;
  const toolsOf = (message) => Array.from(message.querySelectorAll(TOOL)).filter(seen);
  const messages = () => Array.from(document.querySelectorAll("#thread > .message")).filter((one) => one.querySelector(TOOL));
  let stood = null; // the id of the message whose buttons Tab stops at

  function rove() {
    const all = messages();
    const stop = all.find((one) => one.id === stood) || all.at(-1);
    for (const message of all)
      message.querySelectorAll(TOOL).forEach((tool, at) => {
        const index = message === stop && at === 0 ? 0 : -1;
        if (tool.tabIndex !== index) tool.tabIndex = index;
      });
  }

  document.addEventListener("focusin", (event) => {
    const message = event.target.closest?.("#thread > .message");
    if (!message || message.id === stood || !event.target.matches(TOOL)) return;
    stood = message.id;
    rove();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !event.target.matches?.(TOOL)) return;
    const message = event.target.closest("#thread > .message");
    if (!message) return;
    const all = messages().filter((one) => toolsOf(one).length);
    const [row, tools] = [all.indexOf(message), toolsOf(message)];
    const column = tools.indexOf(event.target);
    const ways = { ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1], Home: [0, column], End: [all.length - 1, column] };
    if (!(event.key in ways)) return;
    const [to, at] = ways[event.key];
    const next = all[to] && toolsOf(all[to]);
    event.preventDefault();
    next?.[Math.min(Math.max(at, 0), next.length - 1)]?.focus();
  });

  document.addEventListener("guiche:settled", () => { if (!messages().some((one) => one.id === stood)) stood = null; rove(); });
  rove();
})();
