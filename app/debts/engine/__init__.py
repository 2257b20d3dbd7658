"""The arithmetic of debts: pure functions on dates, integer cents and Decimal rates.

No input or output, no request, no clock: whoever calls says which day it is. Money is integer
cents, rates are Decimal fractions a month (`Decimal("0.01")` is 1 %), months are counted from the
year 0 (`months.py`). Every rounding is half-up, and only where the rule says so. Results keep what
they were made from, so that `explanation` can open each of them line by line.
"""
