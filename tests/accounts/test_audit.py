"""Auditoria: found by any word, page by page, and exported without formulas."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import clock
from app.accounts import audit, audit_log
from app.accounts.audit_log import AuditFilter, parse_filter
from app.accounts.models import AuditEntry, User
from app.csv_cells import neutral
from app.extensions import db
from app.transactions import atomic
from tests.accounts.browsing import queries_of
from tests.cast import Cast

LogIn = Callable[[int], FlaskClient]


def record(action: str, actor: User | str = "teste", entity: str = "1", **values: object) -> None:
    with atomic():
        audit.record(actor, action, "contact", entity, {"name": "João"}, {"name": "José", **values})


def found(query: str) -> list[str]:
    """The actions a search answers, newest first."""
    return [entry.action for entry in audit_log.page(parse_filter({"q": query}))]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    "query",
    ["ana souza", "SOUZA", "cpf_revealed", "revealed", "contact", "77", "joao", "josé", "nota",
     "maria@exemplo", "jos not", "  "],
)  # fmt: skip
def test_an_entry_is_found_by_any_word_in_it(cast: Cast, query: str) -> None:
    ana = db.session.get_one(User, cast.ana)
    record("contact.cpf_revealed", ana, "77", why="nota fiscal", email="maria@exemplo.com.br")
    assert found(query) == ["contact.cpf_revealed"]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("query", ["pedro", "ana pedro", "' OR 1=1 --", ":* & |", "!!", "%"])
def test_what_is_not_there_is_not_found(cast: Cast, query: str) -> None:
    record("contact.cpf_revealed", db.session.get_one(User, cast.ana))
    assert found(query) == []


@pytest.mark.usefixtures("context")
def test_the_words_that_staff_read_find_the_action(cast: Cast) -> None:
    record("user.deactivated")
    assert found("Desativou") == ["user.deactivated"]


@pytest.mark.usefixtures("context")
def test_filters_narrow_by_person_action_and_day(cast: Cast) -> None:
    record("one.done", db.session.get_one(User, cast.ana))
    clock.shift(timedelta(days=2))
    record("two.done", db.session.get_one(User, cast.bruno))
    today = clock.now().astimezone(clock.COMPANY_ZONE).date()

    def actions(chosen: AuditFilter) -> list[str]:
        return [entry.action for entry in audit_log.page(chosen)]

    assert actions(AuditFilter(actor_id=cast.ana)) == ["one.done"]
    assert actions(AuditFilter(action="two.done")) == ["two.done"]
    assert actions(AuditFilter(since=today)) == ["two.done"]
    assert actions(AuditFilter(until=today - timedelta(days=1))) == ["one.done"]
    assert actions(AuditFilter(since=today, until=today)) == ["two.done"]
    assert audit_log.actions() == ["one.done", "two.done"]


@pytest.mark.usefixtures("context")
def test_only_what_differs_is_kept_and_it_reads_in_portuguese(cast: Cast) -> None:
    with atomic():
        entry = audit.record(
            "teste", "user.roles_changed", "user", 1,
            {"roles": ["attendant"], "name": "Ana"}, {"roles": ["manager"], "name": "Ana"},
        )  # fmt: skip
    assert audit_log.changes(entry) == [("papéis", "atendente", "gestão")]


def test_pages_follow_by_key(app: Flask, cast: Cast, login_as: LogIn) -> None:
    with app.app_context(), atomic():
        for number in range(audit_log.PAGE + 3):
            audit.record("teste", "test.done", "test", number)
    admin = login_as(cast.adriana)
    first = admin.get("/auditoria?acao=test.done").text
    assert 'id="audit-53"' in first
    assert 'id="audit-3"' not in first
    assert "/auditoria?antes=4&amp;acao=test.done" in first
    second = admin.get("/auditoria?antes=4&acao=test.done").text
    assert 'id="audit-3"' in second
    assert "Mais antigos" not in second


@pytest.mark.parametrize(
    "query", ["antes=9" * 9, "antes=x", "q=%00", "acao=%00", "n=-5", "q=" + "a" * 3000]
)
def test_odd_addresses_harm_nothing(cast: Cast, login_as: LogIn, query: str) -> None:
    admin = login_as(cast.adriana)
    assert admin.get(f"/auditoria?{query}").status_code == 200
    assert admin.get(f"/auditoria/linhas?{query}").status_code == 200


@pytest.mark.parametrize("query", ["de=ontem", "ate=9999-12-31", "pessoa=x", "de=0001-01-01"])
def test_malformed_filters_are_refused_with_a_sentence(
    cast: Cast, login_as: LogIn, query: str
) -> None:
    assert login_as(cast.adriana).get(f"/auditoria?{query}").status_code == 400


def test_the_export_holds_what_is_filtered_and_is_recorded(
    app: Flask, cast: Cast, login_as: LogIn
) -> None:
    with app.app_context():
        record("one.done", why='=HYPERLINK("http://evil.example")')
        record("two.done")
    answer = login_as(cast.adriana).get("/auditoria.csv?acao=one.done")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert [row["código"] for row in rows] == ["one.done"]
    with app.app_context():
        latest = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)
        entry = db.session.scalars(latest).one()
        assert (entry.action, entry.actor_id) == ("audit.exported", cast.adriana)
        assert entry.after == {"acao": "one.done"}


def test_a_formula_in_any_cell_is_neutralised(app: Flask, cast: Cast, login_as: LogIn) -> None:
    with app.app_context(), atomic():
        audit.record("=1+1", "test.done", "@SUM(A1)", "-2", {"+x": 1}, {"\t=x": 2})
    answer = login_as(cast.adriana).get("/auditoria.csv")
    rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";")
    for cell in (cell for row in rows for cell in row):
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def test_an_export_longer_than_a_batch_is_whole(
    app: Flask, cast: Cast, login_as: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_log, "EXPORT_BATCH", 10)
    with app.app_context(), atomic():
        for number in range(35):
            audit.record("teste", "test.done", "test", number)
    answer = login_as(cast.adriana).get("/auditoria.csv?acao=test.done")
    assert len(answer.text.strip().splitlines()) == 36


@pytest.mark.parametrize(
    ("cell", "safe"),
    [("=1", "'=1"), ("+55", "'+55"), ("-1", "'-1"), ("@a", "'@a"), (" =1", "' =1"),
     ("\t=1", "'\t=1"), ("＝1", "'＝1"), ("a=1", "a=1"), ("", ""), ("Ana", "Ana")],
)  # fmt: skip
def test_cells_that_spreadsheets_would_run_begin_with_an_apostrophe(cell: str, safe: str) -> None:
    assert neutral(cell) == safe


def test_what_customers_wrote_is_text_in_the_page(app: Flask, cast: Cast, login_as: LogIn) -> None:
    with app.app_context():
        record("one.done", why="<script>alert(1)</script>")
    page = login_as(cast.adriana).get("/auditoria").text
    assert "<script>alert" not in page


def test_the_page_takes_four_queries_however_long(app: Flask, cast: Cast, login_as: LogIn) -> None:
    with app.app_context(), atomic():
        for number in range(60):
            audit.record("teste", f"test.{number}", "test", number)
    admin = login_as(cast.adriana)
    assert queries_of(app, admin, "/auditoria") == 4


@pytest.mark.usefixtures("context")
def test_the_search_uses_its_index() -> None:
    db.session.execute(text("SET LOCAL enable_seqscan = off"))
    query = audit_log._filtered(AuditFilter(text="ana"))
    statement = query.compile(db.engine, compile_kwargs={"render_postcompile": True})
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN {statement}", statement.params)
    assert "ix_audit_entries_words" in str(plan.all())
