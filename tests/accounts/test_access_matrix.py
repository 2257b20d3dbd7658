"""Every route for every role, compared with the table in access_matrix.txt.

A route that names neither a permission nor a reason to be public fails. When a route is added on
purpose, write the table again and read the difference before committing it:

    WRITE_ACCESS_MATRIX=1 .venv/bin/python -m pytest tests/accounts/test_access_matrix.py
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app.accounts import access
from app.accounts.access import KEY, PUBLIC, permission_of, requirement_of
from app.accounts.permissions import Permission, Role, permissions_of
from tests.accounts.browsing import csrf_of
from tests.cast import Cast

TABLE = Path(__file__).with_name("access_matrix.txt")
COLUMNS = ("anonymous", *map(str, Role))
LogIn = Callable[[int], FlaskClient]


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Method, rule and endpoint of everything that can be asked for."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule.rule, rule.endpoint


def line(app: Flask, method: str, rule: str, endpoint: str) -> str:
    needed = requirement_of(app, endpoint) or "NOTHING"
    allowed = [needed == PUBLIC, *(may(role, needed) for role in Role)]
    plain = re.sub(r"<[a-z]+(\(.*?\))?:", "<", rule)
    marks = "".join(f"{'yes' if each else '-':<11}" for each in allowed)
    return f"{method:<7}{plain:<52}{needed:<32}{marks}".rstrip()


def may(role: Role, needed: str) -> bool:
    if needed in (PUBLIC, "NOTHING"):
        return needed == PUBLIC
    if needed.startswith(KEY):  # no session opens it, only the header
        return False
    return permission_of(needed) in permissions_of([role])


def table(app: Flask) -> str:
    head = f"{'':<7}{'':<52}{'asks for':<32}" + "".join(f"{name:<11}" for name in COLUMNS)
    found = sorted(routes(app), key=lambda route: (route[1], route[0]))
    return "\n".join([head.rstrip(), *(line(app, *route) for route in found)]) + "\n"


def test_every_route_allows_exactly_the_roles_of_the_table(app: Flask) -> None:
    found = table(app)
    print(found)
    if os.environ.get("WRITE_ACCESS_MATRIX"):
        TABLE.write_text(found)
    assert found.splitlines() == TABLE.read_text().splitlines()


def test_every_route_names_a_permission_or_says_why_it_is_public(app: Flask) -> None:
    for _, rule, endpoint in routes(app):
        needed = requirement_of(app, endpoint)
        assert needed is not None, f"{rule} names no permission"
        if needed == PUBLIC and endpoint != "static":
            assert getattr(app.view_functions[endpoint], "public_reason", ""), rule
        elif needed != PUBLIC and not needed.startswith(KEY):
            assert permission_of(needed) in Permission


def test_a_route_that_names_nothing_is_closed_and_shows_in_the_table() -> None:
    bare = Flask("bare")
    bare.add_url_rule("/forgotten", "forgotten", lambda: "")
    access.init_app(bare)
    assert "NOTHING" in line(bare, "GET", "/forgotten", "forgotten")
    assert requirement_of(bare, "forgotten") is None
    assert bare.test_client().get("/forgotten").status_code == 403


def test_whom_the_table_denies_the_server_refuses(app: Flask, cast: Cast, login_as: LogIn) -> None:
    people = {
        Role.ATTENDANT: cast.ana, Role.MANAGER: cast.gisele,
        Role.FINANCE: cast.fabio, Role.ADMIN: cast.adriana,
    }  # fmt: skip
    browsers = {role: login_as(user_id) for role, user_id in people.items()}
    for role, browser in [(None, app.test_client()), *browsers.items()]:
        headers = {"X-CSRFToken": csrf_of(browser)}
        for method, rule, endpoint in routes(app):
            needed = requirement_of(app, endpoint) or "NOTHING"
            if needed == PUBLIC or (role is not None and may(role, needed)):
                continue
            path = app.url_map.bind("").build(endpoint, _arguments(app, rule))
            answer = browser.open(path, method=method, headers=headers)
            refused = _is_refusal(answer.status_code, answer.location, role)
            if needed.startswith(KEY):
                bearer = hasattr(app.view_functions[endpoint], "takes_bearer")
                refused = answer.status_code == (401 if bearer else 403)
            elif getattr(app.view_functions[endpoint], "open_in_development", False):
                refused = True
            assert refused, (role, method, path)


def _arguments(app: Flask, rule: str) -> dict[str, object]:
    found = next(each for each in app.url_map.iter_rules() if each.rule == rule)
    return dict.fromkeys(found.arguments, 1)


def _is_refusal(status: int, location: str | None, role: Role | None) -> bool:
    if role is None:
        return status == 401 or (location or "").startswith("/entrar")
    return status in (403, 404)
