"""The sentences that nobody changes: what the bot and the system say to customers about debts."""

ASK_WHICH = "Para não haver engano, responda só com a letra da opção que você escolhe: {letters}."
ASK_AGAIN = (
    "Não consegui confirmar. Responda com o dia e o mês do seu nascimento e os 2 últimos números "
    "do seu documento, por exemplo: 15/03 e 47."
)
TO_PERSON = "Uma pessoa da equipe vai continuar com você por aqui."
CONFIRMED = "Obrigado, {name}, confirmação concluída."
DECLINED = (
    "Tudo bem, sua resposta foi registrada e nada muda no contrato. Se outra condição couber "
    "melhor no seu mês, diga qual: uma pessoa da equipe responde por aqui."
)
REVIEW = "Certo, vamos rever. Uma pessoa da equipe fala com você por aqui, sem custo."
BY_PAGE = "Para a sua segurança, o aceite é feito nesta página: {link}"
NOT_HOLDER = "Desculpe o engano. Não vamos mais escrever a este número sobre esse assunto."
PERSON_TEXT = "Vou chamar uma pessoa da equipe para continuar com você por aqui."
ASK_DOCUMENT = (
    "Para localizar o seu cadastro, digite o CPF ou o CNPJ do titular. Ele serve só para a busca: "
    "em seguida confirmo a sua identidade. Nunca pedimos senha nem código."
)
ASK_PROOF = (
    "Para a sua segurança, confirme que é o titular: responda com o dia e o mês do seu nascimento "
    "e os 2 últimos números do seu documento, por exemplo: 15/03 e 47.\n\n"
    "Se você não é o titular, responda NÃO SOU EU."
)
NOT_A_DOCUMENT = "Não reconheci esse número. Digite os 11 números do CPF, ou os 14 do CNPJ."
NOT_A_PROOF = (
    "Preciso do dia e do mês do seu nascimento e dos 2 últimos números do documento, assim: "
    "15/03 e 47."
)
PREPARE = "Um instante: estou preparando as opções e já envio por aqui."
INVITE = "Quer ver opções para regularizar? Responda SIM."
NOTHING_DUE = "Não há parcelas vencidas neste contrato. Posso ajudar em algo mais?"
WHICH_UNIT = "Responda com o número da linha, de 1 a {count}."
CHANGED_TEXT = (
    "Ao conferir sua escolha, vimos que o contrato mudou desde que a proposta foi feita (um "
    "pagamento ou uma alteração, por exemplo). Por isso ela não vale mais, e nada foi cobrado. "
    "Vamos refazer as contas e enviar uma nova simulação por aqui."
)
LINK_ONLY = (
    "Olá, {name}! Aqui é da {company}. Preparamos um atendimento que só o titular pode ver. "
    "Confirme que é você nesta página, que é nossa: {link}"
)
CASH = "à vista"
BY_STAFF = "conferida pela equipe"
BY_PAGE_PROOF = "nascimento e documento conferidos na página"
BY_MESSAGE_PROOF = "confirmada nesta conversa"
HOW = {"message": "WhatsApp", "page": "Página da proposta", "staff": "Registrado pela equipe"}
HOLDER = "titular identificado"
READ_AND_ACCEPTED = "Li as condições e aceito a opção {letter}."


def payment_document(number: int, agreement: str, amount: str, link: str) -> str:
    """Where the boleto or Pix of one payment is; 0 is the entry."""
    what = "da entrada" if number == 0 else f"da parcela {number}"
    return (
        f"O documento para o pagamento {what} do acordo {agreement} (R$ {amount}) está aqui: "
        f"{link}\n\nAntes de pagar, confira o beneficiário na mesma página."
    )


def zones(local: str, utc: str) -> str:
    """A moment in both times, as evidence keeps it."""
    return f"{local} (Brasília) · {utc} UTC"


def next_due(day: str, amount: str) -> str:
    """Behind how many instalments are to come."""
    return f" · próxima em {day}, R$ {amount}"
