"""One person is one contact, in any form and however many webhooks come at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.accounts.models import User
from app.contacts import service
from app.contacts.models import Contact, ContactIdentity, ContactMerge
from app.errors import GuicheError
from app.extensions import db
from app.transactions import atomic
from tests.counting import counted_queries

PHONE, WITH_NINTH, LID = "554891234567", "5548991234567", "111@lid"


def _resolve(phone=None, lid=None, name=None, channel_id=1):
    with atomic():
        return service.resolve(channel_id, phone, lid, name).id


def _contact(contact_id):
    return db.session.get(Contact, contact_id, populate_existing=True)


@pytest.mark.usefixtures("context")
class TestOneAfterTheOther:
    def test_with_and_without_the_ninth_digit_is_one_contact(self):
        assert _resolve(PHONE) == _resolve(WITH_NINTH)
        identity = db.session.query(ContactIdentity).one()
        assert identity.value == "+5548991234567"

    def test_the_address_is_kept_as_whatsapp_last_spelt_it(self):
        contact = _resolve(WITH_NINTH)
        assert service.send_address(contact, 1) == WITH_NINTH
        _resolve(PHONE)
        assert service.send_address(contact, 1) == PHONE

    def test_a_private_id_is_known_only_within_its_instance(self):
        assert _resolve(lid=LID) != _resolve(lid=LID, channel_id=2)

    def test_a_private_id_learnt_with_the_phone_finds_the_contact_later(self):
        contact = _resolve(PHONE)
        assert _resolve(PHONE, LID) == contact
        assert _resolve(lid=LID) == contact
        assert service.send_address(contact, 1) == PHONE

    def test_without_a_phone_the_private_id_is_the_address_of_its_channel(self):
        contact = _resolve(lid=LID)
        assert service.send_address(contact, 1) == LID
        with pytest.raises(GuicheError):
            service.send_address(contact, 2)

    def test_an_answer_goes_to_the_address_that_was_written_from(self):
        with atomic():
            first = service.sender(1, PHONE, None, None)
            second = service.sender(1, None, LID, None)
            service.merge(first.contact.id, second.contact.id, None)
        kept, other = first.contact.id, second.contact.id
        assert service.send_address(kept, 1, first.identity_id) == PHONE
        assert service.send_address(kept, 1, second.identity_id) == LID
        assert service.send_address(kept, 1) == PHONE
        assert service.send_address(kept, 1, 999) == PHONE
        with pytest.raises(GuicheError):
            service.send_address(other, 1, second.identity_id)

    def test_of_two_addresses_the_senders_is_the_phone(self):
        with atomic():
            shown = service.sender(1, PHONE, LID, None)
        assert db.session.get_one(ContactIdentity, shown.identity_id).kind == "phone"

    def test_a_webhook_that_shows_both_merges_the_two(self):
        older, newer = _resolve(lid=LID), _resolve(PHONE)
        assert _resolve(PHONE, LID) == older
        merge = db.session.query(ContactMerge).one()
        assert (merge.kept_id, merge.absorbed_id, merge.made_by_id) == (older, newer, None)
        assert _resolve(PHONE) == _resolve(lid=LID) == older

    def test_names_follow_whatsapp_until_staff_type_one(self, cast):
        contact = _resolve(PHONE, name="Marina")
        _resolve(PHONE, name="Marina S.")
        assert _contact(contact).name == "Marina S."
        service.edit(contact, _person(cast.ana), {"name": "Marina Silva"})
        _resolve(PHONE, name="~marina~")
        assert _contact(contact).name == "Marina Silva"

    def test_a_message_from_nobody_is_refused(self):
        with pytest.raises(GuicheError):
            _resolve()

    def test_knowing_everything_already_costs_one_statement(self):
        _resolve(PHONE, LID, "Marina")
        db.session.expire_all()
        with counted_queries() as counted, atomic():
            service.resolve(1, PHONE, LID, "Marina")
        assert counted.total == 1


def _person(user_id):

    return db.session.get_one(User, user_id)


def _at_once(app, calls):
    def call(arguments):
        with app.app_context():
            return _resolve(*arguments)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


@pytest.mark.parametrize("_", range(5))
def test_five_at_once_make_one_contact(app, context, _):
    found = _at_once(app, [(PHONE, LID, "M")] * 5)
    assert len(set(found)) == 1
    assert db.session.query(Contact).count() == 1


@pytest.mark.parametrize("_", range(5))
def test_every_order_of_phone_and_private_id_ends_as_one_person(app, context, _):
    calls = [(PHONE,), (None, LID), (PHONE, LID), (WITH_NINTH, LID), (None, LID)]
    _at_once(app, calls)
    final = _resolve(PHONE, LID)
    assert {service.final(contact.id) for contact in db.session.query(Contact)} == {final}
    assert {i.contact_id for i in db.session.query(ContactIdentity)} == {final}


def test_what_follows_for_one_contact_is_serial(app, context):
    contact = _resolve(PHONE)

    def count_up(_):
        with app.app_context(), atomic():
            locked = service.resolve(1, PHONE, None, None)
            locked.email = str(int(locked.email or 0) + 1)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(count_up, range(20)))
    assert _contact(contact).email == "20"
