"""What pages cost with a small and with a large desk: a process of its own for each size.

Asked through the application itself, without a network between: the server's time and statements.
"""

import json
import re
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from random import Random

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Engine, event, func, select, update

from app import create_app
from app.accounts.models import User
from app.channels.service import ensure_environment_channel
from app.contacts.models import Contact, ContactIdentity
from app.conversations import counters
from app.conversations.models import Conversation, Message
from app.extensions import db
from app.seed.load import MESSAGES_EACH, load
from app.transactions import atomic
from bench import turns

Paths = Iterator[str]
CONSULTANTS = 200
SIGN = "bench:"  # before what is meant for who started this; anything else is talk
OF_A_TEAM = "attendant:"  # begins the pages that are asked for by somebody who sees one team
FRAGMENT = {"HX-Request": "true"}
FILTERS = ("prioridade=urgent", "etiqueta=1", "naolidas=1&dono=ninguem", "equipe=2&etiqueta=3")
FREQUENT = ("boleto", "unidade", "contrato", "vistoria")
RARE = ("infiltração", "elevador", "garagem", "imposto -boleto")  # fill a page of both desks
ABSENT = ("zebra", "helicóptero amarelo", "xilofone", "cachoeira")
FULL_LIST = 60  # more than one page of a list
# What a page shows several of: rows of lists, messages, contacts, hits.
ROWS = re.compile(r'id="(?:row|message|contact-row)-\d+"|class="hit"|class="found-row"|quick-link"')
Cost = tuple[float, float, int, int]


def main() -> None:
    """Fill a database, say which pages there are, and answer each line with what one costs."""
    plan = json.loads(sys.stdin.readline())
    app = create_app({name.lower(): value for name, value in plan["environment"].items()})
    with app.app_context():
        upgrade()
        ensure_environment_channel()
        load(messages=plan["messages"], conversations=plan["conversations"])
        _fill_the_queue()
        turns.fill(CONSULTANTS, plan["conversations"])
        engine = db.engine
        paths = dict(_pages(Random(1)))
    manager, attendant = (
        _browser(app, "gestor@guiche.local"),
        _browser(app, "carga-00@guiche.local"),
    )
    _say(list(paths))
    for line in sys.stdin:
        wanted = json.loads(line)
        name, times = wanted["page"], wanted["times"]
        browser = attendant if name.startswith(OF_A_TEAM) else manager
        _say([_cost(browser, engine, name, paths[name]) for _ in range(times)])


def _say(what: object) -> None:
    print(SIGN + json.dumps(what), flush=True)


def _fill_the_queue() -> None:
    """A page of what nobody owns is full on each desk, or two sizes could not be compared."""
    closed = Conversation.status == "closed"
    newest = select(Conversation.id).where(closed).order_by(Conversation.id.desc())
    waits = {"status": "open", "owner_kind": "nobody", "owner_id": None, "closed_at": None}
    with atomic() as session:
        chosen = session.scalars(newest.limit(FULL_LIST)).all()
        session.execute(update(Conversation).where(Conversation.id.in_(chosen)).values(**waits))
        counters.settle()


def _cost(browser: FlaskClient, engine: Engine, name: str, paths: Paths) -> Cost:
    """Milliseconds, those of the processor, statements and rows of one request."""
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    path = next(paths)
    event.listen(engine, "before_cursor_execute", note)
    began, used = time.perf_counter(), time.process_time()
    answer = browser.get(path, headers=FRAGMENT if name.endswith("(pane)") else {})
    took = (time.perf_counter() - began) * 1000
    cpu = (time.process_time() - used) * 1000
    event.remove(engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return took, cpu, len(statements), len(ROWS.findall(answer.text))


def _pages(random: Random) -> Iterator[tuple[str, Paths]]:
    """Each page with many addresses of its kind."""
    talks = _usual_talks()
    contacts = _some(Contact.id, random)
    long = db.session.scalar(
        select(Message.conversation_id)
        .group_by(Message.conversation_id)
        .order_by(func.count().desc())
        .limit(1)
    )
    all_of_it = select(Message.id).where(Message.conversation_id == long).order_by(Message.id)
    in_long = list(db.session.scalars(all_of_it))
    in_long = in_long[len(in_long) // 3 : 2 * len(in_long) // 3]
    names = list(db.session.scalars(select(Contact.name).where(Contact.id.in_(contacts))))
    owned = ContactIdentity.contact_id.in_(contacts)
    phones = list(db.session.scalars(select(ContactIdentity.value).where(owned)))
    yield "own account (floor)", cycle(["/conta"])
    yield "home", cycle(["/inicio"])
    yield "board of the turn", cycle(["/fila"])
    yield "protocols", cycle(["/protocolos/lista"])
    yield "list, newest", cycle(["/conversas?aba=all&ordem=newest"])
    yield "list, longest waiting", cycle(["/conversas?aba=all&ordem=waiting"])
    yield "list, unassigned", cycle(["/conversas?aba=unassigned&ordem=newest"])
    yield "list, closed", cycle(["/conversas?aba=closed"])
    yield "list, filtered", cycle([f"/conversas?aba=all&{filters}" for filters in FILTERS])
    yield f"{OF_A_TEAM} list, newest", cycle(["/conversas?aba=all&ordem=newest"])
    yield f"{OF_A_TEAM} list, longest waiting", cycle(["/conversas?aba=all&ordem=waiting"])
    yield "thread (pane)", cycle([f"/conversas/{talk}" for talk in talks])
    yield "thread, whole page", cycle([f"/conversas/{talk}" for talk in talks])
    yield "thread at a message (pane)", cycle([f"/conversas/{long}?mensagem={m}" for m in in_long])
    yield "contact", cycle([f"/contatos/{contact}" for contact in contacts])
    yield "contacts", cycle(["/contatos"])
    yield "search, frequent word", cycle([f"/busca?q={word}" for word in FREQUENT])
    yield f"{OF_A_TEAM} search, frequent word", cycle([f"/busca?q={word}" for word in FREQUENT])
    yield "search, rare words", cycle([f"/busca?q={word}" for word in RARE])
    yield "search, absent words", cycle([f"/busca?q={word}" for word in ABSENT])
    yield "search, name", cycle([f"/busca?q={name.split()[0]}" for name in names])
    yield "search, phone", cycle([f"/busca?q={phone[-8:]}" for phone in phones])
    yield "quick search", cycle([f"/busca/rapida?q={name[:5]}" for name in names])


def _usual_talks() -> list[int]:
    """Forty conversations of the usual length, from all over the table."""
    length = func.count()
    usual = select(Message.conversation_id).group_by(Message.conversation_id)
    some = usual.having(length == MESSAGES_EACH).order_by(func.hashint8(Message.conversation_id))
    return list(db.session.scalars(some.limit(40)))


def _some(column: object, random: Random) -> list[int]:
    """Forty ids from all over the table."""
    last = int(db.session.scalar(select(func.max(column))) or 1)
    return [1 + int(random.random() * last) for _ in range(40)]


def _browser(app: Flask, email: str) -> FlaskClient:
    """Logged in as one of the sample staff."""
    with app.app_context():
        key = db.session.scalars(select(User).where(User.email == email)).one().get_id()
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"], session["_fresh"] = key, True
    return browser


if __name__ == "__main__":
    main()
