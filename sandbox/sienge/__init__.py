"""Sienge, the ERP: the invented book of receivables, served as the real one serves its own."""

from sandbox.sienge.vendor import Sienge

__all__ = ["Sienge"]
