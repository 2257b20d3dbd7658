"""What our own agreements say of a contract, for whoever simulates it anew."""

from sqlalchemy import func, select

from app.debts.agreements.lifecycle import ACTIVE, State
from app.debts.agreements.models import Agreement
from app.debts.simulations.hooks import History
from app.extensions import db


def of_contract(erp: str, bill: str) -> History:
    """Whether one is in life, how many there were, and how many broke."""
    query = select(Agreement.state, func.count()).where(
        Agreement.erp == erp, Agreement.bill == bill
    )
    found = {
        str(row[0]): int(row[1]) for row in db.session.execute(query.group_by(Agreement.state))
    }
    earlier = sum(found.get(state, 0) for state in (State.FULFILLED, State.BROKEN, State.EFFECTIVE))
    return History(
        active=any(found.get(state) for state in ACTIVE),
        earlier=earlier,
        broken=found.get(State.BROKEN, 0),
    )
