"""What other rooms of debts put on a customer's page."""

from collections.abc import Callable
from typing import Any

from app.accounts.models import User
from app.debts.lookups.models import Snapshot
from app.debts.lookups.reading import ContractRead

# Beside a contract's title, for who looks: (viewer, snapshot, contract) -> template and its
# context, or None. Buttons such as "Simular".
Panel = Callable[[User, Snapshot, ContractRead], tuple[str, dict[str, Any]] | None]
contract_actions: list[Panel] = []
# Below a contract's figures: simulations, offers and agreements of it.
contract_panes: list[Panel] = []
