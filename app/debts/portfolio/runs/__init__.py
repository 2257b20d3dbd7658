"""Simulations over whole portfolios: rows that workers carry on with, and what came out."""
