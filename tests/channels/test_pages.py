"""The channels page: who may see what, and what can be changed there."""

import pytest
from flask import g

from app.accounts.models import AuditEntry, User
from app.channels import service
from app.channels.models import Channel
from app.extensions import current_settings, db
from app.transactions import atomic
from tests.browser_client import as_page
from tests.counting import counted_queries
from tests.integrations.provider import answer, running_provider

NOT_CONNECTED = b'{"connected": false, "error": "You are not connected."}'
CONNECTED = b'{"connected": true, "error": "You are already connected."}'


@pytest.fixture
def admin(context, cast):
    return db.session.get_one(User, cast.adriana)


@pytest.fixture
def provider(context, monkeypatch):
    with running_provider() as running:
        monkeypatch.setattr(current_settings(), "zapi_base_url", running.url)
        yield running


def _channel(channel_id=1):
    db.session.rollback()
    return db.session.get(Channel, channel_id, populate_existing=True)


def _note(connected, reason=None):
    with atomic():
        service.note_state(_channel(), connected, reason, None)


@pytest.fixture
def page(channel, login_as, cast):
    """A client of somebody of the cast, and no application context that would remember another."""

    def open_as(name):
        g.pop("_login_user", None)
        g.pop("csrf_token", None)
        return as_page(login_as(getattr(cast, name)))

    return open_as


def test_managers_see_channels_and_cannot_change_them(app, page):
    with app.app_context():
        gisele = page("gisele")
        html = gisele.get("/canais").get_data(as_text=True)
        assert "INST-TEST" in html
        assert "Novo canal" not in html
        html = gisele.get("/canais/1").get_data(as_text=True)
        assert "Endereço secreto anterior" in html
        assert "Mostrar o endereço" not in html
        for path in ("/1", "/1/endereco", "/1/segredo", "/1/ativo", "/1/conexao", ""):
            assert gisele.post(f"/canais{path}").status_code == 403


@pytest.mark.parametrize("name", ["ana", "fabio"])
def test_others_find_no_channels_page(app, page, name):
    with app.app_context():
        client = page(name)
        assert client.get("/canais").status_code == 404
        assert client.get("/canais/1").status_code == 404


def test_the_banner_is_for_the_desk_only(app, page):
    with app.app_context():
        _note(False, "x")
        assert "está desconectado" in page("ana").get("/canais/aviso").get_data(as_text=True)
        assert page("fabio").get("/canais/aviso").status_code == 404
        assert "está desconectado" not in page("fabio").get("/conta").get_data(as_text=True)
        assert "está desconectado" in page("ana").get("/conta").get_data(as_text=True)


def test_the_secret_address_is_shown_only_when_asked(app, page):
    with app.app_context():
        adriana, secret = page("adriana"), _channel().webhook_secret
        assert secret not in adriana.get("/canais/1").get_data(as_text=True)
        html = adriana.post("/canais/1/endereco").get_data(as_text=True)
        assert f"/webhook/zapi/{secret}" in html
        assert db.session.query(AuditEntry).filter_by(action="channel.address_shown").count() == 1


def test_an_admin_adds_edits_and_rotates(app, page):
    with app.app_context():
        adriana = page("adriana")
        new = {"name": "Vendas", "instance_id": "INST-2", "token": "TOK", "client_token": "CLI"}
        html = adriana.post("/canais", data={**new, "pace": "x"})
        assert html.status_code == 422
        assert "em segundos" in html.get_data(as_text=True)
        adriana.post("/canais", data={**new, "pace": "1,5"})
        assert (_channel(2).name, _channel(2).pace_seconds) == ("Vendas", 1.5)
        adriana.post("/canais/2", data={"name": "Compras", "pace": "2"})
        assert (_channel(2).name, _channel(2).instance_token) == ("Compras", "TOK")
        before = _channel(2).webhook_secret
        adriana.post("/canais/2/segredo")
        assert _channel(2).webhook_secret != before
        adriana.post("/canais/2/segredo/fim")
        assert _channel(2).previous_secret_hash is None
        adriana.post("/canais/2/ativo", data={"active": "0"})
        assert not _channel(2).active
        assert adriana.post("/canais/2", data={"name": "", "pace": "2"}).status_code == 422


def test_the_connection_is_tested_on_demand(app, page, provider):
    with app.app_context():
        adriana = page("adriana")
        provider.reply = answer(200, NOT_CONNECTED)
        assert "está desconectado" in adriana.post("/canais/1/conexao").get_data(as_text=True)
        provider.reply = answer(200, CONNECTED)
        assert "está conectado" in adriana.post("/canais/1/conexao").get_data(as_text=True)
        provider.close()
        assert "Não foi possível" in adriana.post("/canais/1/conexao").get_data(as_text=True)
        assert _channel().state == "connected"


def test_the_list_costs_the_same_for_one_and_for_ten(app, page, admin):
    with app.app_context():
        gisele = page("gisele")

        def cost():
            with counted_queries() as counted:
                gisele.get("/canais")
            return counted.total

        cost()
        before = cost()
        for number in range(9):
            service.create(admin, f"Canal {number}", f"INST-{number}", "TOK", "CLI", 1)
        cost()  # what the company remembers is read again
        assert cost() == before
