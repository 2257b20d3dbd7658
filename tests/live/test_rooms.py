"""Every kind of event reaches who may see it, on both web processes, and nobody else.

Ana looks on the first process and Bruno on the second; people act on the first. Fábio, of finance,
has a socket on each and may hear of his own presence only.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from socketio.exceptions import ConnectionError as Refused

from app.seed import samples
from tests.integrations.provider import answer, running_provider
from tests.live.scene import OTHER_PHONE, Scene
from tests.processes import eventually
from tests.running import Running
from tests.screens import Screen


@dataclass
class Audience:
    """Screens by who sits there; `desk` are Ana's and Bruno's, in the open conversation."""

    ana: Screen
    bruno: Screen
    adriana: Screen
    fabio: tuple[Screen, Screen]

    @property
    def desk(self) -> tuple[Screen, Screen]:
        return self.ana, self.bruno

    def both_saw(self, *texts: str) -> bool:
        """Whether one push with all these texts came to both screens of the desk."""
        return all(screen.saw(*texts) for screen in self.desk)

    def both_were_touched(self, region: str) -> bool:
        return all(screen.was_touched(region) for screen in self.desk)

    def outsiders_heard(self) -> list[str]:
        """What came to Fábio beyond the dot of his own presence."""
        for screen in self.fabio:
            screen.sync()  # answered after whatever was sent before
        return [one for screen in self.fabio for one in screen.heard() if "my-presence" not in one]


@pytest.fixture
def audience(scene: Scene, running: Running, cookies: dict[str, str]) -> Iterator[Audience]:
    """Everybody's screens; afterwards the outsiders must have heard nothing."""
    first, second = running.web(), running.web("second")
    with ExitStack() as stack:

        def screen(web: str, name: str) -> Screen:
            return stack.enter_context(Screen(web, cookies[name]))

        people = Audience(
            screen(first, "ana"),
            screen(second, "bruno"),
            screen(second, "adriana"),
            (screen(first, "fabio"), screen(second, "fabio")),
        )
        assert all(one.look(scene.id) for one in people.desk)
        assert not any(one.look(scene.id) for one in people.fabio)
        for one in people.fabio:
            one.types()
        yield people
        assert people.outsiders_heard() == []


def test_nobody_without_a_session_hears_anything(running: Running) -> None:
    for web in (running.web(), running.web("second")):
        with pytest.raises(Refused), Screen(web, None):
            pass


def test_a_customers_message(scene: Scene, audience: Audience) -> None:
    scene.writes("Cadê meu boleto?")
    assert audience.both_saw('hx-target="#thread', "Cadê meu boleto?")
    assert audience.both_saw('hx-target="#conversation-list"', "Cadê meu boleto?")


def test_a_new_conversation_is_counted(scene: Scene, audience: Audience) -> None:
    scene.writes("Olá", OTHER_PHONE)
    assert audience.both_saw('hx-target="#conversation-list"', f'id="row-{scene.id + 1}"')
    assert audience.both_saw('id="count-bot"', ">1<")


def test_a_corrected_message(scene: Scene, audience: Audience) -> None:
    scene.edits()
    assert audience.both_saw('hx-target="#thread', "Trinta e quatro", "Editada")


def test_a_photo_from_its_announcement_to_its_deletion(scene: Scene, audience: Audience) -> None:
    with running_provider() as files:
        files.reply = answer(200, samples.picture(80, 60))
        photo = scene.sends_a_photo(f"{files.url}/a.jpg")
        assert audience.both_saw('hx-target="#thread', "media-waiting")
        assert audience.both_saw('hx-target="#conversation-list"', "Foto")
        scene.work("sync")
    assert audience.both_saw('hx-target="#thread', "media-picture")
    scene.deletes(photo)
    assert audience.both_saw('hx-target="#thread', "Mensagem apagada pelo cliente")
    assert audience.both_saw('hx-target="#conversation-list"', "Mensagem apagada")


