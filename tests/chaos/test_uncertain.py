"""Where nobody can know whether a message left, nothing is sent again by itself."""

import time

import pytest
import requests

from tests.chaos.house import SILENT, TICKS, Customer, House, soon

pytestmark = pytest.mark.xdist_group("chaos")


def kill_the_sender_during_the_call(house: House, customer: Customer, **fault: object) -> None:
    """A vendor that takes its time and reports nothing later."""
    house.set(**SILENT)
    house.fault(delay_ms=1500, **fault)
    customer.writes()
    soon(lambda: customer.statuses() == ["sending"])
    time.sleep(0.3)  # the call is out
    house.sender.kill()
    house.sender.start()
    soon(lambda: customer.statuses() == ["uncertain"])
    time.sleep(1.5)  # more than one round of the sweeps
    house.set(**TICKS)


def test_the_vendors_late_report_settles_what_it_had(house: House) -> None:
    customer = house.customer()
    kill_the_sender_during_the_call(house, customer)
    assert customer.senders() == ["customer", "company"]
    report = {
        "type": "DeliveryCallback",
        "instanceId": "INST-TEST",
        "phone": customer.number,
        "messageId": customer.messages()[-1]["id"],
    }
    requests.post(f"{house.web_url}/webhook/whatsapp", json=report, timeout=5).raise_for_status()
    soon(lambda: customer.statuses() == ["sent"])
    assert customer.senders() == ["customer", "company"]


def test_a_reaction_whose_sender_died_is_done_once_and_its_author_is_told(house: House) -> None:
    def acts() -> list[str]:
        query = "SELECT state FROM message_acts WHERE conversation_id = %s ORDER BY id"
        return [row[0] for row in house.rows(query, talk)]

    def told() -> list[str]:
        query = "SELECT detail FROM notices WHERE conversation_id = %s AND kind = 'undone'"
        return [row[0] for row in house.rows(query + " AND read_at IS NULL", talk)]

    customer = house.customer()
    customer.writes()
    soon(lambda: customer.statuses() == ["read"])
    query = (
        "SELECT c.id, c.owner_version, m.id FROM conversations c"
        " JOIN messages m ON m.conversation_id = c.id AND m.direction = 'in'"
        " JOIN contact_identities i ON i.contact_id = c.contact_id WHERE i.whatsapp_id = %s"
    )
    talk, seen, message = house.rows(query, customer.number)[0]
    ana = house.log_in("Ana", "attendant")
    assert ana.post(f"/conversas/{talk}/posse", versao=str(seen)).ok
    seen = house.rows("SELECT owner_version FROM conversations WHERE id = %s", talk)[0][0]
    house.set(**SILENT)
    house.fault(delay_ms=1500, call="send-reaction", status=500)
    path = f"/conversas/{talk}/mensagens/{message}/reacao"
    assert ana.send("PUT", path, versao=str(seen), emoji="👍").ok
    soon(lambda: acts() == ["sending"])
    house.sender.kill()
    house.sender.start()
    soon(lambda: acts() == ["uncertain"])
    assert told() == ["Não sabemos se a reação mudou."]
    time.sleep(1.5)  # more than one round of the sweeps
    assert "company_reaction" not in customer.messages()[0]
    house.set(**TICKS)
    act = house.rows("SELECT id FROM message_acts WHERE conversation_id = %s", talk)[0][0]
    assert ana.post(f"/conversas/{talk}/atos/{act}/reenvio", versao=str(seen)).ok
    soon(lambda: acts() == ["cancelled", "done"])
    assert customer.messages()[0]["company_reaction"] == "👍"
    assert told() == []


def test_what_the_vendor_never_had_waits_for_a_person_who_sends_it_once(house: House) -> None:
    customer = house.customer()
    kill_the_sender_during_the_call(house, customer, status=500)
    assert customer.senders() == ["customer"]

    query = "SELECT c.id, c.owner_version, m.id FROM conversations c JOIN messages m"
    query += " ON m.conversation_id = c.id WHERE m.status = 'uncertain'"
    conversation_id, seen, message_id = house.rows(query)[0]
    ana = house.log_in("Ana", "attendant")
    assert ana.post(f"/conversas/{conversation_id}/posse", versao=str(seen)).ok
    assert ana.post(f"/conversas/{conversation_id}/mensagens/{message_id}/reenvio").ok
    assert customer.was_answered_once(), customer
