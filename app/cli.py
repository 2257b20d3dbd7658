"""The command line: `flask --app wsgi …`.

What one command alone needs is imported in it: every process of the product loads this module.
"""

from datetime import datetime

import click
from cryptography.fernet import Fernet
from flask import Flask

from app.channels.service import ensure_environment_channel
from app.intake.retention import make_partitions


def init_app(app: Flask) -> None:
    """Add the commands that belong to no feature."""

    @app.cli.command("prepare")
    def prepare() -> None:
        """Bring the database to the newest version and make what must exist."""
        from flask_migrate import upgrade

        upgrade()
        ensure_environment_channel()
        make_partitions()
        click.echo("Banco de dados pronto.")

    @app.cli.command("seed")
    @click.option(
        "--preset",
        type=click.Choice(["demo", "finance", "load"]),
        default="demo",
        show_default=True,
    )
    @click.option("--messages", default=1_000_000, show_default=True, help="Of the load.")
    @click.option("--conversations", type=int, help="Of the load; a tenth of the messages.")
    @click.option("--seed", "number", default=1, show_default=True, help="Another one, other rows.")
    @click.option("--date", "until", type=click.DateTime(["%Y-%m-%d"]), help="End of the history.")
    def seed_command(
        preset: str, messages: int, conversations: int | None, number: int, until: datetime | None
    ) -> None:
        """Load sample data; never in production.

        Finance comes after the demo, once the sandbox's ERP answers. The load is for measurements:
        100,000 conversations and a million messages.
        """
        from app.seed import seed
        from app.seed.load import Refused, load

        if app.config["SETTINGS"].is_production:
            raise click.ClickException(
                "Os dados de exemplo não entram em produção: "
                "criariam pessoas inventadas com acesso."
            )
        if preset == "demo":
            click.echo(seed())
            return
        if preset == "finance":
            _tell_finance()
            return
        try:
            end = until.date() if until else None
            click.echo(load(messages, conversations, number, end, click.echo))
        except Refused as error:
            raise click.ClickException(str(error)) from None

    @app.cli.command("worker")
    @click.argument("queues", nargs=-1, required=True)
    @click.option("--burst", is_flag=True, help="Stop when the queues are empty.")
    def worker(queues: tuple[str, ...], burst: bool) -> None:
        """Work on these queues until told to stop."""
        from jobs.worker import run_worker

        run_worker(app, queues, burst=burst)

    @app.cli.command("cron")
    def cron() -> None:
        """Enqueue the periodic jobs; run exactly one of these."""
        from jobs.schedule import run_cron

        run_cron(app)

    @app.cli.group("key")
    def key() -> None:
        """Keys of the environment."""

    @key.command("create")
    def key_create() -> None:
        """Print a new ENCRYPTION_KEY."""
        click.echo(Fernet.generate_key().decode())


def _tell_finance() -> None:
    from app.integrations.base import IntegrationError
    from app.seed.finance import Refused, tell_finance

    try:
        click.echo(tell_finance())
    except Refused as error:
        raise click.ClickException(str(error)) from None
    except IntegrationError as error:
        raise click.ClickException(error.message) from None
