"""`python -m sandbox`: serve the outside world on loopback until SIGINT or SIGTERM."""

from gevent import monkey

monkey.patch_all()

import errno  # noqa: E402 - nothing may be imported before the patch
import ipaddress  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import sqlite3  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable, Iterable  # noqa: E402
from typing import Any  # noqa: E402
from weakref import WeakValueDictionary  # noqa: E402

import gevent  # noqa: E402
from flask import Flask  # noqa: E402
from gevent.pywsgi import WSGIHandler, WSGIServer  # noqa: E402

from sandbox.app import create_app  # noqa: E402
from sandbox.settings import SettingError, Settings  # noqa: E402


class Callers:
    """The connections under way, so that a fault can end one without an answer."""

    def __init__(self) -> None:
        self._sockets: WeakValueDictionary[int, socket.socket] = WeakValueDictionary()

    def handler(self, connection: Any, address: Any, server: Any) -> WSGIHandler:
        """What the server makes for each connection."""
        self._sockets[address[1]] = connection
        return WSGIHandler(connection, address, server)

    def wrap(self, app: Flask) -> Callable[..., Iterable[bytes]]:
        """`app` with `sandbox.hang_up` in its environ."""

        def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            def hang_up() -> None:
                # The server takes the broken pipe that follows as a caller who left.
                self._sockets[int(environ["REMOTE_PORT"])].shutdown(socket.SHUT_RDWR)

            environ["sandbox.hang_up"] = hang_up
            return app(environ, start_response)

        return application


def main() -> int:
    """Start and serve; a plain sentence and 1 when it cannot."""
    try:
        settings = Settings.from_environ()
        listener = _listen(settings)
        app = create_app(settings)
    except (SettingError, OSError, sqlite3.Error) as error:
        return _refuse(error if isinstance(error, SettingError) else _sentence(error))
    callers = Callers()
    handler: Any = callers.handler  # any callable will do, whatever the type stubs say
    server = WSGIServer(
        listener,
        callers.wrap(app),
        log=None,
        handler_class=handler,
        environ={"SERVER_NAME": "localhost"},
    )
    server.stop_timeout = 0.2
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, server.close)
    sys.stdout.write(f"Telefone de teste em http://{_authority(settings)}\n")
    sys.stdout.flush()
    server.serve_forever()
    return 0


def _listen(settings: Settings) -> Any:
    if os.environ.get("GUICHE_ENV") == "production":
        raise SettingError("O sandbox não roda em produção (GUICHE_ENV=production).")
    try:
        address = ipaddress.ip_address(settings.host)
    except ValueError:
        raise SettingError("SANDBOX_HOST deve ser um endereço IP, como 127.0.0.1.") from None
    if not address.is_loopback:
        raise SettingError(f"O sandbox só atende nesta máquina: {address} não é um endereço local.")
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        why = "em uso" if error.errno == errno.EADDRINUSE else "recusada pelo sistema"
        raise SettingError(f"Porta {settings.port} {why}: escolha outra em SANDBOX_PORT.") from None
    listener.listen(512)
    listener.setblocking(False)
    return listener


def _authority(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


def _sentence(error: Exception) -> str:
    return f"Não consigo abrir o arquivo de SANDBOX_DATA: {error}."


def _refuse(reason: object) -> int:
    sys.stderr.write(f"{reason}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
