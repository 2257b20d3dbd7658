"""Search follows what each person may see: what is another team's stays hidden."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.teams.conftest import Teams
from tests.telling import Login, conversation, received, tell

pytestmark = pytest.mark.usefixtures("channel")


@pytest.mark.parametrize("q", ["infiltração", "infiltrac", '"na suíte"'])
def test_another_team_finds_nothing_of_it(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login, two_teams: Teams,
    receives: Callable[[int | None], None], rule: Callable[[str], None], q: str,
) -> None:  # fmt: skip
    receives(two_teams.finance)
    tell(client, received("apareceu uma infiltração na suíte"))
    with app.app_context():
        talk = conversation().id

    def finds(user_id: int) -> tuple[bool, bool]:
        browser = login_as(user_id)
        hit = f"/conversas/{talk}?mensagem=" in browser.get("/busca", query_string={"q": q}).text
        more = browser.get("/busca/mensagens", query_string={"q": q}).text
        assert hit == (f"/conversas/{talk}?mensagem=" in more)
        return hit, f"/conversas/{talk}" in browser.get("/busca/rapida?q=marina").text

    assert finds(cast.ana) == finds(cast.gisele) == (True, True)
    assert finds(cast.bruno) == (False, False)
    rule("everything")
    assert finds(cast.bruno) == (True, True)