def test_a_reply_and_all_its_ticks(scene: Scene, audience: Audience) -> None:
    scene.replies("Segue o boleto")
    assert audience.both_saw("Segue o boleto", "status-queued")
    scene.leaves()
    assert audience.both_saw("Segue o boleto", "status-sending")
    assert audience.both_saw("Segue o boleto", "status-sent")
    scene.ticks("RECEIVED")
    assert audience.both_saw("Segue o boleto", "status-delivered")
    scene.ticks("READ")
    assert audience.both_saw("Segue o boleto", "status-read")
    assert audience.bruno.pushes_of(f"message-{scene.last.id}") == sorted(
        set(audience.bruno.pushes_of(f"message-{scene.last.id}"))
    )


def test_what_we_do_to_messages(scene: Scene, audience: Audience) -> None:
    scene.replies("Segue o bolleto")
    scene.leaves()
    ours = scene.last.id
    scene.acts("PUT", f"mensagens/{ours}/texto", texto="Segue o boleto")
    assert audience.both_saw("Segue o bolleto", "Editando")
    scene.leaves()
    assert audience.both_saw("Segue o boleto", "editada por Bruno")
    assert audience.both_saw('hx-target="#conversation-list"', "Segue o boleto")
    scene.acts("PUT", f"mensagens/{scene.first}/reacao", emoji="👍")
    scene.leaves()
    assert audience.both_saw('class="reaction is-ours"', "👍")
    scene.acts("DELETE", f"mensagens/{ours}")
    scene.leaves()
    assert audience.both_saw("Apagada para todos por Bruno")


def test_a_survey_and_its_answer(scene: Scene, audience: Audience) -> None:
    scene.asks_customers()
    scene.replies("Pronto!")
    scene.closes()
    scene.surveys()
    assert audience.both_saw("Como foi o nosso atendimento")
    assert audience.both_were_touched(f"survey:{scene.id}")
    scene.writes("4")
    assert audience.both_saw("O cliente avaliou o atendimento: 4 de 5")
    assert audience.both_saw('hx-target="#conversation-list"', 'data-rating="4"')


def test_a_deadline_that_comes_near_and_passes(scene: Scene, audience: Audience) -> None:
    scene.is_promised_an_answer()
    assert audience.both_saw('hx-target="#conversation-list"', 'data-state="late"')
    assert audience.both_saw('hx-target="#thread', "Prazo perdido · Primeira resposta")
    assert audience.both_saw(f'id="marks-{scene.id}"', "Primeira resposta")
    assert audience.bruno.was_touched("bell:me")


def test_a_reply_that_fails(scene: Scene, audience: Audience) -> None:
    scene.replies("Não vai")
    scene.leaves()
    scene.is_reported_undelivered()
    assert audience.both_saw("Não vai", "status-failed", "Tentar de novo")


def test_a_note(scene: Scene, audience: Audience) -> None:
    scene.note("Só para nós")
    assert audience.both_saw('hx-target="#thread', "Só para nós", "is-note")


def test_a_conversation_that_was_read(scene: Scene, audience: Audience) -> None:
    scene.is_read()
    assert audience.both_saw(f'id="row-{scene.id}" class="row-card"')


def test_taking_over(scene: Scene, audience: Audience) -> None:
    scene.takes_over(scene.gisele)
    assert audience.both_were_touched(f"desk:{scene.id}")
    assert audience.both_saw("Gisele Prado assumiu a conversa")
    assert audience.bruno.saw('id="count-mine"', ">0<")
    assert not audience.ana.saw('id="count-mine"', seconds=0)


def test_transferring(scene: Scene, audience: Audience) -> None:
    scene.transfers(scene.cast.ana)
    assert audience.both_were_touched(f"desk:{scene.id}")
    assert audience.both_saw("Gisele Prado transferiu para Ana Souza")
    assert audience.both_saw("Fala com ela?")
    assert audience.ana.saw('id="count-mine"', ">1<")


def test_handing_back_to_the_bot(scene: Scene, audience: Audience) -> None:
    scene.returns_to_bot()
    assert audience.both_were_touched(f"desk:{scene.id}")
    assert audience.both_saw("devolveu ao robô")


