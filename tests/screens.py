"""The socket of an open page, without the page: what it is sent, and whether it is still let in."""

import re
import threading
from types import TracebackType

import socketio

from tests.processes import eventually

VERSIONED = re.compile(r'id="([a-z-]+-\d+)"[^>]*? data-version="(\d+)"')


class Screen:
    """Connects as `cookie` (None: as nobody) inside a `with` block."""

    def __init__(self, web_url: str, cookie: str | None) -> None:
        self.web_url = web_url
        self.headers = {"Origin": web_url} | ({"Cookie": f"guiche={cookie}"} if cookie else {})
        self.fragments: list[str] = []
        self.touched: list[str] = []
        self.cut = threading.Event()
        own_origin = {"suppress_origin": True}  # ours is in the headers
        self.socket = socketio.Client(reconnection=False, websocket_extra_options=own_origin)
        self.socket.on("live", lambda message: self.fragments.append(message["html"]))
        self.socket.on("touch", lambda message: self.touched.extend(message["regions"]))
        self.socket.on("disconnect", lambda *_: self.cut.set())

    def __enter__(self) -> "Screen":
        self.socket.connect(self.web_url, headers=self.headers, transports=["websocket"])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.socket.disconnect()

    def sync(self, visible: bool = True, **regions: str) -> list[str]:
        """Say what is shown (`staff_all="7:1"` for region staff:all); what of it is stale."""
        shown = {name.replace("_", ":", 1): version for name, version in regions.items()}
        answer = self.socket.call("sync", {"regions": shown, "visible": visible}, timeout=5)
        return list(answer["stale"])

    def look(self, conversation_id: int | None) -> bool:
        """Open a conversation; whether we are let into its room."""
        answer = self.socket.call("look", {"conversation": conversation_id}, timeout=5)
        return bool(answer["ok"])

    def types(self, typing: bool = True) -> None:
        """Press a key in the conversation that is open, or stop."""
        self.socket.emit("typing", typing)

    def saw(self, *texts: str, seconds: float = 3) -> bool:
        """Whether a fragment with all these texts arrives in time."""
        return eventually(
            lambda: any(all(text in html for text in texts) for html in self.fragments), seconds
        )

    def was_touched(self, region: str, seconds: float = 3) -> bool:
        """Whether it is told in time to ask for a region again."""
        return eventually(lambda: region in self.touched, seconds)

    def forget(self) -> None:
        """Start counting anew."""
        self.fragments.clear()
        self.touched.clear()

    def heard(self) -> list[str]:
        """Everything it was sent."""
        return [*self.fragments, *self.touched]

    def pushes_of(self, element: str) -> list[int]:
        """The versions in which an element (`message-7`) was pushed, in the order they came."""
        return [
            int(version)
            for html in self.fragments
            for name, version in VERSIONED.findall(html)
            if name == element
        ]
