"""What was written for later leaves once, whoever dies while its hour comes."""

import time

import pytest

from tests.chaos.house import Customer, House, soon

pytestmark = pytest.mark.xdist_group("chaos")
LATER = 4


def texts(customer: Customer) -> list[str]:
    """What the company said on this phone, the bot's answer aside."""
    said = [message["text"] for message in customer.messages() if message["from"] == "company"]
    return [text for text in said if text.startswith("mais tarde")]


def test_each_leaves_once_through_the_death_of_the_worker_that_sends_it(house: House) -> None:
    customer = house.customer()
    customer.writes()
    soon(lambda: customer.statuses() == ["read"])
    query = (
        "SELECT c.id, c.owner_version FROM conversations c JOIN contact_identities i"
        " ON i.contact_id = c.contact_id WHERE i.whatsapp_id = %s"
    )
    talk, seen = house.rows(query, customer.number)[0]
    ana = house.log_in("Ana", "attendant")
    assert ana.post(f"/conversas/{talk}/posse", versao=str(seen)).ok
    tomorrow = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + 86_400))
    for number in range(LATER):
        later = {"texto": f"mais tarde {number}", "quando": tomorrow}
        assert ana.post(f"/conversas/{talk}/agendadas", **later).ok
    house.run("UPDATE scheduled_messages SET send_at = now() WHERE conversation_id = %s", talk)
    for _ in range(2):
        house.thinker.kill()
        house.thinker.start()
        time.sleep(0.4)
    soon(lambda: len(texts(customer)) == LATER)
    time.sleep(1.5)  # another round of the sweeps
    assert sorted(texts(customer)) == [f"mais tarde {number}" for number in range(LATER)]
