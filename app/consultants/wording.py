"""Why this consultant: a decision in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import User
from app.consultants import queries
from app.consultants.models import HandOut
from app.protocols.models import Protocol
from app.web import moment

MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class Reasons:
    """The answer to "por que este consultor?": a sentence, who stood behind, who was skipped."""

    sentence: str
    behind: list[str]
    skipped: list[tuple[str, list[str]]]  # why, who


def pane(_viewer: User, protocol: Protocol) -> tuple[str, dict[str, Any]] | None:
    """The decision beside its protocol."""
    hand_out = queries.of_protocol(protocol.id)
    return None if hand_out is None else ("consultants/_pane.html", {"why": why(hand_out)})


def skip_label(why: str) -> str:
    """Why somebody was passed over."""
    labels = {
        "language": _("não fala o idioma"),
        "out_of_sequence": _("fora da sequência"),
        "paused": _("em pausa"),
        "offline": _("offline"),
        "hours": _("fora do horário"),
        "capacity": _("no limite de conversas"),
        "silent": _("não recebe este cliente de novo"),
        "queue_paused": _("a fila está pausada"),
    }
    return labels.get(why, why)


def why(hand_out: HandOut) -> Reasons:
    """The decision behind a hand-out; two queries."""
    eligible = hand_out.considered.get("eligible", [])
    called = queries.names({one for ids in hand_out.considered.values() for one in ids})
    behind = _named(eligible[1:], called)
    sentence = _sentence(hand_out, len(eligible))
    return Reasons(sentence, behind, skipped(hand_out.considered, called))


def _sentence(hand_out: HandOut, eligible: int) -> str:
    name = hand_out.consultant.name
    if eligible < 2:
        return _(
            "%(name)s era a única pessoa disponível em %(language)s.",
            name=name, language=hand_out.language,
        )  # fmt: skip
    if (moved := queries.put_first(hand_out)) is not None:
        return _(
            "%(manager)s tinha posto %(name)s em primeiro: %(reason)s.",
            manager=moved.actor_name, name=name, reason=(moved.after or {}).get("reason", ""),
        )  # fmt: skip
    since = _("ainda não tinha atendido")
    if hand_out.attended_before is not None:
        since = _("atendido pela última vez em %(at)s", at=moment(hand_out.attended_before))
    among = ngettext(
        "entre %(num)s disponível em %(language)s", "entre %(num)s disponíveis em %(language)s",
        eligible, language=hand_out.language,
    )  # fmt: skip
    return _(
        "Era a vez de %(name)s: quem esperava há mais tempo %(among)s (%(since)s).",
        name=name, among=among, since=since,
    )  # fmt: skip


def skipped(
    considered: Mapping[str, list[int]], called: Mapping[int, str] | None = None
) -> list[tuple[str, list[str]]]:
    """Who was passed over, by reason; the reasons in a fixed order."""
    if called is None:
        called = queries.names({one for ids in considered.values() for one in ids})
    order = ("queue_paused", "silent", "capacity", "hours", "paused", "offline",
             "out_of_sequence", "language")  # fmt: skip
    return [
        (skip_label(each), _named(considered[each], called)) for each in order if each in considered
    ]


def _named(ids: list[int], called: Mapping[int, str]) -> list[str]:
    found = [called[one] for one in ids[:MOST_NAMES] if one in called]
    more = len(ids) - MOST_NAMES
    return [*found, _("e mais %(n)s", n=more)] if more > 0 else found


def state_label(state: str) -> str:
    """online, paused or offline in words."""
    return {"online": _("online"), "paused": _("em pausa"), "offline": _("offline")}[state]
