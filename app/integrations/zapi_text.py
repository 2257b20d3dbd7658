"""What Z-API's error texts mean, in Portuguese, and what staff can do about each."""

# Part of the provider's text, lower case -> our sentence. The first that matches counts.
_KNOWN = (
    ("client-token is not configured", "Configure o token de segurança da conta neste canal."),
    ("null not allowed", "Falta o token de segurança da conta: confira o canal."),
    ("not allowed", "O provedor não aceita chamadas deste servidor: libere o IP no painel dele."),
    ("instance not found", "O provedor não conhece esta instância: confira o identificador."),
    ("token not found", "O token da instância não confere: confira o canal."),
    ("phone number does not exist", "Este número não existe no WhatsApp."),
    ("invalid phone number", "O número não é válido no WhatsApp."),
    (
        "timeout on send message",
        "O WhatsApp demorou a responder e a mensagem não saiu.",
    ),
    ("error on send message", "O provedor não conseguiu entregar a mensagem ao WhatsApp."),
    ("did not have permission", "O número não tem permissão para enviar esta mensagem."),
    ("whatsapp rejected", "O WhatsApp recusou esta mensagem."),
    ("accept buttons message terms", "Aceite os termos de mensagens com botões no painel."),
    ("invalid media url", "O endereço do arquivo não é válido."),
    ("got a 404 error", "O arquivo da mensagem não foi encontrado no endereço informado."),
    ("html", "O endereço do arquivo leva a uma página, não ao arquivo."),
    ("group", "O grupo não permite enviar esta mensagem."),
    ("device has been disconnected", "O celular foi desconectado do WhatsApp."),
    ("you are not connected", "O número não está conectado ao WhatsApp."),
    ("you need to be connected", "O número não está conectado ao WhatsApp."),
    ("restore the session", "A sessão do WhatsApp precisa ser restaurada no painel do provedor."),
    ("already connected", "O número já está conectado ao WhatsApp."),
)
_BY_STATUS = {
    400: "O provedor não entendeu a chamada.",
    401: "O provedor recusou as credenciais do canal.",
    403: "O provedor recusou as credenciais do canal.",
    404: "O provedor não conhece esta instância: confira o identificador e o token.",
    405: "O provedor não aceita esta chamada.",
    415: "O provedor não aceita o formato desta chamada.",
    408: "O provedor demorou a responder.",
    413: "A mensagem é grande demais para o provedor.",
    429: "O provedor pediu para esperar antes de enviar mais.",
    500: "O provedor teve uma falha interna; a mensagem pode ter saído.",
    502: "O provedor está fora do ar; a mensagem pode ter saído.",
    503: "O provedor está fora do ar; a mensagem pode ter saído.",
    504: "O provedor demorou a responder; a mensagem pode ter saído.",
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
        return "Não foi possível falar com o provedor do WhatsApp."
    if status < 400:
        return "O provedor respondeu de um jeito que não entendemos; a mensagem pode ter saído."
    if status >= 500:
        unnamed = f"O provedor falhou (erro {status}); a mensagem pode ter saído."
    else:
        unnamed = f"O provedor recusou a chamada (erro {status})."
    return sentence(text, _BY_STATUS.get(status, unnamed))


def report_error(text: str, code: str) -> str:
    """Our sentence for the error of a delivery report."""
    if code.upper().startswith("SHADOW_"):
        return "O WhatsApp está limitando este número; a mensagem não foi entregue."
    return sentence(text, "O provedor não entregou a mensagem.")
