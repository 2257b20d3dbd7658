"""What `make bench` runs: the product beside a floor, on the same machine in the same run.

The floor is the least that could do the same: a bare server under the same gunicorn with the same
settings, which writes one row with raw psycopg. Figures are printed; nothing is asserted.
"""
