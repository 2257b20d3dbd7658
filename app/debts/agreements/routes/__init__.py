"""Acordos: offers on their way, the customer's page, agreements, and finance's tasks."""

from flask import Flask

from app.accounts import audit_words
from app.conversations import marking
from app.conversations import service as desk
from app.debts import tabs
from app.debts.agreements import (
    following_contacts,
    hearing,
    history,
    sockets,
    wording_of_pages,
)
from app.debts.agreements.routes import agreements, beside, offers, public, tasks
from app.debts.agreements.routes.blueprint import blueprint, customers
from app.debts.agreements.saying import composing, wording
from app.debts.engine.writing import brl, day
from app.debts.simulations import hooks as simulations
from app.debts.simulations import wording as simulation_words
from app.debts.tabs import Tab
from app.words import N_

# Importing the pages, the settings and the sockets is what registers them.
__all__ = ["agreements", "beside", "init_app", "offers", "public", "sockets", "tasks", "wording"]

_AUDITED = {
    "debts.identified": N_("Confirmou a identidade do cliente"),
    "debts.wrong_number": N_("Anotou que o número não é do titular"),
    "debts.paused": N_("Anotou promessa ou contestação"),
    "debts.pause_ended": N_("Encerrou a pausa da cobrança"),
    "offer.sent": N_("Enviou a oferta"),
    "offer.accepted": N_("Registrou o aceite da oferta"),
    "offer.resent": N_("Enviou a oferta de novo"),
    "agreement.paid": N_("Registrou um pagamento do acordo"),
    "agreement.cancelled": N_("Cancelou o acordo"),
    "agreement.document": N_("Anexou um documento de pagamento"),
    "finance_task.done": N_("Concluiu a tarefa"),
    "finance_task.reopened": N_("Reabriu a tarefa"),
}

_FIELDS = {
    "bill": N_("título"),
    "number": N_("parcela"),
    "option": N_("opção"),
    "way": N_("canal"),
}


def init_app(app: Flask) -> None:
    """Add the pages, hear customers, and tell simulations of agreements."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES.update({"agreement": N_("acordo"), "finance_task": N_("tarefa")})
    audit_words.FIELDS.update(_FIELDS)
    for kind in wording_of_pages.TIMELINE:
        marking.EVENTS[kind] = wording_of_pages.timeline(kind)
    simulation_words.EVENTS["viewed"] = N_("O cliente abriu a proposta")
    app.register_blueprint(blueprint)
    app.register_blueprint(customers)
    tabs.add(
        Tab(40, "agreements.agreement_list", N_("Acordos")),
        Tab(50, "agreements.task_list", N_("Tarefas")),
    )
    following_contacts.follow()
    if hearing.note not in desk.on_inbound:
        desk.on_inbound.append(hearing.note)
    if history.of_contract not in simulations.histories:
        simulations.histories.append(history.of_contract)
        simulations.offer_panes.append(offers.pane)
    app.jinja_env.filters.setdefault("brl", brl)
    app.jinja_env.filters["due_day"] = day
    app.jinja_env.filters["cnpj"] = composing.shown_cnpj
    app.jinja_env.globals.update(
        agreement_state=wording_of_pages.state_name,
        agreement_colour=wording_of_pages.COLOURS.__getitem__,
        agreement_check=wording_of_pages.CHECKS.__getitem__,
        agreement_event=wording_of_pages.event_name,
        agreement_event_detail=wording_of_pages.event_detail,
        payment_name=wording_of_pages.payment_name,
        sending_state=wording_of_pages.SENDINGS.__getitem__,
        sending_colour=wording_of_pages.SENDING_COLOURS.__getitem__,
        sending_way=wording_of_pages.WAYS.__getitem__,
        message_tick=wording_of_pages.message_tick,
        pause_name=wording_of_pages.pause_name,
        block_reason=wording_of_pages.block_reason,
        agreement_offer_state=simulation_words.state_name,
    )
