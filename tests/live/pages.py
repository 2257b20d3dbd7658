"""A person's page in a real browser: what it shows, its socket cut, a fresh one beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser import PATIENCE_MS
from tests.processes import eventually

# What a page shows, without what passes by itself: the glow of what is new, relative times, what
# somebody is typing, and what they folded.
SHOWN = """(parts) => {
  const clean = (root) => {
    const copy = root.cloneNode(true);
    copy.querySelectorAll(".collapse:not(.show)").forEach((folded) => folded.replaceChildren());
    for (const element of [copy, ...copy.querySelectorAll("*")]) {
      element.classList.remove("is-fresh", "show", "collapsed", "writes-note");
      if (!element.classList.length) element.removeAttribute("class");
      for (const name of ["style", "rows", "data-waiting", "data-htmx-powered", "aria-expanded",
                          "tabindex"])  // where the one stop of a list is, each page says
        element.removeAttribute(name);
      if (element.matches(".composer *"))
        for (const name of ["checked", "placeholder"]) element.removeAttribute(name);
      if (element.matches("[data-completes='@'], [data-schedule]"))
        element.removeAttribute("hidden");  // follows what is being written: a reply or a note
      if (element.matches(".composer-count")) element.replaceWith();
      if (element.matches("h2, .count, .thread-marks"))
        element.removeAttribute("data-version");
      if (element.matches("time[data-ago], time.waiting, textarea")) element.textContent = "";
      // What came later stands behind: the order of attributes says nothing.
      const attributes = Array.from(element.attributes, (one) => [one.name, one.value]).sort();
      for (const [name] of attributes) element.removeAttribute(name);
      for (const [name, value] of attributes) element.setAttribute(name, value);
    }
    return copy.outerHTML.replace(/\\s+/g, " ").replaceAll(/> | </g, (text) => text.trim());
  };
  return Object.fromEntries(parts.map((part) =>
    [part, Array.from(document.querySelectorAll(part), clean).join("")]));
}"""
FOCUS = "() => { const at = document.activeElement; return [at.id, at.value, at.selectionStart]; }"
DESK = (
    "#inbox-tabs",
    "#conversation-list",
    ".list-empty",
    "#thread",
    ".thread-title",
    ".viewers",
    ".scheduled-bar",
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
        self.page = self._opened(path)

    def _opened(self, path: str) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto(path)
        expect(dot(page)).to_have_attribute("data-state", "live")
        return page

    def close(self) -> None:
        """Close it; a script error on it fails the test."""
        self.context.close()
        assert self.faults == [], self.faults

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Without a network meanwhile; afterwards the page has said that it is live again."""
        self.context.set_offline(True)
        self.page.evaluate("() => guiche.socket.io.engine?.close()")
        expect(dot(self.page)).to_have_attribute("data-state", "offline")
        yield
        self.context.set_offline(False)
        expect(dot(self.page)).to_have_attribute("data-state", "live")

    def syncs(self) -> None:
        """Compare with the server now, as the page does every twenty seconds."""
        self.page.evaluate("() => guiche.sync()")

    def differences(self, *parts: str) -> dict[str, str]:
        """Where a fresh page of the same person shows something else: part -> how they part.

        Waits a moment for what is still on its way to either.
        """
        wanted = list(parts or DESK)
        fresh = self._opened(self.page.url)
        eventually(lambda: _shown(self.page, wanted) == _shown(fresh, wanted), 3)
        here, there = _shown(self.page, wanted), _shown(fresh, wanted)
        fresh.close()
        return {
            part: _apart(here[part], there[part]) for part in wanted if here[part] != there[part]
        }

    def focus(self) -> list[Any]:
        """Where the focus is: the element's id, its text, and the caret."""
        found: list[Any] = self.page.evaluate(FOCUS)
        return found


def dot(page: Page) -> Any:
    """What says whether the page is live."""
    return page.locator("#live-dot")


def _shown(page: Page, parts: list[str]) -> dict[str, str]:
    found: dict[str, str] = page.evaluate(SHOWN, parts)
    return found


def _apart(here: str, there: str) -> str:
    differing = (at for at, pair in enumerate(zip(here, there, strict=False)) if pair[0] != pair[1])
    at = next(differing, min(len(here), len(there)))
    around = slice(max(at - 80, 0), at + 120)
    return f"here: …{here[around]}…  fresh: …{there[around]}…"
