"""What Z-API's error texts mean, in Portuguese, and what staff can do about each."""

from flask_babel import gettext as _

from app.words import N_

# Part of the provider's text, lower case -> our sentence. The first that matches counts.
_KNOWN = (
    ("client-token is not configured", N_("Configure o token de segurança da conta neste canal.")),
    ("null not allowed", N_("Falta o token de segurança da conta: confira o canal.")),
    (
        "not allowed",
        N_("O provedor não aceita chamadas deste servidor: libere o IP no painel dele."),
    ),
    ("instance not found", N_("O provedor não conhece esta instância: confira o identificador.")),
    ("token not found", N_("O token da instância não confere: confira o canal.")),
    ("phone number does not exist", N_("Este número não existe no WhatsApp.")),
    ("invalid phone number", N_("O número não é válido no WhatsApp.")),
    (
        "timeout on send message",
        N_("O WhatsApp demorou a responder e a mensagem não saiu."),
    ),
    ("error on send message", N_("O provedor não conseguiu entregar a mensagem ao WhatsApp.")),
    ("did not have permission", N_("O número não tem permissão para enviar esta mensagem.")),
    ("whatsapp rejected", N_("O WhatsApp recusou esta mensagem.")),
    ("accept buttons message terms", N_("Aceite os termos de mensagens com botões no painel.")),
    ("invalid media url", N_("O endereço do arquivo não é válido.")),
    ("got a 404 error", N_("O arquivo da mensagem não foi encontrado no endereço informado.")),
    ("html", N_("O endereço do arquivo leva a uma página, não ao arquivo.")),
    ("group", N_("O grupo não permite enviar esta mensagem.")),
    ("device has been disconnected", N_("O celular foi desconectado do WhatsApp.")),
    ("you are not connected", N_("O número não está conectado ao WhatsApp.")),
    ("you need to be connected", N_("O número não está conectado ao WhatsApp.")),
    (
        "restore the session",
        N_("A sessão do WhatsApp precisa ser restaurada no painel do provedor."),
    ),
    ("already connected", N_("O número já está conectado ao WhatsApp.")),
)
_BY_STATUS = {
    400: N_("O provedor não entendeu a chamada."),
    401: N_("O provedor recusou as credenciais do canal."),
    403: N_("O provedor recusou as credenciais do canal."),
    404: N_("O provedor não conhece esta instância: confira o identificador e o token."),
    405: N_("O provedor não aceita esta chamada."),
    415: N_("O provedor não aceita o formato desta chamada."),
    408: N_("O provedor demorou a responder."),
    413: N_("A mensagem é grande demais para o provedor."),
    429: N_("O provedor pediu para esperar antes de enviar mais."),
    500: N_("O provedor teve uma falha interna; a mensagem pode ter saído."),
    502: N_("O provedor está fora do ar; a mensagem pode ter saído."),
    503: N_("O provedor está fora do ar; a mensagem pode ter saído."),
    504: N_("O provedor demorou a responder; a mensagem pode ter saído."),
}


def sentence(text: str, fallback: str) -> str:
    """Our sentence for the provider's text, or the fallback for one that we do not know.

    Unknown texts are English more often than not; as they came they stand in the ledger of calls
    and in the receipts.
    """
    lowered = text.lower()
    for part, meaning in _KNOWN:
        if part in lowered:
            return meaning
    return fallback


def explain(status: int | None, text: str) -> str:
    """Our sentence for a failed call; without a status there was no answer."""
    if status is None:
        return N_("Não foi possível falar com o provedor do WhatsApp.")
    if status < 400:
        return N_("O provedor respondeu de um jeito que não entendemos; a mensagem pode ter saído.")
    if status >= 500:
        unnamed = _(
            "O provedor falhou (erro %(status)s); a mensagem pode ter saído.", status=status
        )
    else:
        unnamed = _("O provedor recusou a chamada (erro %(status)s).", status=status)
    return sentence(text, _BY_STATUS.get(status, unnamed))


def report_error(text: str, code: str) -> str:
    """Our sentence for the error of a delivery report."""
    if code.upper().startswith("SHADOW_"):
        return N_("O WhatsApp está limitando este número; a mensagem não foi entregue.")
    return sentence(text, N_("O provedor não entregou a mensagem."))