def test_the_bot_speaks_and_calls_a_person(scene: Scene, audience: Audience) -> None:
    scene.returns_to_bot()
    scene.writes("Quero falar com uma pessoa")
    scene.work()
    assert audience.both_saw("Vou chamar uma pessoa da equipe", "by-bot")
    assert audience.both_saw("O robô chamou uma pessoa")
    assert audience.both_saw('id="count-unassigned"', ">1<")


def test_closing_and_reopening(scene: Scene, audience: Audience) -> None:
    scene.closes()
    assert audience.both_saw("encerrou a conversa")
    assert audience.both_saw(f'id="row-{scene.id}"', 'data-in="closed ')
    scene.reopens()
    assert audience.both_saw("Bruno Lima reabriu a conversa")


def test_labels_are_made_and_changed(scene: Scene, audience: Audience) -> None:
    scene.gisele.post("/etiquetas", nome="Segunda via", cor="teal")
    assert audience.both_saw('hx-target="#label-list"', "Segunda via")
    scene.gisele.post("/etiquetas/1", nome="2ª via", cor="red")
    assert audience.both_saw("hx-target=\"[data-label='1']\"", "2ª via", "label-red")


def test_an_edited_contact(scene: Scene, audience: Audience) -> None:
    scene.renames("Marina Alves")
    assert audience.both_were_touched(f"contact:{scene.contact}")
    assert audience.both_saw(f'hx-target="#title-{scene.id}"', "Marina Alves")
    assert audience.both_saw('hx-target="#conversation-list"', "Marina Alves")


def test_contacts_merged_and_told_apart(scene: Scene, audience: Audience) -> None:
    absorbed = scene.contact
    scene.merges()
    assert audience.both_were_touched(f"contact:{absorbed}")
    assert audience.both_were_touched(f"contact:{scene.contact}")
    for screen in audience.desk:
        screen.forget()
    scene.separates()
    assert audience.both_were_touched(f"contact:{absorbed}")
    assert audience.both_saw(f'hx-target="#title-{scene.id}"')


def test_the_connection_of_a_channel(scene: Scene, audience: Audience) -> None:
    scene.connection(False)
    assert audience.both_saw('hx-target="#channel-banner"', "está desconectado desde")
    assert audience.adriana.saw('hx-target="#channel-list"')
    scene.connection(True)
    assert eventually(lambda: "está desconectado" not in audience.bruno.fragments[-1], 3)


def test_who_looks_and_who_types(scene: Scene, audience: Audience) -> None:
    audience.bruno.types()
    assert audience.ana.saw(f'hx-target="#viewers-{scene.id}"', "Bruno Lima está escrevendo")
    audience.ana.forget()
    audience.bruno.look(None)
    assert audience.ana.saw(f'hx-target="#viewers-{scene.id}"')
    assert not audience.ana.saw("Bruno Lima", seconds=0)
    audience.bruno.forget()
    scene.note("Bruno não está mais aqui")
    assert audience.ana.saw('hx-target="#thread', "Bruno não está mais aqui")
    assert not audience.bruno.saw('hx-target="#thread', seconds=0)


def test_presence(scene: Scene, audience: Audience) -> None:
    audience.ana.sync(visible=False)
    mark = f'data-presence="{scene.cast.ana}" data-state="away"'
    assert audience.bruno.saw(mark)
    assert audience.adriana.saw(mark)


def test_a_reply_that_is_taken_back(scene: Scene, audience: Audience) -> None:
    scene.can_undo()
    scene.replies("Sem querer")
    assert audience.both_saw("Sem querer", "data-undo", "status-queued")
    scene.takes_back()
    assert audience.both_saw(f'id="message-{scene.last.id}"', "data-gone", "status-cancelled")
    assert audience.both_saw(f'id="row-{scene.id}"', "Oi</span>")


def test_a_note_that_calls_somebody(scene: Scene, audience: Audience) -> None:
    scene.note("@Ana Souza veja", mencoes=str(scene.cast.ana))
    assert audience.both_saw('hx-target="#thread', "@Ana Souza</span> veja")
    assert audience.ana.saw('hx-target="#toasts"', "Gisele Prado mencionou você")
    assert not audience.bruno.saw('hx-target="#toasts"', seconds=0)


