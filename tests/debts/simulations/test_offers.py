"""From a simulation to an offer: what is frozen, who may grant it, and what stops it."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from app.accounts.models import User
from app.debts.engine.freezing import content_hash
from app.debts.simulations import approval, service, subjects
from app.debts.simulations.content import hash_of, thawed
from app.debts.simulations.inputs import Inputs, Override
from app.debts.simulations.models import DebtOffer, OfferEvent
from app.errors import Conflict, Forbidden, GuicheError
from app.extensions import db
from tests.cast import Cast
from tests.debts.simulations.conftest import asked

Found = tuple[int, str]
Bills = Callable[[int], Found]
Grant = Callable[..., None]

pytestmark = pytest.mark.usefixtures("context")


def person(user_id: int) -> User:
    db.session.expire_all()
    return db.session.get_one(User, user_id)


def offered(user_id: int, found: Found, inputs: Inputs | None = None) -> DebtOffer:
    subject = subjects.find(*found)
    kept = service.keep(person(user_id), subject, inputs or asked(), "Primeira conversa")
    return service.create_offer(person(user_id), kept.id, note="Cliente pediu prazo")


def test_what_an_operator_may_grant_needs_nobody_else(
    contracts: Bills, cast: Cast, grant: Grant
) -> None:
    grant(cast.fabio, 1)
    offer = offered(cast.fabio, contracts(1))
    assert (offer.state, offer.needed_level) == ("approved", 1)
    event = db.session.query(OfferEvent).one()
    assert (event.kind, event.reason) == ("created", "Cliente pediu prazo")


def test_what_is_frozen_thaws_to_the_cent_and_under_the_same_hash(
    contracts: Bills, cast: Cast, grant: Grant
) -> None:
    grant(cast.fabio, 1)
    offer = offered(cast.fabio, contracts(1))
    whole = thawed(offer.content)
    assert hash_of(offer.content) == offer.content_hash
    assert [one.letter for one in whole.proposals] == ["A", "B", "C"]
    for one in whole.proposals:
        assert content_hash(one, whole.debt, whole.policy) == offer.content["hashes"][one.letter]
    assert sum(one["total"] for one in offer.content["instalments"]) == whole.debt.total


def test_beyond_ones_level_somebody_else_decides_and_only_once(
    contracts: Bills, cast: Cast, grant: Grant
) -> None:
    grant(cast.fabio, 1)
    grant(cast.gisele, 3)
    grant(cast.adriana, 4)
    generous = asked(A=Override(fine=Decimal(1), interest=Decimal(1)))
    offer = offered(cast.fabio, contracts(1), generous)
    assert (offer.state, offer.needed_level) == ("awaiting_approval", 2)
    assert offer.reasons == [["charges", 2]]
    with pytest.raises(Forbidden):
        approval.approve(person(cast.fabio), offer.id, offer.content_hash)
    with pytest.raises(Conflict, match="não é mais o que você viu"):
        approval.approve(person(cast.gisele), offer.id, "outro")
    with pytest.raises(GuicheError, match="por que"):
        approval.refuse(person(cast.gisele), offer.id, offer.content_hash, " ")
    approval.approve(person(cast.gisele), offer.id, offer.content_hash, "Bom pagador")
    with pytest.raises(Conflict, match="Gisele Prado já aprovou"):
        approval.refuse(person(cast.adriana), offer.id, offer.content_hash, "Não")
    history = [one.kind for one in db.session.query(OfferEvent).order_by(OfferEvent.id)]
    assert history == ["created", "approved"]


def test_a_new_offer_takes_the_place_of_what_was_not_yet_sent(
    contracts: Bills, cast: Cast, grant: Grant
) -> None:
    grant(cast.fabio, 1)
    found = contracts(1)
    first = offered(cast.fabio, found)
    second = offered(cast.fabio, found, asked(income=900_000))
    db.session.refresh(first)
    assert (first.state, second.state) == ("superseded", "approved")
    assert first.content_hash != second.content_hash


@pytest.mark.parametrize(
    ("case", "inputs", "words"),
    [
        (1, Inputs(asked().day.replace(day=10)), "só para leitura"),
        (1, Inputs(asked().day.replace(day=27)), "data de hoje"),
        (1, asked(C=Override(count=59)), "prazo"),
        (1, asked(C=Override(rate=Decimal("0.02"))), "nunca acima de 1%"),
    ],
)
def test_what_may_not_go_out_says_why(
    contracts: Bills, cast: Cast, case: int, inputs: Inputs, words: str
) -> None:
    with pytest.raises(GuicheError, match=words):
        offered(cast.fabio, contracts(case), inputs)


def test_a_block_stops_the_offer_unless_the_legal_department_may(
    contracts: Bills, cast: Cast, grant: Grant
) -> None:
    bill = contracts(15)  # notified
    with pytest.raises(Conflict, match="só o jurídico"):
        offered(cast.fabio, bill)
    grant(cast.fabio, 4, legal=True)
    assert offered(cast.fabio, bill).state == "approved"
