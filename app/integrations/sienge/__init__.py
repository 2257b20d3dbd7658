"""Sienge, the ERP: who the customers are, what they bought, and what they paid and owe.

`client` makes the calls, `budget` counts them for all processes, `resources` knows each address.
"""
