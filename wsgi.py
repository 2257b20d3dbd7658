"""What gunicorn and `flask --app wsgi` load."""

import gc

from app import create_app

# Hardly anything that a start makes is ever garbage; looking for some took a sixth of its time.
gc.disable()
app = create_app()
gc.freeze()
gc.enable()
