"""Alembic's environment: the application's own engine and tables."""

from alembic import context
from flask import current_app

from app.extensions import Model, db

configure = {
    "target_metadata": Model.metadata,
    **current_app.extensions["migrate"].configure_args,
    "render_item": lambda kind, obj, _: "sa.Text()" if type(obj).__name__ == "Encrypted" else False,
    # Partitions are made by the migrations and a job, not by models.
    "include_name": lambda name, kind, _: (
        not (kind == "table" and (name or "").startswith(("receipts_", "outside_calls_")))
    ),
}

# An engine of its own: the lock below is held by one connection until everything is done.
with db.engine.connect() as connection:
    # Two releases started at once: the second waits, then finds nothing left to do.
    connection.exec_driver_sql("SELECT pg_advisory_lock(712001)")
    connection.commit()
    context.configure(connection=connection, **configure)
    with context.begin_transaction():
        context.run_migrations()
    connection.exec_driver_sql("SELECT pg_advisory_unlock(712001)")
    connection.commit()
