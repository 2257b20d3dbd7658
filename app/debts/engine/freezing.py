"""What approval freezes: a proposal's whole content under one hash (§6.7)."""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from app.debts.engine.debt import Debt
from app.debts.engine.policies import Policy
from app.debts.engine.proposals import Proposal


def _plain(value: object) -> object:
    """Values that JSON does not know, by their text."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def content_hash(proposal: Proposal, debt: Debt, policy: Policy) -> str:
    """SHA-256 over debt, proposal and policy; any change of any of them makes another."""
    content = {
        "debt": asdict(debt),
        "proposal": asdict(proposal),
        "policy": [policy.name, policy.version, policy.fingerprint],
    }
    text = json.dumps(content, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()
