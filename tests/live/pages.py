"""A person's page in a real browser: what it shows, cutting its socket, and a fresh one beside it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from tests.processes import eventually

# What a page shows, without what passes by itself: the glow of what is new, relative times, what
# somebody is typing, and which folds they opened.
SHOWN = """(parts) => {
  const passing = ["is-fresh", "show", "collapsed"];
  const clean = (root) => {
    const copy = root.cloneNode(true);
    for (const element of [copy, ...copy.querySelectorAll("*")]) {
      element.classList.remove(...passing);
      if (!element.classList.length) element.removeAttribute("class");
      for (const name of ["style", "rows", "data-waiting", "data-htmx-powered", "aria-expanded"])
        element.removeAttribute(name);
      if (element.matches("time[data-ago], time.waiting, textarea")) element.textContent = "";
    }
    return copy.outerHTML.replace(/\\s+/g, " ").replaceAll(/> | </g, (text) => text.trim());
  };
  return Object.fromEntries(parts.map((part) =>
    [part, Array.from(document.querySelectorAll(part), clean).join("")]));
}"""
DESK = (
    "#inbox-tabs",
    "#conversation-list",
    ".list-empty",
    "#thread",
    ".thread-title",
    ".viewers",
    ".desk-foot",
    "#context-pane",
    "#channel-banner",
    "#my-presence",
)


class LivePage:
    """One page of one person, kept open."""

    def __init__(self, browser: Browser, web_url: str, cookie: str, path: str) -> None:
        self.context = browser.new_context(base_url=web_url, locale="pt-BR")
        self.context.add_cookies([{"name": "guiche", "value": cookie, "url": web_url}])
        self.faults: list[str] = []
        self.page = self._open()
        self.page.goto(path)
        self.path = path
        self.is_live()

    def _open(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def close(self) -> None:
        """Close it; a script error on it fails the test."""
        self.context.close()
        assert self.faults == []

    @property
    def state(self) -> str:
        """What the dot says: live, waiting, offline."""
        return self.page.locator("#live-dot").get_attribute("data-state") or ""

    def is_live(self) -> None:
        """Wait until the dot says so."""
        expect(self.page.locator("#live-dot")).to_have_attribute("data-state", "live")

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Without a network meanwhile; afterwards the page has said that it is live again."""
        self.context.set_offline(True)
        self.page.evaluate("() => guiche.socket.io.engine?.close()")
        expect(self.page.locator("#live-dot")).to_have_attribute("data-state", "offline")
        yield
        self.context.set_offline(False)
        self.is_live()

    def shown(self, *parts: str) -> dict[str, str]:
        """The HTML of these parts, cleaned of what passes."""
        found: dict[str, str] = self.page.evaluate(SHOWN, list(parts or DESK))
        return found

    def differences(self, *parts: str) -> dict[str, tuple[str, str]]:
        """What a fresh page of the same person shows otherwise: part -> (here, there)."""
        other = self._open()
        other.goto(self.page.url)
        fresh = LivePage.__new__(LivePage)
        fresh.page = other
        fresh.is_live()
        other.wait_for_load_state("networkidle") if False else None
        eventually(lambda: self.shown(*parts) == fresh.shown(*parts), 3)
        here, there = self.shown(*parts), fresh.shown(*parts)
        other.close()
        return {part: (here[part], there[part]) for part in here if here[part] != there[part]}

    def writing(self) -> str:
        """The field with the focus: its id, text and caret."""
        return json.dumps(
            self.page.evaluate(
                "() => [document.activeElement.id, document.activeElement.value,"
                " document.activeElement.selectionStart]"
            )
        )
