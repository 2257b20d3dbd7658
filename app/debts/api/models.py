"""What a token looked up: what it may ask about for a day, and nothing else."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)


class ContractLookup(Model):
    """One `/consultar` that found somebody. `caller` names the token, never its secret.

    `erp` is the ERP that was asked: the same numbers in another one are other people. `units` are
    the contracts in the order in which they were listed.
    """

    __tablename__ = "contract_lookups"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    caller: Mapped[str] = mapped_column(Text)
    erp: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    customer_id: Mapped[int] = mapped_column(BigInteger)
    bill_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    units: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    asked_at: Mapped[datetime] = mapped_column(Timestamp)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)

    __table_args__ = (
        Index("ix_contract_lookups_document", "caller", "erp", "document", text("id DESC")),
        Index("ix_contract_lookups_customer", "caller", "erp", "customer_id", text("id DESC")),
        Index("ix_contract_lookups_expires_at", "expires_at"),
    )
