"""The talks of the demo: what was said, minutes before now, and how each one stands."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation. Steps are (minutes ago, who, text); who is customer, bot, a member of staff
    by key, `note:<key>`, or an act: `take:<key>`, `transfer:<from>:<to>`, `close:<key>`.
    """

    name: str
    phone: str
    steps: tuple[tuple[float, str, str], ...]
    cpf: str | None = None
    email: str | None = None
    language: str = "pt-BR"
    about: str | None = None
    outcome: str = "read"  # the ticks of our last message
    kinds: dict[int, str] = field(default_factory=dict)  # step -> kind, when it is not text
    label: str | None = None
    reason: str | None = None  # of its closing
    priority: int = 0  # as service.prioritise has it
    snoozed: float = 0  # hours; below zero: until the customer answers
    known: dict[str, str] = field(default_factory=dict)  # the contact's fields by name


TALKS = (
    Talk(
        "Marina Alves",
        "5500900010001",
        (
            (3.2, "customer", "Oi, bom dia!"),
            (3.1, "bot", ""),
            (2.2, "customer", "meu boleto de novembro não chegou"),
            (2.1, "bot", ""),
        ),
        cpf="52998224725",
        email="marina.alves@exemplo.com.br",
        about="Residencial Jardim das Aroeiras, Bloco B · Apto 1204.",
    ),
    Talk(
        "José Antônio da Silva Santos",
        "5500900010002",
        (
            (26, "customer", "Boa tarde, preciso falar com alguém sobre a vistoria"),
            (25.9, "bot", ""),
            (
                21,
                "customer",
                "Estou na portaria e o engenheiro não apareceu. Alguém pode me ajudar?",
            ),
        ),
        cpf="11144477735",
    ),
    Talk(
        "Fernanda D'Ávila Ribeiro",
        "5500900010003",
        (
            (55, "customer", "Olá"),
            (54.9, "bot", ""),
            (53, "customer", "Quero antecipar 3 parcelas, como faço?"),
            (52.9, "bot", ""),
            (48, "take:atendente", ""),
            (47, "atendente", "Oi, Fernanda! Aqui é a Beatriz. Consigo ver isso para você agora."),
            (46, "customer", "Que bom, obrigada! São as três últimas do contrato."),
            (44, "note:atendente", "Contrato com correção pelo INCC: confirmar o saldo no ERP."),
            (9, "atendente", "Já pedi o cálculo ao financeiro. Prefere pagar por Pix ou boleto?"),
            (6, "customer", "Pix, por favor"),
        ),
        cpf="39053344705",
        email="fernanda.davila@exemplo.com.br",
    ),
    Talk(
        "Carlos Eduardo Nascimento Filho",
        "5500900010004",
        (
            (95, "customer", "Bom dia, ainda tem unidade no Mirante do Lago?"),
            (94.9, "bot", ""),
            (80, "take:atendente2", ""),
            (
                79,
                "atendente2",
                "Bom dia, Carlos! Temos duas de 72 m² e uma de 96 m². Qual procura?",
            ),
            (70, "customer", "A de 96. Dá para visitar no sábado?"),
            (68, "atendente2", "Dá sim: sábado às 10h, no plantão da obra. Posso reservar?"),
            (66, "customer", "Pode reservar"),
            (65, "atendente2", "Reservado! Leve um documento com foto. Até sábado."),
        ),
    ),
    Talk(
        "Ana Beatriz Lopes",
        "5500900010005",
        ((0.8, "customer", "oi"), (0.7, "bot", "")),
    ),
    Talk(
        "Luiz Gonzaga Pereira Junior",
        "5500900010006",
        (
            (140, "customer", "recebi uma cobrança que já paguei"),
            (139.9, "bot", ""),
            (120, "take:atendente", ""),
            (119, "atendente", "Olá, Luiz. Pode me enviar o comprovante por aqui?"),
            (112, "customer", ""),
            (104, "transfer:atendente:atendente2", "Comprovante recebido, falta baixar no ERP."),
            (38, "customer", "Alguma novidade?"),
        ),
        kinds={4: "image"},
        cpf="93541134780",
    ),
    Talk(
        "Sofia Martínez Herrera",
        "5500900010007",
        (
            (190, "customer", "Hola, ¿atienden en español?"),
            (189.9, "bot", ""),
            (186, "customer", "no entiendo"),
            (185.9, "bot", ""),
        ),
        language="es",
    ),
    Talk(
        "JOÃO BATISTA DE SOUZA",
        "5500900010008",
        (
            (1500, "customer", "Quando entregam as chaves do bloco A?"),
            (1499.9, "bot", ""),
            (1480, "take:atendente2", ""),
            (
                1479,
                "atendente2",
                "João, a entrega do bloco A está marcada para 15/12, das 9h às 16h.",
            ),
            (1470, "customer", "Perfeito, muito obrigado!"),
            (1468, "atendente2", "Por nada! Se precisar, é só chamar."),
            (1465, "close:atendente2", ""),
        ),
    ),
    Talk(
        "Patrícia Gonçalves Teixeira de Almeida e Vasconcellos",
        "5500900010009",
        (
            (2900, "customer", "Preciso da segunda via do contrato"),
            (2899.9, "bot", ""),
            (2880, "take:atendente", ""),
            (2879, "atendente", "Oi, Patrícia! Enviei para o seu e-mail agora. Chegou?"),
            (2860, "customer", "Chegou, obrigada"),
            (2859, "close:atendente", ""),
        ),
        email="patricia.vasconcellos@exemplo.com.br",
    ),
    Talk(
        "Vila Bela Comércio de Materiais Ltda.",
        "5500900010010",
        (
            (410, "customer", "Boa tarde, somos fornecedores e temos uma nota em aberto"),
            (409.9, "bot", ""),
            (360, "take:atendente", ""),
            (359, "atendente", "Boa tarde! Vou pedir ao financeiro que confira e retorno aqui."),
        ),
        outcome="delivered",
    ),
    Talk(
        "Gabriela Nunes Cardoso",
        "5500900010011",
        (
            (15, "customer", "qual o horário de vocês?"),
            (14.9, "bot", ""),
            (13, "customer", "obrigada"),
            (12.9, "bot", ""),
        ),
    ),
    Talk(
        "Pedro Henrique Freitas",
        "5500900010012",
        (
            (75, "customer", "O vazamento voltou no banheiro da suíte"),
            (74.9, "bot", ""),
            (73, "customer", ""),
        ),
        kinds={2: "audio"},
        about="Chamado anterior de assistência técnica em setembro.",
    ),
)
