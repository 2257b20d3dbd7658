"""The contract of the replaced consultant system: one test for each row of its table."""

import re
from itertools import count

import pytest

from app.accounts import tokens
from app.extensions import db
from app.protocols.models import Protocol
from tests.telling import person

KEY = "chave-dos-testes"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.?\d*[+-]\d\d:\d\d")
CONSULTANT = {
    "id", "nome", "email", "telefone", "idiomas", "status_ativo", "status_ativo_sequencial",
    "status_online", "id_pipedrive", "ultimo_atendimento",
}  # fmt: skip
NEXT = {
    "consultor_id", "consultor_nome", "consultor_email", "consultor_telefone",
    "consultor_idiomas", "consultor_status_online", "consultor_atendimento_iso",
    "consultor_id_pipedrive", "numero_protocolo",
}  # fmt: skip
_one = count()


@pytest.fixture
def api(app, monkeypatch):
    monkeypatch.setattr(app.config["SETTINGS"], "authentication_api_key", KEY)
    client = app.test_client()
    client.environ_base["HTTP_API_KEY"] = KEY
    return client


@pytest.fixture
def hire(api):
    """`hire(online=True)`: the id of a consultant who speaks xq and en."""

    def _hire(**given):
        given = {"nome": f"João {next(_one)} Silva", "idiomas": ["xq", "en"], **given}
        answer = api.post("/consultor", json={"status_online": True} | given)
        assert answer.status_code == 200, answer.text
        return answer.json["id"]

    return _hire


def _refused(answer, status, detail):
    assert (answer.status_code, answer.json) == (status, {"detail": detail})


def test_every_route_wants_the_key(app, api):
    client = app.test_client()
    for method, path in (
        ("get", "/consultores"), ("post", "/consultor"), ("get", "/consultor/1"),
        ("put", "/consultor/1"), ("delete", "/consultor/1"), ("put", "/consultor/1/connection"),
        ("get", "/consultor/da-vez"), ("post", "/consultor/da-vez"), ("get", "/gerar-protocolo"),
        ("post", "/gerar-protocolo"),
    ):  # fmt: skip
        _refused(getattr(client, method)(path), 403, "Not authenticated")
        wrong = getattr(client, method)(path, headers={"api-key": "outra"})
        _refused(wrong, 401, "API Key inválida")


def test_nobody_available_is_a_404_that_says_so(api):
    answer = api.get("/consultor/da-vez?idioma=zz")
    _refused(answer, 404, "Não há consultor disponível para o idioma zz")
    assert api.get("/consultor/da-vez").status_code == 422
    assert api.get("/consultor/da-vez?idioma=%00").status_code == 422


def test_a_consultant_is_created(api):
    given = {
        "nome": "João Silva", "email": "joao@exemplo.com", "telefone": "+5511999999999",
        "idiomas": ["pt-BR", "en"], "status_ativo": True, "status_ativo_sequencial": True,
        "status_online": True, "id_pipedrive": 12,
    }  # fmt: skip
    made = api.post("/consultor", json=given)
    assert made.status_code == 200
    assert set(made.json) == CONSULTANT
    assert {name: made.json[name] for name in given} == given
    assert MOMENT.fullmatch(made.json["ultimo_atendimento"])
    assert api.get(f"/consultor/{made.json['id']}").json == made.json
    assert api.get("/consultores").json == [made.json]
    again = given | {"nome": "João 2"}
    _refused(api.post("/consultor", json=again), 400, "Email já cadastrado")


def test_a_consultant_has_defaults(api):
    made = api.post("/consultor", json={"nome": "Bia", "idiomas": ["xq"]}).json
    wanted = {"email": None, "telefone": None, "status_ativo": True, "id_pipedrive": None,
              "status_ativo_sequencial": True, "status_online": False}  # fmt: skip
    assert {name: made[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"nome": "Ed", "idiomas": ["pt"]}, ["body", "nome"]),
        ({"nome": "Eva", "idiomas": []}, ["body", "idiomas"]),
        ({"nome": "Eva"}, ["body", "idiomas"]),
        ({"nome": "Eva", "idiomas": ["p"]}, ["body", "idiomas", 0]),
        ({"nome": "Cid", "idiomas": ["pt"], "telefone": "119"}, ["body", "telefone"]),
    ],
)
def test_what_does_not_fit_is_422_in_the_callers_shape(api, given, place):
    answer = api.post("/consultor", json=given)
    assert answer.status_code == 422
    assert [fault["loc"] for fault in answer.json["detail"]] == [place]
    assert set(answer.json["detail"][0]) == {"type", "loc", "msg", "input"}


def test_who_is_not_there_is_404(api):
    for answer in (
        api.get("/consultor/2000000000"), api.put("/consultor/2000000000", json={"nome": "xxx"}),
        api.delete("/consultor/2000000000"),
        api.put("/consultor/2000000000/connection?status=true"),
    ):  # fmt: skip
        _refused(answer, 404, "Consultor não encontrado")
    assert api.get("/consultor/abc").status_code == 422


