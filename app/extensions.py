"""Flask's extensions, unbound. Importing this opens no connection."""

from flask import Flask, current_app, request
from flask_babel import Babel
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from gevent.monkey import is_module_patched
from htmx_flask import Htmx
from redis import Redis
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from app import origins, pool
from app.relay import Relay
from app.settings import Settings


class Model(DeclarativeBase):
    """The base of every table. Constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def client_address() -> str:
    """The address the request came from, proxies taken off."""
    return request.remote_addr or "?"


# Objects stay readable after the commit: the pushes that follow a commit render them.
db = SQLAlchemy(metadata=Model.metadata, session_options={"expire_on_commit": False})
migrate = Migrate(compare_type=True)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
htmx = Htmx()
socketio = SocketIO()
limiter = Limiter(key_func=client_address)


def current_settings() -> Settings:
    """The settings of the application at work: services ask here, as they may not import flask."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def redis_client() -> Redis:
    """This process's Redis client: queues, presence and limits; never the only copy of anything."""
    client: Redis = current_app.extensions["guiche_redis"]
    return client


def init_app(app: Flask) -> None:
    """Bind every extension to the application."""
    settings = app.config["SETTINGS"]
    db.init_app(app)
    with app.app_context():
        pool.init_engine(db.engine)
    migrate.init_app(app, db, directory="migrations")
    login.init_app(app)
    csrf.init_app(app)
    htmx.init_app(app)
    limiter.init_app(app)
    socketio.init_app(
        app,
        client_manager=Relay(settings.redis_url, channel="guiche"),
        async_mode="gevent" if is_module_patched("socket") else "threading",
        transports=["websocket"],
        cors_allowed_origins=lambda origin, environ: origins.is_own(
            origin, environ.get("HTTP_HOST", ""), settings.public_url
        ),
        manage_session=False,
        async_handlers=False,  # or "typing" could overtake the "look" that it belongs to
        ping_interval=10,
        ping_timeout=8,
        max_http_buffer_size=100_000,
    )
