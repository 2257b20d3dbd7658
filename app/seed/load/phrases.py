"""What is said in the sample talks. Words in braces are filled in from the pools below."""

from dataclasses import dataclass
from random import Random

GREETINGS = (
    "Oi", "Olá", "Bom dia", "Boa tarde", "Boa noite", "Oi, tudo bem?", "Opa", "Bom dia!",
    "Olá, boa tarde", "Oi, bom dia", "Alô?", "oi", "bom dia", "boa tarde",
)  # fmt: skip
BOT = (
    "Olá! Eu sou o assistente da empresa. Como posso ajudar?",
    "Oi! Você fala com o assistente virtual. Escreva em poucas palavras o que precisa.",
    "Entendi. Vou chamar uma pessoa da equipe para continuar com você.",
    "Não entendi bem. Você quer falar sobre boleto, obra, contrato ou outro assunto?",
)  # fmt: skip
SHORT = (
    "ok", "Certo", "Entendi", "Pode ser", "Isso", "Obrigado!", "Obrigada", "Perfeito", "Sim",
    "Não", "Tá bom", "Combinado", "Vou aguardar", "👍", "Só um minuto", "Beleza, valeu",
)  # fmt: skip
STAFF_SHORT = (
    "Só um instante, por favor.", "Estou verificando.", "Claro!",
    "Por nada! Se precisar, é só chamar.", "Tenha um ótimo dia!",
    "Já encaminhei para o setor.", "Vou confirmar e retorno ainda hoje.",
    "Posso ajudar em algo mais?", "Obrigado por aguardar.", "Perfeito, ficou registrado.",
)  # fmt: skip
NOTES = (
    "Cliente pediu retorno depois das {hora}h.",
    "Conferido no sistema: unidade {unidade}, sem pendências.",
    "Chamado {chamado} aberto com a engenharia.",
    "Prefere falar por telefone. Confirmar o e-mail {email}.",
    "Saldo de R$ {valor} conferido com o financeiro em {data}.",
)  # fmt: skip
FINALS = (
    "Era isso, muito obrigado pela atenção!", "Resolvido, obrigada.", "Deu certo aqui!",
    "Qualquer coisa eu volto a chamar.", "Show, bom trabalho pra vocês.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Topic:
    """What a talk is about: how it begins, what follows, what staff say."""

    openings: tuple[str, ...]
    details: tuple[str, ...]
    answers: tuple[str, ...]


TOPICS = (
    Topic(
        (
            "meu boleto de {mes} não chegou", "preciso da segunda via do boleto de {mes}",
            "o boleto venceu dia {dia}, ainda consigo pagar?", "quero pagar o boleto por Pix",
            "recebi uma cobrança de R$ {valor} que já paguei", "não recebi o boleto deste mês",
        ),
        (
            "o boleto é da unidade {unidade}", "o valor é R$ {valor}",
            "paguei dia {dia} no aplicativo",
            "o boleto veio com juros", "pode mandar o boleto para {email}?",
            "qual o código de barras?",
        ),
        (
            "O boleto de {mes} no valor de R$ {valor} já está disponível.",
            "Enviei a segunda via do boleto para {email}.",
            "O pagamento do boleto leva até dois dias úteis para baixar.",
            "Esse boleto pode ser pago até o dia {dia} sem acréscimo.",
        ),
    ),
    Topic(
        (
            "quando entregam as chaves do {empreendimento}?",
            "a vistoria do {unidade} foi marcada?",
            "queria remarcar a vistoria do dia {dia}", "tenho dúvida sobre a entrega da obra",
        ),
        (
            "é no {empreendimento}, {unidade}", "apareceu uma infiltração na suíte",
            "a porta da varanda não fecha direito", "o piso da cozinha está trincado",
            "posso levar um arquiteto na vistoria?", "o elevador já funciona?",
        ),
        (
            "A vistoria do {unidade} está marcada para {data}, às {hora}h.",
            "A entrega do {empreendimento} está prevista para {mes}.",
            "Abri o chamado {chamado} com a assistência técnica.",
            "A equipe da obra confirma a visita até {data}.",
        ),
    ),
    Topic(
        (
            "quero antecipar {numero} parcelas, como faço?",
            "qual o saldo devedor do meu contrato?",
            "é possível renegociar as parcelas em aberto?", "gostaria de quitar o contrato",
        ),
        (
            "o contrato é do {empreendimento}", "posso dar R$ {valor} de entrada",
            "o reajuste do INCC ficou alto", "queria trocar o vencimento para o dia {dia}",
            "tenho {numero} parcelas atrasadas", "fica melhor parcelar em {numero} vezes",
        ),
        (
            "O saldo em {data} é de R$ {valor}, já com a correção.",
            "A antecipação de {numero} parcelas sai por R$ {valor}.",
            "A proposta de renegociação vale até {data}.",
            "Enviei o demonstrativo do contrato para {email}.",
        ),
    ),
    Topic(
        (
            "ainda tem unidade no {empreendimento}?", "vi o anúncio e quero agendar uma visita",
            "qual o preço do apartamento de {numero} quartos?", "aceitam financiamento pela Caixa?",
        ),
        (
            "minha renda é de R$ {valor}", "queria andar alto, com varanda", "tem vaga de garagem?",
            "prefiro visitar no sábado às {hora}h", "moro em {cidade} e quero investir",
        ),
        (
            "Temos o {unidade} no {empreendimento} a partir de R$ {valor} mil.",
            "A visita está marcada para {data}, às {hora}h, no plantão de {cidade}.",
            "Simulei o financiamento: entrada de R$ {valor} e {numero} anos para pagar.",
        ),
    ),
    Topic(
        (
            "preciso da declaração para o imposto de renda",
            "como atualizo meu endereço no cadastro?",
            "quero a cópia do contrato assinado", "perdi o acesso ao portal do cliente",
        ),
        (
            "meu e-mail é {email}", "mudei para {cidade}", "é a unidade {unidade}",
            "o CPF está em nome da minha esposa", "a senha não chega no e-mail",
        ),
        (
            "A declaração foi enviada para {email}.", "Atualizei seu cadastro, confira no portal.",
            "O contrato do {unidade} segue em anexo no e-mail {email}.",
            "O protocolo do atendimento é {chamado}.",
        ),
    ),
)  # fmt: skip

PROJECTS = (
    "Residencial Jardim das Aroeiras", "Vila Bela Vista", "Parque dos Ipês",
    "Edifício Solar do Cerrado", "Reserva Mirante do Lago", "Condomínio Alto da Serra",
    "Varandas do Parque", "Porto Calmo", "Torres do Horizonte", "Loteamento Campo Verde",
    "Recanto das Palmeiras", "Terraços da Praça",
)  # fmt: skip
CITIES = (
    "Goiânia", "Campinas", "Sorocaba", "Uberlândia", "Joinville", "Londrina", "Feira de Santana",
    "Fortaleza", "Cuiabá", "Ribeirão Preto", "Vitória", "São José dos Pinhais",
)  # fmt: skip
MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro",
    "outubro", "novembro", "dezembro",
)  # fmt: skip


def facts_of(random: Random, email: str, year: int) -> dict[str, str]:
    """What fills the braces in one talk: the same unit, project and e-mail throughout."""
    number = random.random
    day = 1 + int(number() * 28)
    cents = int(number() * 100)
    return {
        "mes": MONTHS[int(number() * 12)],
        "dia": str(day),
        "valor": f"{1 + int(number() * 9)}.{int(number() * 1000):03d},{cents:02d}",
        "unidade": f"Bloco {'ABCDEFGH'[day % 8]} Apto {int(number() * 24 + 1)}0{1 + day % 8}",
        "empreendimento": PROJECTS[int(number() * 12)],
        "cidade": CITIES[int(number() * 12)],
        "data": f"{day:02d}/{1 + int(number() * 12):02d}/{year}",
        "hora": str(8 + day % 11),
        "numero": str(2 + day % 11),
        "chamado": f"{int(number() * 10**7):07d}",
        "email": email,
    }
