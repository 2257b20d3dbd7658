"""The texts as the company begins with them, and its own data that they name."""

from sqlalchemy import select

from app.accounts.models import User
from app.company.fields import Flag, Picks, Section, Whole, Words, register
from app.debts.agreements.texts import Template
from app.extensions import db
from app.words import N_


def _people_with_level() -> list[tuple[str, str]]:
    query = select(User.id, User.name).where(User.active, User.approval_level > 0)
    return [(str(row.id), row.name) for row in db.session.execute(query.order_by(User.name))]


_PERSON = ("primeiro_nome", "empresa", "atendente", "telefone_oficial", "site_oficial")
_CREDITOR = ("razao_social", "cnpj", "endereco", "email_oficial")
_AGREEMENT = ("protocolo", "unidade", "numero", "total_parcelas", "valor", "vencimento",
              "dia_semana", "link", "data_limite")  # fmt: skip

PHONE = Words("debt_phone", N_("Telefone oficial"), "", N_("Para o cliente conferir que é você."))
SITE = Words("debt_site", N_("Site oficial"), "")
IDENTIFIED_HOURS = Whole(
    "debt_identified_hours",
    N_("A identidade confirmada vale por"),
    24,
    N_("Depois disso, ou de encerrada a conversa, ela é pedida de novo."),
    least=1,
    most=168,
    unit=N_("horas"),
)
BOT_TALKS = Flag(
    "debt_bot",
    N_("O robô atende dívidas"),
    True,
    N_("Confirma a identidade, mostra contratos e resumo; sem o Sienge configurado, chama alguém."),
)
BOT_PERSON = Picks(
    "debt_bot_person",
    N_("As propostas do robô saem em nome de"),
    "",
    N_("Só vai o que cabe na política e na alçada dela; marque uma. Nenhuma: o robô chama alguém."),
    options_now=_people_with_level,
)
IDENTITY = Template(
    "debt_text_identity",
    N_("Pedido de confirmação"),
    "Olá! Aqui é {{atendente}}, da {{empresa}}. Falo com {{primeiro_nome}}?\n\n"
    "Tenho um recado de atendimento que só posso tratar com o titular. Para confirmar, responda "
    "com o dia e o mês do seu nascimento e os 2 últimos números do seu CPF, por exemplo: "
    "15/03 e 47. Nunca pedimos senha nem código.\n\n"
    "Quer conferir se somos nós? {{como_conferir}}\n\n"
    "Se não for você, responda NÃO SOU EU. Para não receber mensagens por aqui, responda PARAR.",
    N_("Nada sobre a dívida: quem lê ainda pode ser outra pessoa."),
    may_use=(*_PERSON, "como_conferir"),
)
UNITS = Template(
    "debt_text_units",
    N_("Contratos encontrados"),
    "Obrigado, {{primeiro_nome}}, confirmação concluída.\n\n"
    "Encontrei estes contratos no seu nome:\n{{lista_unidades}}\n\n"
    "Responda com o número da linha que você quer consultar. Se algum deles não for seu, me "
    "avise.\n\n{{rodape}}",
    N_("Ainda sem valores."),
    may_use=(*_PERSON, "lista_unidades", "rodape"),
)
SUMMARY = Template(
    "debt_text_summary",
    N_("Resumo do contrato"),
    "{{primeiro_nome}}, este é o resumo de {{unidade}} em {{data_base}}:\n\n"
    "Parcelas pagas: {{qtd_pagas}} · R$ {{valor_pago}}\n"
    "Em aberto e vencidas: {{qtd_vencidas}}{{mais_antiga}}\n"
    "• valor corrigido: R$ {{principal}}\n"
    "• multa: R$ {{multa}}\n"
    "• juros de mora: R$ {{juros}}\n"
    "Total vencido hoje: R$ {{total_vencido}}\n"
    "A vencer: {{qtd_a_vencer}}{{proxima}}\n\n"
    "Se você já pagou alguma delas ou discorda de um valor, responda aqui que conferimos antes de "
    "seguir.\n\n{{rodape}}\n\n{{convite}}",
    may_use=(
        "primeiro_nome", "unidade", "data_base", "qtd_pagas", "valor_pago", "qtd_vencidas",
        "mais_antiga", "principal", "multa", "juros", "total_vencido", "qtd_a_vencer", "proxima",
        "rodape", "convite",
    ),
)  # fmt: skip
OPENINGS = {
    "early": Template(
        "debt_text_opening_early",
        N_("Abertura, até 30 dias de atraso"),
        "Imprevistos acontecem, e dá para resolver.",
        may_use=("primeiro_nome",),
    ),
    "middle": Template(
        "debt_text_opening_middle",
        N_("Abertura, de 31 a 90 dias"),
        "Quero ajudar você a colocar as parcelas em dia.",
        may_use=("primeiro_nome",),
    ),
    "late": Template(
        "debt_text_opening_late",
        N_("Abertura, acima de 90 dias"),
        "Juntei as melhores condições que posso oferecer hoje.",
        may_use=("primeiro_nome",),
    ),
}
PROPOSALS = Template(
    "debt_text_proposals",
    N_("Propostas"),
    "{{primeiro_nome}}, {{opcoes_para}} {{unidade}} (total atualizado: R$ {{total_vencido}}). "
    "{{abertura}}\n\n{{opcoes}}\n\n"
    "{{atraso}}Antecipar, quando quiser, reduz os juros na proporção. As demais parcelas do "
    "contrato continuam iguais.\n\n"
    "{{razao_social}} · CNPJ {{cnpj}} · {{endereco}} · {{email_oficial}}\n\n"
    "Válido até {{validade}}. É só uma simulação até você aceitar: responda {{letras}}, ou veja "
    "o cálculo e aceite em {{link}}",
    N_("Os valores vêm da proposta aprovada e não são recalculados no envio."),
    may_use=(
        "primeiro_nome", "opcoes_para", "unidade", "total_vencido", "abertura", "opcoes", "atraso",
        *_CREDITOR, "validade", "letras", "link",
    ),
)  # fmt: skip
ACCEPTANCE = Template(
    "debt_text_acceptance",
    N_("Confirmação do aceite"),
    "{{primeiro_nome}}, registrei sua escolha em {{data_hora}}: opção {{opcao}} para {{unidade}}."
    "\n\n{{pagamentos}}\nTotal: R$ {{total}} · acordo {{protocolo}}\n\n"
    "O acordo passa a valer com o pagamento {{do_que}}. Até lá o contrato continua como está. "
    "O termo completo: {{link}}\n\n"
    "Ao pagar, confira o beneficiário: {{razao_social}}, CNPJ {{cnpj}}. {{endereco}}.\n\n"
    "Mudou de ideia ou viu algo errado? Responda REVER até {{validade}} que refazemos sem custo.",
    may_use=(
        "primeiro_nome", "data_hora", "opcao", "unidade", "pagamentos", "total", "protocolo",
        "do_que", "link", *_CREDITOR, "validade",
    ),
)  # fmt: skip
REMINDER = Template(
    "debt_text_reminder",
    N_("Lembrete de vencimento"),
    "Olá, {{primeiro_nome}}! Lembrete da {{empresa}} sobre o seu acordo {{protocolo}}: "
    "{{parcela}}, R$ {{valor}}, vence em {{vencimento}} ({{dia_semana}}).\n\n"
    "Documentos e pagamento: {{link}} Confira o beneficiário: {{razao_social}}, CNPJ {{cnpj}}.\n\n"
    "Se já pagou, obrigado, pode desconsiderar. Se o dia ficou difícil, responda aqui antes do "
    "vencimento que vemos juntos.\n\n"
    "{{endereco}} · Para não receber lembretes, responda PARAR.",
    may_use=("primeiro_nome", "empresa", "parcela", *_CREDITOR, *_AGREEMENT),
)
MISSED = Template(
    "debt_text_missed",
    N_("Pagamento combinado que não apareceu"),
    "Olá, {{primeiro_nome}}, tudo bem? Aqui é da {{empresa}}. O pagamento combinado para "
    "{{vencimento}} (acordo {{protocolo}}, R$ {{valor}}) ainda não apareceu para nós. Pode ser só "
    "o prazo do banco.\n\n"
    "Se já pagou, mande o comprovante por aqui e conferimos. Se não foi possível, o acordo pode "
    "ser mantido até {{data_limite}}: {{link}}\n\n"
    "Precisa de outra condição? Responda CONVERSAR e uma pessoa da equipe fala com você.\n\n"
    "{{razao_social}} · CNPJ {{cnpj}} · {{endereco}}. Para não receber mensagens por aqui, "
    "responda PARAR.",
    may_use=("primeiro_nome", "empresa", "parcela", *_CREDITOR, *_AGREEMENT),
)
NOTICE = Template(
    "debt_text_notice",
    N_("Aviso de que o acordo será desfeito"),
    "Olá, {{primeiro_nome}}. Aqui é da {{empresa}}. {{parcela}} do acordo {{protocolo}}, de "
    "R$ {{valor}}, venceu em {{vencimento}} e ainda não foi paga. Como prevê o termo, o acordo "
    "deixa de valer amanhã: as parcelas originais voltam, com o que você já pagou descontado.\n\n"
    "Se já pagou, mande o comprovante por aqui. Se quiser manter o acordo ou combinar outra "
    "condição, responda ainda hoje: uma pessoa da equipe fala com você.\n\n"
    "{{razao_social}} · CNPJ {{cnpj}} · {{endereco}}",
    may_use=("primeiro_nome", "empresa", "parcela", *_CREDITOR, *_AGREEMENT),
)

SECTION = register(
    Section(
        "debt_messages",
        N_("Mensagens sobre dívidas"),
        N_(
            "Cada texto tem até 1.024 letras e não ameaça nem constrange. Horários, frequência, "
            "identificação e pedidos de PARAR são conferidos a cada envio, em qualquer texto."
        ),
        (
            PHONE,
            SITE,
            IDENTIFIED_HOURS,
            BOT_TALKS,
            BOT_PERSON,
            IDENTITY,
            UNITS,
            SUMMARY,
            *OPENINGS.values(),
            *(PROPOSALS, ACCEPTANCE, REMINDER, MISSED, NOTICE),
        ),
    )
)


def stage(oldest_days: int) -> str:
    """The stage of a debt, by its oldest delay."""
    if oldest_days <= 30:
        return "early"
    return "middle" if oldest_days <= 90 else "late"
