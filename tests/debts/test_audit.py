"""`flask finance audit`: auditors' figures against ours."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app.debts.audit.cases import CATEGORIES
from app.debts.commands import finance

pytestmark = pytest.mark.quick
HERE = Path(__file__).parent
WORKED = HERE / "worked_cases.json"
OF_EACH = HERE / "cases_of_each_category.json"


def audit(path: Path) -> Result:
    return CliRunner().invoke(finance, ["audit", str(path)])


def written(tmp_path: Path, given: Any) -> Path:
    path = tmp_path / "casos.json"
    path.write_text(given if isinstance(given, str) else json.dumps(given))
    return path


def case(**changed: Any) -> dict[str, Any]:
    inputs = {"principal": "100.00", "multa": "0.02", "mora_mes": "0.01", "dias_atraso": 10}
    inputs |= changed.pop("inputs", {})
    expected = {"total": "102.33"} | changed.pop("expected", {})
    return {"id": "X-1", "category": "mora_multa", "inputs": inputs, "expected": expected} | changed


@pytest.mark.parametrize("path", [WORKED, OF_EACH], ids=["worked", "of each category"])
def test_every_stated_figure_is_ours(path: Path) -> None:
    done = audit(path)
    assert done.exit_code == 0, done.output
    assert "0 com diferença" in done.output


def test_there_is_a_case_of_every_category() -> None:
    cases = [*json.loads(WORKED.read_text())["cases"], *json.loads(OF_EACH.read_text())["cases"]]
    assert {one["category"] for one in cases} == set(CATEGORIES)


def test_every_category_and_key_is_documented() -> None:
    text = (HERE.parent.parent / "docs" / "audit.md").read_text()
    assert [name for name in CATEGORIES if f"### {name}\n" not in text] == []
    cases = [*json.loads(WORKED.read_text())["cases"], *json.loads(OF_EACH.read_text())["cases"]]
    keys = {key for one in cases for key in (*one["inputs"], *one["expected"])}
    assert {key for key in keys if f"`{key}`" not in text} == set()


def test_a_difference_is_told_with_both_figures_and_fails(tmp_path: Path) -> None:
    done = audit(written(tmp_path, {"cases": [case(), case(expected={"juros": "0.34"})]}))
    assert done.exit_code == 1
    assert "ok         X-1" in done.output
    assert "X-1: juros: esperado 0.34, calculado 0.33" in done.output
    assert "2 casos, 1 certos, 1 com diferença." in done.output


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"inputs": {"principal": "-1.00"}}, "campo principal: não pode ser negativo (-1.00)"),
        ({"inputs": {"principal": "1000000000.01"}}, "passa do limite"),
        ({"inputs": {"principal": "1.005"}}, "mais de duas casas"),
        ({"inputs": {"principal": "٣"}}, "não é um número"),
        ({"inputs": {"principal": None}}, "campo principal: falta este campo"),
        ({"inputs": {"multa": "2"}}, "não é uma taxa"),
        ({"inputs": {"vencimento": "2026-02-30", "data_calculo": "2026-03-30"}}, "esta data não"),
        ({"inputs": {"vencimento": "0001-01-01", "data_calculo": "2026-03-30"}}, "fora de 1970"),
        ({"inputs": {"contagem": "anos"}}, "não é uma das opções"),
        ({"inputs": {"juros_compostos": "1"}}, "juros_compostos: esta chave não existe"),
        ({"category": "magia"}, "esta categoria não existe (magia)"),
        ({"category": ["sac"]}, "esta categoria não existe"),
        ({"expected": {"lucro": "1.00"}}, "lucro: esperado 1.00, calculado nada"),
        ({"expected": {"total": [1]}}, "total: esperado [1], calculado 102.33"),
        ({"expected": {"total": True}}, "total: esperado true"),
        ({"inputs": {"principal": "1e400"}}, "não é um número"),
    ],
)
def test_what_is_wrong_with_a_case_names_its_field(
    tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    done = audit(written(tmp_path, {"cases": [case(**changed), case()]}))
    assert done.exit_code == 1
    assert said in done.output
    assert "2 casos, 1 certos, 1 com diferença." in done.output  # the other one still shows


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "não é JSON"),
        ("{", "não é JSON: linha 1"),
        ("[]", "lista de casos"),
        ('{"cases": {}}', "lista de casos"),
        ('{"cases": []}', "lista de casos"),
        ('{"cases": [NaN]}', "não é um número"),
        ('{"cases": [1], "cases": [2]}', "esta chave aparece duas vezes"),
        ("[" * 100_000, "não é JSON que se possa ler"),
    ],
)
def test_a_nonsense_file_gets_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    done = audit(written(tmp_path, text))
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_file_that_is_not_there_or_not_text_gets_a_sentence(tmp_path: Path) -> None:
    assert "não foi possível ler" in audit(tmp_path / "nada.json").output
    (tmp_path / "x.json").write_bytes(b"\xff\xfe\x00")
    assert "não é texto em UTF-8" in audit(tmp_path / "x.json").output


@pytest.mark.parametrize("one", [None, 7, "x", [], {}, {"category": "cpf"}])
def test_a_case_that_is_none_does_not_stop_the_others(tmp_path: Path, one: Any) -> None:
    done = audit(written(tmp_path, {"cases": [one, case()]}))
    assert "2 casos, 1 certos" in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_the_product_has_the_command() -> None:
    from app.debts import commands

    app = Flask("empty")
    commands.init_app(app)
    assert "audit" in app.cli.commands["finance"].commands  # type: ignore[attr-defined]
