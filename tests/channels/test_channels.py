"""Channels: their state, what is held, their secrets, and who may see or change them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.accounts.models import AuditEntry, User
from app.channels import service, sockets
from app.channels.models import Channel
from app.errors import Conflict, GuicheError
from app.extensions import current_settings, db
from app.integrations.base import IntegrationError, Outcome
from app.integrations.models import OutsideCall
from app.live import stale_regions
from app.secrets import digest
from app.transactions import atomic
from tests.integrations.provider import answer, running_provider

TEMPLATES = Path(__file__).parents[2] / "templates"
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


@pytest.fixture
def pushed(monkeypatch):
    """The rooms and contents of what is pushed."""
    seen = []
    monkeypatch.setattr("app.live._emit", lambda event, payload, room: seen.append((room, payload)))
    return seen


def _channel(channel_id=1):
    db.session.rollback()
    return db.session.get(Channel, channel_id, populate_existing=True)


def _note(connected, reason=None, at=None):
    with atomic():
        service.note_state(_channel(), connected, reason, at)


def test_the_environments_channel_is_made_once_by_many(app, context):
    def ensure(_):
        with app.app_context():
            service.ensure_environment_channel()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ensure, range(8)))
    channel = db.session.query(Channel).one()
    assert (channel.instance_id, channel.is_environment) == ("INST-TEST", True)
    assert channel.instance_token is None


def test_another_instance_in_the_environment_takes_the_place_of_the_first(
    context, channel, monkeypatch
):
    monkeypatch.setattr(current_settings(), "zapi_instance_id", "INST-NOVA")
    new = service.ensure_environment_channel()
    assert new.instance_id == "INST-NOVA"
    assert (_channel().is_environment, _channel().active) == (False, False)


def test_preparing_again_changes_nothing(context, channel):
    before = (_channel().version, _channel().webhook_secret)
    service.ensure_environment_channel()
    assert (_channel().version, _channel().webhook_secret) == before


def test_the_environment_may_choose_the_secret_of_its_address(context, channel, monkeypatch):
    chosen = "escolhido-" * 4
    monkeypatch.setattr(current_settings(), "zapi_webhook_secret", chosen)
    service.ensure_environment_channel()
    assert service.webhook_address(_channel()).endswith(f"/webhook/zapi/{chosen}")
    assert service.by_secret(chosen)


def test_without_an_instance_there_is_no_channel(context, monkeypatch):
    monkeypatch.setattr(current_settings(), "zapi_instance_id", "")
    assert service.ensure_environment_channel() is None
    assert service.environment_channel() is None


def test_secrets_are_encrypted_and_looked_up_by_hash(context, channel, admin):
    made = service.create(admin, "Vendas", "INST-2", "TOKEN-2", "CLIENT-2", 2)
    row = db.session.execute(db.text("SELECT * FROM channels WHERE id = :id"), {"id": made.id})
    stored = str(row.mappings().one())
    for secret in ("TOKEN-2", "CLIENT-2", made.webhook_secret):
        assert secret not in stored
    assert digest(made.webhook_secret) in stored
    assert service.by_secret(made.webhook_secret)[0].id == made.id
    assert service.by_secret("x") is None


def test_the_audit_never_holds_a_secret(context, channel, admin):
    made = service.create(admin, "Vendas", "INST-2", "TOKEN-2", "CLIENT-2", 2)
    service.edit(made.id, admin, "Vendas", 3, "TOKEN-3", "CLIENT-3")
    service.rotate_secret(made.id, admin)
    service.reveal_webhook_address(made.id, admin)
    service.end_rotation(made.id, admin)
    service.deactivate(made.id, admin)
    entries = db.session.query(AuditEntry).order_by(AuditEntry.id).all()
    assert [entry.action for entry in entries] == [
        "channel.created",
        "channel.edited",
        "channel.secret_rotated",
        "channel.address_shown",
        "channel.rotation_ended",
        "channel.deactivated",
    ]
    text = "".join(f"{entry.before}{entry.after}" for entry in entries)
    for secret in ("TOKEN", "CLIENT", made.webhook_secret):
        assert secret not in text


def test_an_instance_belongs_to_one_channel(context, channel, admin):
    with pytest.raises(Conflict):
        service.create(admin, "Outro", "INST-TEST", "TOKEN", "CLIENT", 1)


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"instance_id": "a/b"},
        {"token": "?"},
        {"pace_seconds": -1},
    ],
)
def test_values_that_cannot_be_are_refused(context, admin, change):
    good = {"name": "A", "instance_id": "INST-2", "token": "TOK", "client_token": "CLI"}
    with pytest.raises(GuicheError):
        service.create(admin, **{"pace_seconds": 1, **good, **change})


def test_empty_credentials_leave_the_old_ones(context, channel, admin):
    made = service.create(admin, "Vendas", "INST-2", "TOKEN-2", "CLIENT-2", 2)
    service.edit(made.id, admin, "Vendas", 2, "", "")
    assert (_channel(made.id).instance_token, _channel(made.id).client_token) == (
        "TOKEN-2",
        "CLIENT-2",
    )


def test_a_channel_sends_with_its_own_credentials(provider, channel, admin):
    provider.reply = answer(200, b'{"messageId": "M"}')
    made = service.create(admin, "Vendas", "INST-2", "TOKEN-2", "CLIENT-2", 2)
    service.messenger_for(_channel(made.id)).send_text("55", "x", "outbox:1")
    service.messenger_for(_channel()).send_text("55", "x", "outbox:1")
    assert b"/instances/INST-2/token/TOKEN-2/" in provider.requests[0]
    assert b"/instances/INST-TEST/token/TOK-TEST/" in provider.requests[1]


def test_without_credentials_nothing_leaves(context, channel, monkeypatch):
    monkeypatch.setattr(current_settings(), "zapi_instance_token", "")
    with pytest.raises(IntegrationError) as caught:
        service.messenger_for(_channel())
    assert caught.value.outcome is Outcome.NEVER_LEFT


def test_a_disconnection_is_shown_to_the_desk_and_a_connection_wakes_the_senders(
    context, channel, pushed, monkeypatch
):
    woken = []
    monkeypatch.setattr("app.channels.state.enqueue", lambda *args, **_: woken.append(args))
    _note(False, "O celular foi desconectado.")
    html = "".join(payload["html"] for room, payload in pushed if room.startswith("inbox:"))
    assert "WhatsApp está desconectado desde" in html
    assert "ficam guardadas" in html
    assert woken == []
    _note(True)
    assert woken == [("jobs.outbound.deliver_channel", 1)]
    html = [payload["html"] for room, payload in pushed if room.startswith("inbox:")][-1]
    assert "desconectado" not in html


def test_who_is_no_member_of_the_desk_hears_nothing_of_channels(context, channel, pushed):
    _note(False, "x")
    assert {room.partition(":")[0] for room, _ in pushed} <= {"inbox", "channels"}


def test_the_same_news_twice_is_announced_once(context, channel, pushed):
    _note(False, "x")
    before, version = len(pushed), _channel().version
    _note(False, "x")
    assert (len(pushed), _channel().version) == (before, version)


def test_older_news_are_dropped(context, channel):
    _note(False, "x", clock.now())
    _note(True, None, clock.now() - timedelta(minutes=1))
    assert _channel().state == "disconnected"


def test_since_when_is_kept_through_repeats(context, channel):
    first = clock.now() - timedelta(minutes=9)
    _note(False, "x", first)
    _note(False, "y")
    assert _channel().state_at == first


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (answer(200, CONNECTED), "connected"),
        (answer(200, NOT_CONNECTED), "disconnected"),
        (answer(500, b"boom"), "connected"),
        (answer(404, b'{"error": "Instance not found"}'), "connected"),
        (answer(200, b"<html>"), "connected"),
    ],
    ids=["yes", "no", "500", "404", "unreadable"],
)
def test_only_a_clear_answer_changes_the_state(provider, channel, reply, state):
    provider.reply = reply
    service.check_all()
    assert _channel().state == state
    assert db.session.query(OutsideCall).count() == 1


def test_what_was_noted_during_the_call_is_newer_than_its_answer(
    app, provider, channel, monkeypatch
):
    def lose_connection_meanwhile(_):
        with app.app_context():
            _note(False, "O celular foi desconectado.", clock.now())
        return True

    monkeypatch.setattr(
        "app.integrations.zapi.ZapiMessenger.is_connected", lose_connection_meanwhile
    )
    service.check_all()
    assert _channel().state == "disconnected"


def test_a_deactivated_channel_is_not_asked(provider, channel, admin):
    service.deactivate(channel, admin)
    service.check_all()
    assert provider.requests == []


def test_arrivals_are_noted_now_and_then(context, channel):
    def arrive():
        with atomic():
            service.note_inbound(_channel())

    arrive()
    first = _channel().last_inbound_at
    arrive()
    assert _channel().last_inbound_at == first
    clock.shift(timedelta(seconds=16))
    arrive()
    assert _channel().last_inbound_at > first


def test_a_page_that_missed_a_change_is_stale(context, channel, cast):
    shown = {"channels:all": "", "channels:list": "1:1", "channel:1": "1"}
    assert stale_regions(cast.gisele, shown) == []
    _note(False, "x")
    assert sorted(stale_regions(cast.gisele, shown)) == sorted(shown)


def test_what_changes_no_banner_makes_no_page_ask_for_it(context, channel, cast):
    db.session.get_one(Channel, channel).version += 1  # as with every burst of messages
    db.session.commit()
    assert stale_regions(cast.gisele, {"channels:all": "", "channel:1": "1"}) == ["channel:1"]


def test_an_outsider_is_told_nothing_of_what_changed(context, channel, cast):
    shown = {"channels:all": "1", "channels:list": "1:1", "channel:1": "1"}
    assert sorted(stale_regions(cast.fabio, shown)) == sorted(shown)
    assert list(sockets.rooms_of(db.session.get(User, cast.fabio))) == []
    assert list(sockets.rooms_of(db.session.get(User, cast.gisele))) == ["channels"]


def test_the_rows_are_pushed_to_those_who_look(context, channel, pushed):
    _note(False, "O celular foi desconectado.")
    html = "".join(payload["html"] for room, payload in pushed if room.startswith("channels:"))
    assert 'id="channel-1"' in html
    assert "O celular foi desconectado." in html


def test_the_pushed_row_stands_right_in_its_part(context, channel, pushed):
    _note(False, "x")
    html = "".join(payload["html"] for room, payload in pushed if room.startswith("channels:"))
    inside = html.split('hx-target="#channel-list" hx-swap="upsert">')[1]
    assert inside.lstrip().startswith("<tr")


def test_no_part_that_is_pushed_holds_a_template():
    """The script makes each part a template; what stands in one more inside is never shown."""
    parts = list(TEMPLATES.glob("*/live/*.html"))
    assert len(parts) > 10
    assert [part.name for part in parts if "<template" in part.read_text()] == []
