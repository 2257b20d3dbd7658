"""The payments of an agreement, as rows and as the rules take them."""

from sqlalchemy import select

from app.debts.agreements.lifecycle import Instalment
from app.debts.agreements.models import AgreementPayment
from app.extensions import db


def payments_of(agreement_id: int) -> list[AgreementPayment]:
    """Everything that is due, in its order."""
    query = select(AgreementPayment).where(AgreementPayment.agreement_id == agreement_id)
    query = query.order_by(AgreementPayment.number).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def plain(one: AgreementPayment) -> Instalment:
    """A row for the rules."""
    return Instalment(
        one.number, one.due, one.payable_until, one.amount, one.paid_on,
        one.reminded_at is not None, one.chased_at is not None, one.noticed_on,
    )  # fmt: skip
