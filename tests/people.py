"""Members of staff who act on a real web process, as their pages would."""

import requests

from tests.cast import PASSWORD


class Person:
    """Somebody with a session: `Person(web, cookie)`, or `Person.who_logs_in(web, email)`."""

    def __init__(self, web_url: str, cookie: str = "") -> None:
        self.web_url, self._session, self._token = web_url, requests.Session(), ""
        if cookie:
            self._session.cookies.set("guiche", cookie, domain="127.0.0.1")

    @classmethod
    def who_logs_in(cls, web_url: str, email: str) -> "Person":
        """By e-mail and the password of the cast."""
        person = cls(web_url)
        person.send("POST", "/entrar", email=email, password=PASSWORD)
        person._token = ""  # of the session before
        return person

    @property
    def cookie(self) -> str:
        """What proves who it is."""
        return str(self._session.cookies["guiche"])

    def get(self, path: str) -> requests.Response:
        """Ask for a page."""
        return self._session.get(self.web_url + path, timeout=10)

    def send(self, method: str, path: str, **fields: str) -> requests.Response:
        """Send a form; insists that it was taken."""
        if not self._token:
            self._token = self.get("/no-such-page").text.split('"X-CSRFToken": "')[1].split('"')[0]
        headers = {"X-CSRFToken": self._token, "HX-Request": "true"}
        answer = self._session.request(
            method, self.web_url + path, data=fields, headers=headers, timeout=10
        )
        assert answer.ok, (answer.status_code, answer.text[:300])
        return answer

    def post(self, path: str, **fields: str) -> requests.Response:
        """Send a form."""
        return self.send("POST", path, **fields)
