// The home page asks for its numbers again when a row that they count came, changed or left.
(() => {
  "use strict";
  const region = (kind) => document.querySelector(`[data-region^="${kind}:"]`);
  const asks = (kind, patience) => { const found = region(kind); if (found) guiche.ask(found, patience); };

  document.addEventListener("guiche:row", (event) => {
    const row = event.detail.row;
    const lists = (row.dataset.in || "").split(" ");
    const counted = lists.includes("unassigned") || lists.includes(`mine-${guiche.me.replace("user-", "")}`);
    if (counted || document.getElementById(row.id)) asks("home-tiles", 800);
    asks("home-people", 3000);
    asks("home-day", 6000);
  });
  // Channels, receipts and schedules announce themselves by touching regions of their own pages.
  guiche.socket?.on("touch", () => asks("home-tiles", 1500));
})();
