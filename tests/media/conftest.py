"""A server of files, and a conversation whose customer sends some."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.media.models import Attachment
from app.seed import samples
from tests.integrations.provider import Provider, answer, running_provider
from tests.telling import received, tell


@pytest.fixture
def files() -> Iterator[Provider]:
    """A server on loopback that answers every request with `reply`."""
    with running_provider() as provider:
        provider.reply = answer(200, PHOTO, "Content-Type: image/jpeg\r\n")
        yield provider


PHOTO = samples.picture(900, 600)


@pytest.fixture
def sends(client: FlaskClient, files: Provider) -> Callable[..., None]:
    """The customer sends a file of a kind: `sends("image", PHOTO, caption="…")`."""

    def send(kind: str, content: bytes | None = None, **fields: Any) -> None:
        if content is not None:
            files.reply = answer(200, content)
        payload = received(**{kind: {f"{kind}Url": f"{files.url}/file", **fields}})
        del payload["text"]
        tell(client, payload)

    return send


@pytest.fixture
def attachment(app: Flask) -> Callable[[], Attachment]:
    """The newest attachment, fresh from the database."""

    def newest() -> Attachment:
        with app.app_context():
            found = db.session.scalars(select(Attachment).order_by(Attachment.id.desc())).first()
            assert found is not None
            return found

    return newest
