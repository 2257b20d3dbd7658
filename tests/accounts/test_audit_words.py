"""Every action and field that the product records has words in the staff's language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from app.accounts.audit_words import ACTIONS, FIELDS, subject_name, value_text

RECORDED = re.compile(
    r'"((?:user|token|channel|label|contact|receipt|session|second_factor|audit)\.[a-z_]+)"'
)
PERMISSIONS = {"audit.view"}


def test_every_recorded_action_has_words(app: Flask) -> None:
    sources = Path(__file__).parents[2].joinpath("app").rglob("*.py")
    used = {name for source in sources for name in RECORDED.findall(source.read_text())}

    assert len(used) > 20
    assert sorted(used - set(ACTIONS) - PERMISSIONS) == []


def _recorded_fields(source: Path) -> Iterator[str]:
    """The keys of every dict written out where values for the log are made."""
    text = source.read_text()
    for part in ast.walk(ast.parse(text if "audit.record(" in text else "")):
        if _makes_values(part, source.stem):
            for found in ast.walk(part):
                if isinstance(found, ast.Dict):
                    yield from (str(k.value) for k in found.keys if isinstance(k, ast.Constant))


def _makes_values(part: ast.AST, module: str) -> bool:
    if isinstance(part, ast.FunctionDef):
        is_filter = module == "audit_log" and part.name == "as_arguments"  # an export records it
        return is_filter or "What the audit log may hold" in (ast.get_docstring(part) or "")
    if isinstance(part, ast.Assign):
        return any(ast.unparse(target) in {"before", "after"} for target in part.targets)
    return isinstance(part, ast.Call) and ast.unparse(part.func) == "audit.record"


def test_every_recorded_field_has_words(app: Flask) -> None:
    sources = Path(__file__).parents[2].joinpath("app").rglob("*.py")
    names = {name for source in sources for name in _recorded_fields(source)}
    edited = {"name", "email", "language", "cpf"}  # of a contact: named by the form's checks

    assert {"pace_seconds", "absorbed", "phone", "roles", "state", "acao"} <= names
    assert sorted((names | edited) - set(FIELDS)) == []


def test_an_export_reads_like_the_page(app: Flask) -> None:
    assert value_text({"rotating": True, "pace_seconds": 1.5, "absorbed": 7}) == (
        "troca de endereço em curso: sim; segundos entre envios: 1,5; contato juntado: 7"
    )


def test_days_times_and_settings_read_as_people_write_them(app: Flask) -> None:
    assert value_text("2026-11-20") == "20/11/2026"
    assert value_text(["2026-11-20T14:32:00+00:00", "2026-13-40"]) == "20/11/2026 11:32, 2026-13-40"
    assert value_text({"name": "admin", "roles": ["admin"], "active": False}) == (
        "nome: admin; papéis: administração; em uso: não"
    )
    assert subject_name("company", "channels") == "configuração “Canais”"
    assert subject_name("channel", "7") == "canal 7"
    assert subject_name("contact_export", "list") == "exportação"
