"""Two contacts become one and can be told apart again, exactly."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clock
from app.accounts.models import AuditEntry, User
from app.channels import service as channels
from app.contacts import service
from app.contacts.consent.models import OptOut
from app.contacts.models import Contact, ContactIdentity, ContactMerge, ContactNote
from app.conversations.models import Conversation, Message
from app.errors import Conflict, NotFound
from app.extensions import db
from app.transactions import atomic

FILLED = (
    *("name", "name_is_typed", "cpf", "email", "language", "merged_into_id"),
    *("fields", "label_ids"),
)


@pytest.fixture
def manager(context, cast):
    return db.session.get_one(User, cast.gisele)


def _make(
    number, cpf=None, email=None, name="", typed=False, notes=1, fields=(), labels=(), refused=()
):
    phone = f"55419{number:08d}"
    with atomic():
        contact = service.resolve(1, phone, f"{number}@lid" if number % 2 else None, name)
        contact.cpf, contact.email, contact.name_is_typed = cpf, email, typed
        contact.fields, contact.label_ids = dict(fields), list(labels)
        contact.version += 1
        author = db.session.query(User.id).order_by(User.id).first()[0]
        for _ in range(notes):
            note = {"author_id": author, "body": "x", "created_at": clock.now()}
            db.session.add(ContactNote(contact_id=contact.id, **note))
        channel = channels.ensure_environment_channel()
        for everywhere, ended in refused:
            scope = {"channel_id": None if everywhere else channel.id, "source": "staff"}
            end = {"ended_at": clock.now() if ended else None, "made_at": clock.now()}
            db.session.add(OptOut(contact_id=contact.id, **scope, **end))
        talk = {"channel_id": channel.id, "last_message_at": clock.now()}
        db.session.add(Conversation(contact_id=contact.id, **talk))
    return contact.id


def _snapshot():
    db.session.rollback()
    db.session.expire_all()
    owned = (ContactIdentity, ContactNote, Conversation, OptOut)
    return {
        "contacts": {
            c.id: {name: getattr(c, name) for name in FILLED} for c in db.session.query(Contact)
        },
        "open": {r.id for r in db.session.query(Conversation).filter_by(status="open")},
        **{m.__tablename__: {r.id: r.contact_id for r in db.session.query(m)} for m in owned},
    }


def _most_open_talks_of_one_person():
    open_ones = db.session.query(Conversation).filter_by(status="open")
    counted = Counter((talk.contact_id, talk.channel_id) for talk in open_ones)
    return max(counted.values(), default=0)


def _owners(model):
    db.session.expire_all()
    return {row.contact_id for row in db.session.query(model)}


def test_a_merge_moves_everything_and_fills_what_was_empty(manager):
    kept, absorbed = _make(1, email="a@b.co"), _make(2, cpf="52998224725", email="x@y.co", name="Z")
    service.merge(kept, absorbed, manager)
    for model in (ContactIdentity, ContactNote, Conversation):
        assert _owners(model) == {kept}
    contact = db.session.get_one(Contact, kept)
    assert (contact.cpf, contact.email, contact.name) == ("52998224725", "a@b.co", "Z")
    assert service.find(absorbed).id == kept
    entry = db.session.query(AuditEntry).filter_by(action="contact.merged").one()
    assert entry.actor_id == manager.id


def test_of_two_values_the_kept_ones_win_and_what_was_empty_is_filled(manager):
    kept = _make(1, fields={"1": "A", "2": 5}, labels=[1], refused=[(True, False)])
    absorbed = _make(
        2, fields={"1": "B", "3": True}, labels=[1, 2], refused=[(True, False), (False, False)]
    )
    before = _snapshot()
    made = service.merge(kept, absorbed, manager).id
    contact = db.session.get_one(Contact, kept)
    assert contact.fields == {"1": "A", "2": 5, "3": True}
    assert contact.label_ids == [1, 2]
    in_force = db.session.query(OptOut).filter_by(contact_id=kept)
    assert {one.channel_id is None for one in in_force} == {True, False}
    service.undo_merge(made, manager)
    assert _snapshot() == before


def test_what_was_changed_after_the_merge_is_not_taken_back(manager):
    kept, absorbed = _make(1), _make(2, fields={"1": "B", "2": "C"})
    made = service.merge(kept, absorbed, manager).id
    with atomic():
        db.session.get_one(Contact, kept).fields = {"1": "novo", "2": "C"}
    service.undo_merge(made, manager)
    assert db.session.get_one(Contact, kept).fields == {"1": "novo"}


def test_who_writes_to_an_absorbed_contact_reaches_the_kept_one(manager):
    kept, absorbed = _make(1), _make(2)
    service.merge(kept, absorbed, manager)
    with atomic():
        assert service.resolve(1, "5541900000002", None, None).id == kept


def test_a_chain_of_merges_is_followed_to_its_end(manager):
    one, two, three = _make(1), _make(2), _make(3)
    service.merge(one, two, manager)
    service.merge(three, one, manager)
    assert service.final(two) == three
    with pytest.raises(Conflict):
        service.merge(two, three, manager)


def test_an_inner_merge_is_undone_after_the_outer_one(manager):
    one, two, three = _make(1), _make(2), _make(3)
    before = _snapshot()
    inner = service.merge(one, two, manager).id
    outer = service.merge(three, one, manager).id
    with pytest.raises(Conflict, match="antes"):
        service.undo_merge(inner, manager)
    service.undo_merge(outer, manager)
    service.undo_merge(inner, manager)
    assert _snapshot() == before


def test_what_came_after_the_merge_stays_with_the_kept_contact(manager):
    kept, absorbed = _make(1), _make(2)
    merge = service.merge(kept, absorbed, manager).id
    service.add_phone(kept, manager, "(41) 98888-7777")
    service.add_note(kept, manager, "nova")
    service.edit(kept, manager, {"email": "novo@exemplo.com"})
    service.undo_merge(merge, manager)
    assert db.session.query(ContactNote).filter_by(body="nova").one().contact_id == kept
    added = db.session.query(ContactIdentity).filter_by(value="+5541988887777").one()
    assert added.contact_id == kept
    assert db.session.get_one(Contact, kept).email == "novo@exemplo.com"


def test_a_merge_is_undone_only_once(manager):
    merge = service.merge(_make(1), _make(2), manager).id
    service.undo_merge(merge, manager)
    with pytest.raises(Conflict, match="já foi desfeita"):
        service.undo_merge(merge, manager)


def test_unknown_contacts_and_merges_are_not_found(manager):
    with pytest.raises(NotFound):
        service.merge(_make(1), 999, manager)
    with pytest.raises(NotFound):
        service.undo_merge(999, manager)


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "cpf": st.sampled_from([None, "52998224725", "11144477735"]),
            "email": st.sampled_from([None, "a@b.co"]),
            "name": st.sampled_from(["", "Ana", "Bia"]),
            "typed": st.booleans(),
            "notes": st.integers(0, 2),
            "fields": st.dictionaries(
                st.sampled_from("123"), st.sampled_from(["x", 7, 1.5, True]), max_size=3
            ),
            "labels": st.lists(st.integers(1, 4), unique=True, max_size=3),
            "refused": st.lists(st.tuples(st.booleans(), st.booleans()), unique=True, max_size=3),
        }
    ),
    min_size=2,
    max_size=4,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(people=PEOPLE, pairs=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=4))
def test_undoing_in_reverse_restores_exactly(manager, people, pairs):
    with atomic():
        owned = (ContactMerge, ContactIdentity, ContactNote, Message, Conversation, OptOut)
        for model in (*owned, Contact):
            db.session.query(model).delete()
    contacts = [_make(number, **person) for number, person in enumerate(people)]
    snapshots, merges = [_snapshot()], []
    for one, other in pairs:
        try:
            made = service.merge(
                contacts[one % len(contacts)], contacts[other % len(contacts)], manager
            )
        except Conflict:
            continue
        merges.append(made.id)
        assert _most_open_talks_of_one_person() == 1
        snapshots.append(_snapshot())
    while merges:
        assert _snapshot() == snapshots.pop()
        service.undo_merge(merges.pop(), manager)
        assert _most_open_talks_of_one_person() == 1
    assert _snapshot() == snapshots.pop()
