"""Spreadsheets sent in as a manager does."""

import io

from app.contacts.models import Contact, ContactIdentity
from app.contacts.transfers.models import ContactImport
from app.extensions import db


def upload(client, content, name="clientes.csv"):
    answer = client.post(
        "/contatos/importacoes", data={"arquivo": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert answer.status_code == 302, answer.text[-2000:]
    return db.session.query(ContactImport).order_by(ContactImport.id.desc()).first()


def start(client, made, known="fill", **changed):
    fields = {f"coluna-{place}": key for place, key in enumerate(made.columns)} | changed
    return client.post(f"/contatos/importacoes/{made.id}", data=fields | {"conhecidos": known})


def imported(client, work, content, known="fill"):
    made = upload(client, content)
    assert start(client, made, known).status_code == 302
    work("bulk")
    return fresh(made)


def fresh(made):
    db.session.rollback()
    return db.session.get(ContactImport, made.id, populate_existing=True)


def by_phone(phone):
    db.session.rollback()
    db.session.expire_all()
    found = db.session.query(Contact).join(
        ContactIdentity, ContactIdentity.contact_id == Contact.id
    )
    return found.filter(ContactIdentity.value == phone).one()
