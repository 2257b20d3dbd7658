"""Horários: whose hours hold where, kept by managers on their pages, for all at once."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.audit_words import action_name
from app.accounts.models import AuditEntry
from app.business_time import open_at
from app.channels.models import Channel
from app.errors import Conflict, GuicheError
from app.extensions import db
from app.hours import forms, known, service
from app.hours.known import COMPANY
from app.hours.models import OwnDate
from app.hours.service import Saying, Wanted
from app.hours.wording import week_text
from app.live import stale_regions
from app.teams import service as teams
from tests.cast import Cast
from tests.counting import counted_queries
from tests.hours.conftest import WEEK, office_hours, set_clock
from tests.telling import Login, csrf, person

pytestmark = pytest.mark.usefixtures("channel")
PAGE = "/configuracoes/horarios"


@pytest.mark.usefixtures("office")
def test_the_teams_hours_then_the_channels_then_the_companys(cast: Cast) -> None:
    team = teams.create(person(cast.gisele), "Vendas")
    channel = db.session.scalars(select(Channel.id)).first() or 0
    assert known.hours_of(team.id, channel).source == COMPANY
    service.save_hours(person(cast.gisele), ("channel", channel), Wanted("always"))
    assert known.hours_of(team.id, channel).calendar is None
    night = ((((0, 360)),),) * 7
    service.save_hours(person(cast.gisele), ("team", team.id), Wanted("week", week=night))
    assert known.hours_of(team.id, channel).source == ("team", team.id)
    assert known.hours_of(None, None).source == COMPANY
    with counted_queries() as seen:
        known.hours_of(team.id, channel)
    assert seen.total == 0


@pytest.mark.usefixtures("office")
def test_holidays_and_own_dates_close_or_change_a_day(cast: Cast) -> None:
    gisele = person(cast.gisele)
    set_clock("2026-11-20 10:00")  # Consciência Negra, a Friday
    now = lambda: known.hours_of(None, None).calendar  # noqa: E731
    from app import clock

    assert not open_at(now(), clock.now())
    service.add_date(gisele, date(2026, 11, 20), "Plantão", ((540, 660),))
    assert open_at(now(), clock.now())
    with pytest.raises(Conflict, match="Plantão"):
        service.add_date(gisele, date(2026, 11, 20), "Outra", ())
    row = db.session.scalars(select(OwnDate)).one()
    service.remove_date(gisele, row.id)
    assert not open_at(now(), clock.now())
    service.restore_date(gisele, row.id)
    service.edit_date(gisele, row.id, date(2026, 11, 20), "Plantão", ())
    assert not open_at(now(), clock.now())
    office_hours(cast, holidays="none")
    set_clock("2026-12-25 10:00")
    assert open_at(now(), clock.now())
    office_hours(cast, holidays="optional", region="SP")
    assert date(2026, 7, 9) in known.hours_of(None, None).names
    assert date(2027, 2, 9) in known.hours_of(None, None).names  # Carnaval


def week_form() -> dict[str, object]:
    fields: dict[str, object] = {"mode": "week", "zone": "America/Manaus", "holidays": "national"}
    for day in range(5):
        fields[f"from-{day}"], fields[f"to-{day}"] = ["08:00", "13:00"], ["12:00", "18:00"]
    return fields


def test_a_manager_saves_the_week_and_it_is_on_record(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    gisele = login_as(cast.gisele)
    assert "Sempre aberto" in gisele.get(PAGE).text
    answer = gisele.post(f"{PAGE}/empresa/0", data=week_form(), headers=csrf(gisele))
    assert "Salvo" in answer.text
    assert "seg a sex 08:00–12:00, 13:00–18:00" in gisele.get(PAGE).text
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        assert action_name(entry.action) == "Mudou os horários"
        assert entry.after["week"] == "seg a sex 08:00–12:00, 13:00–18:00"
        assert entry.before["mode"] == "always"


def test_what_cannot_be_is_said_and_what_was_typed_stays(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    gisele = login_as(cast.gisele)
    form = week_form() | {"from-0": ["08:00", "11:00"], "to-0": ["12:00", "18:00"]}
    answer = gisele.post(f"{PAGE}/empresa/0", data=form, headers=csrf(gisele))
    assert "segunda-feira dois períodos se cruzam" in answer.text
    assert 'value="11:00"' in answer.text
    wrong = {"text-away-pt-BR": "Voltamos {{amanha}}", "away": "on"}
    answer = gisele.post(f"{PAGE}/empresa/0/mensagens", data=wrong, headers=csrf(gisele))
    assert "Não existe a variável" in answer.text
    answer = gisele.post(
        f"{PAGE}/datas", data={"day": "", "name": "Recesso", "closed": "1"}, headers=csrf(gisele)
    )
    assert "Escolha o dia" in answer.text
    with app.app_context():
        assert known.hours_of(None, None).calendar is None


def test_dates_are_created_removed_and_brought_back_on_the_page(
    cast: Cast, login_as: Login
) -> None:
    gisele = login_as(cast.gisele)
    date_form = {"day": "2027-12-24", "name": "Véspera", "scope": "empresa-0"}
    hours = {"from": "08:00", "to": "12:00"}
    answer = gisele.post(f"{PAGE}/datas", data=date_form | hours, headers=csrf(gisele))
    assert "08:00–12:00" in answer.text
    answer = gisele.delete(f"{PAGE}/datas/1", headers=csrf(gisele))
    assert "Desfazer" in answer.text
    assert "08:00–12:00" in gisele.post(f"{PAGE}/datas/1/restauracao", headers=csrf(gisele)).text


@pytest.mark.parametrize("who", ["ana", "fabio"])
def test_others_find_no_hours(who: str, cast: Cast, login_as: Login) -> None:
    assert login_as(getattr(cast, who)).get(PAGE).status_code == 404


def test_a_team_that_is_not_there_has_no_page(cast: Cast, login_as: Login) -> None:
    gisele = login_as(cast.gisele)
    for address in ("equipe/99", "canal/99", "empresa/1"):
        assert gisele.get(f"{PAGE}/{address}").status_code == 404


@pytest.mark.usefixtures("context")
def test_another_managers_page_is_stale_then_and_nobody_elses(cast: Cast) -> None:
    assert stale_regions(cast.gisele, {"hours:all": "0.0"}) == []
    office_hours(cast)
    assert stale_regions(cast.adriana, {"hours:all": "0.0"}) == ["hours:all"]
    assert stale_regions(cast.ana, {"hours:all": "1.0"}) == ["hours:all"]


@pytest.mark.usefixtures("context")
def test_a_text_that_is_saved_twice_is_recorded_once(cast: Cast) -> None:
    for _ in range(2):
        service.save_texts(person(cast.gisele), COMPANY, Saying("on", 5, {"away": {"en": "Hi"}}))
    assert len(db.session.scalars(select(AuditEntry)).all()) == 1


@pytest.mark.parametrize(
    ("starts", "ends"),
    [(["08:00"], [""]), (["08:00"], ["07:00"]), (["8"], ["12:00"]), (["08:00"] * 7, ["09:00"] * 7)],
)
def test_periods_that_cannot_be(
    client: FlaskClient, app: Flask, starts: list[str], ends: list[str]
) -> None:
    with app.test_request_context(), pytest.raises(GuicheError):
        forms.day_of(starts, ends, "segunda-feira")


def test_a_week_in_words(app: Flask) -> None:
    with app.test_request_context():
        assert forms.day_of(["22:00", ""], ["00:00", ""], "hoje") == ((1320, 1440),)
        assert week_text(WEEK) == "seg a sex 08:00–12:00, 13:00–18:00"
        assert week_text([((480, 720),)] * 2 + [()] * 4 + [((540, 600),)]) == (
            "seg e ter 08:00–12:00; dom 09:00–10:00"
        )
        assert week_text([()] * 7) == "sempre fechado"
