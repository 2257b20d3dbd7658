"""Closing asks why, where the company wants it; the list of reasons is the managers'."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.closing_reasons import queries, service
from app.conversations import service as conversations
from app.conversations.presenting import event_text
from app.errors import Conflict, GuicheError
from app.extensions import db
from app.live import stale_regions
from tests.cast import Cast
from tests.telling import Login, conversation, csrf, messages, person

Decides = Callable[..., None]


@pytest.fixture
def reasons(app: Flask, cast: Cast) -> list[int]:
    """Resolvido and Sem interesse."""
    with app.app_context():
        gisele = person(cast.gisele)
        return [service.create(gisele, name).id for name in ("Resolvido", "Sem interesse")]


@pytest.mark.usefixtures("context")
def test_nothing_is_asked_unless_wanted_and_there_are_reasons(
    talk: int, cast: Cast, decides: Decides
) -> None:
    assert conversations.asks_for_reason() == "off"
    decides("closing", closing_reason="required")
    assert conversations.asks_for_reason() == "off"
    conversations.close(talk, person(cast.gisele), 1)
    assert conversation().status == "closed"


@pytest.mark.usefixtures("context")
def test_where_required_closing_without_a_reason_is_refused(
    talk: int, cast: Cast, decides: Decides, reasons: list[int]
) -> None:
    decides("closing", closing_reason="required")
    gisele = person(cast.gisele)
    with pytest.raises(GuicheError, match="Escolha o motivo"):
        conversations.close(talk, gisele, 1)
    with pytest.raises(GuicheError, match="não é mais oferecido"):
        conversations.close(talk, gisele, 1, 999)
    assert conversation().status == "open"
    conversations.close(talk, gisele, 1, reasons[0])
    assert conversation().closing_reason_id == reasons[0]
    assert event_text(messages("event")[-1]).endswith("encerrou a conversa · Resolvido")


@pytest.mark.usefixtures("context")
def test_where_optional_both_ways_close(
    talk: int, cast: Cast, decides: Decides, reasons: list[int]
) -> None:
    decides("closing", closing_reason="optional")
    gisele = person(cast.gisele)
    conversations.close(talk, gisele, 1)
    conversations.reopen(talk, gisele, 2)
    conversations.close(talk, gisele, 3, reasons[1])
    assert conversation().closing_reason_id == reasons[1]
    conversations.reopen(talk, gisele, 4)
    assert conversation().closing_reason_id is None


@pytest.mark.usefixtures("context")
def test_an_archived_reason_stays_where_it_was_and_is_offered_no_more(
    talk: int, cast: Cast, decides: Decides, reasons: list[int]
) -> None:
    decides("closing", closing_reason="optional")
    gisele = person(cast.gisele)
    conversations.close(talk, gisele, 1, reasons[0])
    service.archive(reasons[0], gisele)
    assert [reason.name for reason in queries.offered()] == ["Sem interesse"]
    assert queries.name_of(conversation().closing_reason_id) == "Resolvido"
    with pytest.raises(Conflict, match="arquivado: restaure"):
        service.create(gisele, "resolvido")
    service.restore(reasons[0], gisele)
    service.move_up(reasons[1], gisele)
    assert [reason.name for reason in queries.offered()] == ["Sem interesse", "Resolvido"]
    done = db.session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.entity_type == "closing_reason")
        .order_by(AuditEntry.id)
    ).all()
    assert [action.split(".")[1] for action in done] == [
        *("created", "created", "archived", "restored", "moved")
    ]


def test_the_desk_offers_the_reasons_with_their_keys(
    talk: int, cast: Cast, login_as: Login, decides: Decides, reasons: list[int]
) -> None:
    gisele = login_as(cast.gisele)
    assert "Por que encerrar?" not in gisele.get(f"/conversas/{talk}/mesa").text
    decides("closing", closing_reason="required")
    desk = gisele.get(f"/conversas/{talk}/mesa").text
    assert 'data-digit="1"' in desk
    assert "Sem interesse" in desk
    assert "Sem motivo" not in desk
    headers, fields = csrf(gisele), {"versao": "1", "motivo": str(reasons[1])}
    answer = gisele.post(f"/conversas/{talk}/encerramento", data=fields, headers=headers)
    assert "Encerrada · Sem interesse" in " ".join(answer.text.split())
    undo = answer.text.split('hx-delete="')[1].split('"')[0]
    assert "Desfeito" in gisele.delete(undo, headers=headers).text
    assert "Com o robô" in gisele.get(f"/conversas/{talk}/mesa").text
    # What is refused is said as before, and leaves nothing to take back.
    again = gisele.post(f"/conversas/{talk}/encerramento", data=fields, headers=headers)
    assert (again.status_code, "Desfazer" in again.text) == (409, False)


def test_managers_keep_the_list_on_its_page(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    gisele = login_as(cast.gisele)
    headers = csrf(gisele)
    page = "/configuracoes/motivos"
    assert "Nenhum motivo ainda" in gisele.get(page).text
    assert "Resolvido" in gisele.post(page, data={"name": "Resolvido"}, headers=headers).text
    again = gisele.post(page, data={"name": "RESOLVIDO"}, headers=headers).text
    assert "Já existe o motivo Resolvido." in again
    assert "Feito" in gisele.post(page + "/1", data={"name": "Feito"}, headers=headers).text
    assert "arquivado" in gisele.post(page + "/1/uso", data={"active": "0"}, headers=headers).text
    assert login_as(cast.ana).get(page).status_code == 404
    with app.app_context():
        assert stale_regions(cast.adriana, {"closing-reasons:all": "1"}) == ["closing-reasons:all"]
        assert stale_regions(cast.adriana, {"closing-reasons:all": "3"}) == []
