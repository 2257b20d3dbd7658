"""Many people at work at once, a process of its own: a plan as JSON in, what they met as JSON out.

Each has a browser's worth of connections: one for pages and forms, one socket that listens.
"""

import json
import random
import re
import sys
import threading
import time
from typing import Any

import requests

from bench import messages
from bench.load import Plan, Result, arrivals, post_steadily
from bench.wire import Dashboard

GRACE_SECONDS = 2.0
GONE_BEFORE = 409  # somebody was faster


class Worker:
    """One member of staff and the conversations they look after."""

    def __init__(
        self, base: str, cookie: str, mine: list[int], number: int, thinking: list[float]
    ) -> None:
        self.base, self.mine = base, mine
        self.thinking = thinking  # seconds between two acts, from and to
        self.random = random.Random(number)
        self.session = requests.Session()
        name, _, value = cookie.partition("=")
        self.session.cookies.set(name, value, domain=base.split("/")[2].partition(":")[0])
        self.page_ms: list[float] = []
        self.post_ms: list[float] = []
        self.conflicts = 0
        self.errors: list[str] = []
        self._token = ""

    def work(self, deadline: float) -> None:
        """Go through the conversations over and over until the time is up."""
        time.sleep(self.random.uniform(0, self.thinking[1]))
        turn = 0
        while time.monotonic() < deadline:
            talk = self.mine[turn % len(self.mine)]
            turn += 1
            for act in (self._list, self._open, self._take, self._reply, self._note, self._close):
                if time.monotonic() >= deadline:
                    return
                try:
                    act(talk)
                except requests.RequestException as fault:
                    self.errors.append(type(fault).__name__)
                time.sleep(self.random.uniform(*self.thinking))

    def _list(self, _: int) -> None:
        text = self._get("/conversas?aba=all&ordem=newest")
        found = re.search(r'"X-CSRFToken": "([^"]+)"', text)
        self._token = found[1] if found else self._token

    def _open(self, talk: int) -> None:
        self._get(f"/conversas/{talk}", fragment=True)
        self._post(f"/conversas/{talk}/leitura")

    def _take(self, talk: int) -> None:
        self._act(talk, "posse")

    def _reply(self, talk: int) -> None:
        self._post(f"/conversas/{talk}/mensagens", texto="Bom dia! Vou verificar e já retorno.")

    def _note(self, talk: int) -> None:
        self._post(f"/conversas/{talk}/mensagens", texto="Conferido no sistema.", nota="1")

    def _close(self, talk: int) -> None:
        if self.random.random() < 0.3:
            self._act(talk, "encerramento")
        else:
            self._get(f"/conversas/{talk}/mensagens", fragment=True)

    def _act(self, talk: int, act: str) -> None:
        """What changes the owner names the version that the screen showed, if it offers the act."""
        desk = self._get(f"/conversas/{talk}/mesa", fragment=True)
        form = desk.partition(f'hx-post="/conversas/{talk}/{act}"')[2]
        version = re.search(r'name="versao" value="(\d+)"', form)
        if version:
            self._post(f"/conversas/{talk}/{act}", versao=version[1])

    def _get(self, path: str, fragment: bool = False) -> str:
        headers = {"HX-Request": "true"} if fragment else {}
        began = time.monotonic()
        answer = self.session.get(self.base + path, headers=headers, timeout=30)
        self.page_ms.append((time.monotonic() - began) * 1000)
        if answer.status_code >= 400:
            self.errors.append(f"GET {answer.status_code}")
        return answer.text

    def _post(self, path: str, **fields: str) -> None:
        headers = {"HX-Request": "true", "X-CSRFToken": self._token}
        began = time.monotonic()
        answer = self.session.post(self.base + path, data=fields, headers=headers, timeout=30)
        self.post_ms.append((time.monotonic() - began) * 1000)
        if answer.status_code == GONE_BEFORE:
            self.conflicts += 1
        elif answer.status_code >= 400:
            self.errors.append(f"POST {path.rpartition('/')[2]} {answer.status_code}")


def staff(plan: Plan) -> Result:
    """Let everybody work while customers write at a steady rate."""
    people = plan["dashboards"]
    base = f"http://{plan['host']}:{plan['port']}"
    dashboards = [Dashboard(plan["address"], one["cookie"], one["words"]) for one in people]
    workers = [
        Worker(base, one["cookie"], one["mine"], number, plan["thinking"])
        for number, one in enumerate(people)
    ]
    time.sleep(0.5)
    count = int(plan["rate"] * plan["seconds"])
    source = messages.stream(plan["instance"], plan["people"], plan["first"])
    start = time.monotonic() + 0.2
    due = {
        mark: start + n / plan["rate"] for n, (mark, _) in zip(range(count), source, strict=False)
    }
    stop = start + plan["seconds"]
    threads = [threading.Thread(target=worker.work, args=(stop,)) for worker in workers]
    threads.append(threading.Thread(target=post_steadily, args=(plan, list(due.items()))))
    for thread in threads:
        thread.start()
    cuts: list[str] = []
    took = list(arrivals(dashboards, due, stop + GRACE_SECONDS, cuts))
    for thread in threads:
        thread.join()
    return {
        "push": took,
        "missing": count * len(dashboards) - len(took),
        "page": [ms for worker in workers for ms in worker.page_ms],
        "post": [ms for worker in workers for ms in worker.post_ms],
        "conflicts": sum(worker.conflicts for worker in workers),
        "errors": cuts + [error for worker in workers for error in worker.errors],
    }


def main() -> None:
    """Do what the plan says."""
    plan: dict[str, Any] = json.load(sys.stdin)
    sys.setswitchinterval(0.0005)
    plan["address"] = (plan["host"], plan["port"])
    print(json.dumps(staff(plan)))


if __name__ == "__main__":
    main()