def test_a_message_for_later_and_what_becomes_of_it(scene: Scene, audience: Audience) -> None:
    scene.schedules("Conseguiu pagar?")
    assert audience.both_were_touched(f"scheduled:{scene.id}")
    for screen in audience.desk:
        screen.forget()
    scene.takes_over(scene.gisele)
    assert audience.both_were_touched(f"scheduled:{scene.id}")
    scene.its_hour_comes()
    assert audience.bruno.saw('hx-target="#toasts"', "não foi enviada", "Gisele Prado")
    assert not audience.ana.saw("não foi enviada", seconds=0)


def test_ready_texts_are_told_to_who_may_use_them(scene: Scene, audience: Audience) -> None:
    scene.words("Só meu")
    assert audience.bruno.was_touched("quick-replies:all")
    assert not audience.ana.was_touched("quick-replies:all", seconds=0.2)
    scene.words("Da equipe", equipe="1")
    assert audience.ana.was_touched("quick-replies:all")


def test_a_draft_is_nobody_elses(scene: Scene, audience: Audience) -> None:
    scene.bruno.send("PUT", f"/conversas/{scene.id}/rascunho", texto="ainda penso", nota="")
    scene.writes("O que veio depois do rascunho")
    assert audience.both_saw("O que veio depois do rascunho")
    heard = [*audience.ana.heard(), *audience.bruno.heard(), *audience.adriana.heard()]
    assert not any("ainda penso" in one for one in heard)


def test_staff_tokens_audit_and_receipts_are_for_admins(scene: Scene, audience: Audience) -> None:
    scene.hires("Nova Pessoa")
    scene.makes_a_token()
    scene.writes("Um recebimento")
    assert audience.adriana.saw('hx-target="#staff-list"', "Nova Pessoa")
    assert audience.adriana.saw('hx-target="#token-list"', "Painel")
    assert audience.adriana.saw('hx-target="#audit-list"')
    assert audience.adriana.was_touched("receipts:newest")
    assert audience.both_saw("Um recebimento")
    for words in ("#staff-list", "#token-list", "#audit-list", "receipts:newest"):
        assert not any(words in one for screen in audience.desk for one in screen.heard())


def test_who_loses_the_desk_is_cut_and_hears_no_more(
    scene: Scene, audience: Audience, running: Running, cookies: dict[str, str]
) -> None:
    scene.adriana.post(f"/equipe/{scene.cast.bruno}/papeis", roles="finance")
    assert audience.bruno.cut.wait(2)
    assert not audience.ana.cut.is_set()
    with Screen(running.web("second"), cookies["bruno"]) as again:
        assert not again.look(scene.id)
        scene.writes("Bruno não ouve isto")
        assert audience.ana.saw("Bruno não ouve isto")
        again.sync()
        assert not again.saw("Bruno não ouve isto", seconds=0)


def test_a_contact_that_is_new_or_changed(scene: Scene, audience: Audience) -> None:
    scene.writes("Olá", OTHER_PHONE)
    assert audience.both_were_touched("contacts:*")
    scene.renames()
    assert audience.both_were_touched(f"contact:{scene.contact}")
    assert audience.both_were_touched(f"contact-history:{scene.contact}")


def test_a_customer_who_asks_us_to_stop(scene: Scene, audience: Audience) -> None:
    scene.writes("PARAR")
    assert audience.both_saw("pediu para não receber mensagens nossas")
    assert audience.both_saw("by-system", "responda VOLTAR")
    assert audience.both_were_touched(f"contact:{scene.contact}")


def test_an_import_is_seen_by_who_may_import(scene: Scene, audience: Audience) -> None:
    audience.ana.forget()
    scene.imports("nome;fone\nMarina;(41) 98765-4321\nErrado;123\n")
    assert audience.adriana.was_touched("contact-import:1")
    assert audience.both_were_touched("contacts:*")
    assert not any("contact-import" in html for html in audience.ana.heard())
