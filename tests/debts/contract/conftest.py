"""The ERP's double for the contract."""

from tests.debts.lookups.conftest import erp

__all__ = ["erp"]
