// A worker: its clock keeps time while the page is in the background, where the page's own does not.
setInterval(() => postMessage(0), 1000);
