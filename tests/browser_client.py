"""A test client that behaves like a page of ours: it sends the CSRF token and says it is htmx."""

from flask.testing import FlaskClient

from tests.telling import csrf


def as_page(client: FlaskClient) -> FlaskClient:
    """The same client, now sending with each request what a page's scripts would."""
    for name, value in csrf(client).items():
        client.environ_base["HTTP_" + name.upper().replace("-", "_")] = value
    return client
