"""The customer's page: nothing before the check, the three after it, one acceptance."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.debts.agreements import tokens
from app.debts.engine.writing import brl
from tests.debts.agreements.conftest import HOLDER, Desk

pytestmark = [pytest.mark.usefixtures("channel")]


class Visitor:
    """A browser with the link, somewhere."""

    def __init__(self, desk: Desk, offer: int) -> None:
        self.token = ""
        self.browser: FlaskClient = desk.app.test_client()
        with desk.app.app_context():
            self.path = f"/proposta/{tokens.token_of(offer)}"

    def opens(self, path: str = "") -> tuple[int, str]:
        """What a page says."""
        answer = self.browser.get(self.path + path)
        return answer.status_code, answer.data.decode(errors="replace")

    def posts(self, path: str, **form: str) -> tuple[int, str]:
        """A form of the page, with the token that it carries."""
        text = self.browser.get(self.path).text
        token = text.split('name="csrf_token" value="')
        if len(token) > 1:
            self.token = token[1].split('"')[0]
        given = {"csrf_token": self.token} | form
        answer = self.browser.post(self.path + path, data=given, follow_redirects=True)
        return answer.status_code, answer.text

    def proves(self, digits: str = HOLDER.document[-2:]) -> tuple[int, str]:
        """The day and month of birth, and two digits."""
        assert HOLDER.birth is not None
        day, month = str(HOLDER.birth.day), str(HOLDER.birth.month)
        return self.posts("/identidade", dia=day, mes=month, digitos=digits)


@pytest.fixture
def sent(desk: Desk) -> int:
    """An offer that was sent."""
    desk.identify()
    number = desk.offer()
    assert desk.sends(number).status_code == 200
    return number


def test_the_page_asks_who_it_is_shows_the_three_and_accepts_one_once(
    desk: Desk, sent: int
) -> None:
    visitor, proposals = Visitor(desk, sent), desk.offered(sent).content["proposals"]
    status, text = visitor.opens()
    assert status == 200
    assert "Confirme que é você" in text
    for told in ("R$", "Apto", HOLDER.name.split()[0], HOLDER.document):
        assert told not in text, "nothing is said before the check"
    assert visitor.opens("x")[0] == 404
    assert visitor.opens("/propostas.pdf")[0] == 404
    assert visitor.proves("00" if HOLDER.document[-2:] != "00" else "11")[0] == 422
    status, text = visitor.proves()
    assert status == 200
    for one in proposals:
        assert f"R$ {brl(one['total'])}" in text
    assert visitor.opens("/propostas.pdf")[0] == 200
    assert desk.pane().text.count("abertas pelo cliente") == 1, "and the team sees that they did"
    assert visitor.posts("/aceite", opcao="B")[0] == 422, "unread conditions"
    for _click in range(2):
        assert visitor.posts("/aceite", opcao="B", li="1")[0] == 200
    desk.work()
    agreement = desk.agreement(sent)
    assert agreement is not None
    assert (agreement.option, agreement.how, agreement.check_state) == ("B", "page", "confirmed")
    status, text = visitor.opens()
    assert agreement.number in text
    assert "Termo do acordo" in text
    assert (
        visitor.opens("/calendario.ics")[1].count("BEGIN:VEVENT") == len(proposals[1]["lines"]) + 1
    )
    assert visitor.opens(f"/documentos/{1}")[0] == 200
    assert "Confirme que é você" in Visitor(desk, sent).opens()[1], "another browser proves anew"


def test_the_tries_are_the_contact_s_wherever_they_are_made_and_then_a_person_calls(
    desk: Desk, sent: int
) -> None:
    visitor = Visitor(desk, sent)
    wrong = "00" if HOLDER.document[-2:] != "00" else "11"
    assert visitor.proves(wrong)[0] == 422  # one was spent in the conversation
    assert "Por hoje não é mais possível" in visitor.proves(wrong)[1]
    assert "identity_failed" in desk.events()
    assert "R$" not in visitor.proves()[1]


def test_a_link_ends_with_the_offer(desk: Desk, sent: int, tomorrow: Callable[[int], date]) -> None:
    visitor = Visitor(desk, sent)
    visitor.proves()
    tomorrow(8)
    visitor.browser = desk.app.test_client()
    visitor.proves()
    status, text = visitor.opens()
    assert (status, "Este link venceu" in text) == (410, True)
    assert "R$" not in text