def test_a_consultant_is_changed_in_part(api, hire):
    one, _other = hire(), hire(email="a@exemplo.com")
    answer = api.put(f"/consultor/{one}", json={"nome": "João S", "id_pipedrive": 9})
    assert set(answer.json) == CONSULTANT
    assert (answer.json["nome"], answer.json["id_pipedrive"]) == ("João S", 9)
    assert answer.json["idiomas"] == ["xq", "en"]
    taken = api.put(f"/consultor/{one}", json={"email": "a@exemplo.com"})
    assert taken.json["email"] == "a@exemplo.com"


def test_a_consultant_goes_online_and_off(api, hire):
    one = hire(status_online=False)
    assert api.put(f"/consultor/{one}/connection?status=true").json["status_online"] is True
    assert api.put(f"/consultor/{one}/connection?status=false").json["status_online"] is False
    assert api.put(f"/consultor/{one}/connection").status_code == 422


def test_the_turn_goes_round_and_skips_who_is_not_there(api, hire):
    one, two = hire(), hire(idiomas=["xq"])
    first = api.get("/consultor/da-vez?idioma=xq")
    assert set(first.json) == NEXT
    assert first.json["consultor_id"] == one
    assert first.json["numero_protocolo"] == "#00001"
    assert MOMENT.fullmatch(first.json["consultor_atendimento_iso"])
    assert first.headers["Cache-Control"] == "no-store"
    turn = lambda language: api.get(f"/consultor/da-vez?idioma={language}").json["consultor_id"]  # noqa: E731
    assert [turn("xq"), turn("xq"), turn("XQ"), turn("en")] == [two, one, two, one]
    api.put(f"/consultor/{two}/connection?status=false")
    assert turn("xq") == one
    posted = api.post("/consultor/da-vez?idioma=xq").json
    assert (posted["consultor_id"], posted["numero_protocolo"]) == (one, "#00007")
    api.put(f"/consultor/{one}", json={"status_ativo_sequencial": False})
    _refused(
        api.get("/consultor/da-vez?idioma=xq"), 404,
        "Não há consultor disponível para o idioma xq",
    )  # fmt: skip


def test_whoever_only_looks_whether_it_answers_takes_no_turn(api, hire, context):
    hire()
    for path in ("/consultor/da-vez?idioma=xq", "/gerar-protocolo"):
        assert api.head(path).status_code == 405
    assert db.session.query(Protocol).count() == 0


def test_languages_are_whole_tags_of_up_to_35_characters(api, hire):
    longest = "zh-Hans-CN-x-abcdefgh-ijklmnop-qrst"
    one = hire(idiomas=[longest])
    turn = api.get(f"/consultor/da-vez?idioma={longest.upper()}")
    assert turn.json["consultor_id"] == one
    assert api.get("/consultor/da-vez?idioma=zh-Hans").status_code == 404
    assert api.get(f"/consultor/da-vez?idioma={longest}x").status_code == 422
    refused = {"nome": "Longa", "idiomas": [longest + "x"]}
    assert api.post("/consultor", json=refused).status_code == 422


def test_a_protocol_is_made_without_a_turn(api, hire, context):
    _refused(api.get("/gerar-protocolo"), 400, "Não há consultores ativos no sistema")
    one = hire()
    answer = api.get("/gerar-protocolo")
    assert answer.json == {"numero_protocolo": "#00001"}
    assert answer.headers["Cache-Control"] == "no-store"
    given = {"descricao": "Quer visitar", "prioridade": "alta"}
    assert api.post("/gerar-protocolo", json=given).json == {"numero_protocolo": "#00002"}
    assert api.post("/gerar-protocolo").json == {"numero_protocolo": "#00003"}
    kept = db.session.get_one(Protocol, 2)
    assert (kept.consultant_id, kept.description, kept.priority) == (one, "Quer visitar", "high")


def test_who_is_removed_leaves_the_protocols_behind(api, hire):
    one = hire()
    api.get("/consultor/da-vez?idioma=xq")
    answer = api.delete(f"/consultor/{one}")
    assert (answer.status_code, answer.json["detail"]) == (200, "Consultor removido com sucesso")
    _refused(api.delete(f"/consultor/{one}"), 404, "Consultor não encontrado")
    _refused(api.get(f"/consultor/{one}"), 404, "Consultor não encontrado")
    assert api.get("/consultores").json == []
    assert [row["consultor_id"] for row in api.get("/protocolos").json] == [one]


def test_a_token_that_only_reads_takes_no_turn(app, cast):
    with app.app_context():
        _, secret = tokens.create(person(cast.adriana), "painel", ["consultants:read"], None)
    client = app.test_client()
    client.environ_base["HTTP_API_KEY"] = secret
    assert client.get("/consultores").status_code == 200
    assert client.get("/consultor/da-vez?idioma=xq").status_code == 403
