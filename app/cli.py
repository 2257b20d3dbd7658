"""The command line: `flask --app wsgi …`."""

import click
from cryptography.fernet import Fernet
from flask import Flask
from flask_migrate import upgrade

from app.channels.service import ensure_environment_channel
from app.intake.retention import make_partitions
from app.seed import seed
from jobs.schedule import run_cron
from jobs.worker import run_worker


def init_app(app: Flask) -> None:
    """Add the commands that belong to no feature."""

    @app.cli.command("prepare")
    def prepare() -> None:
        """Bring the database to the newest version and make what must exist."""
        upgrade()
        ensure_environment_channel()
        make_partitions()
        click.echo("Banco de dados pronto.")

    @app.cli.command("seed")
    def seed_command() -> None:
        """Load sample data into an empty database; never in production."""
        if app.config["SETTINGS"].is_production:
            raise click.ClickException(
                "Os dados de exemplo não entram em produção: "
                "criariam pessoas inventadas com acesso."
            )
        click.echo(seed())

    @app.cli.command("worker")
    @click.argument("queues", nargs=-1, required=True)
    @click.option("--burst", is_flag=True, help="Stop when the queues are empty.")
    def worker(queues: tuple[str, ...], burst: bool) -> None:
        """Work on these queues until told to stop."""
        run_worker(app, queues, burst=burst)

    @app.cli.command("cron")
    def cron() -> None:
        """Enqueue the periodic jobs; run exactly one of these."""
        run_cron(app)

    @app.cli.group("key")
    def key() -> None:
        """Keys of the environment."""

    @key.command("create")
    def key_create() -> None:
        """Print a new ENCRYPTION_KEY."""
        click.echo(Fernet.generate_key().decode())
