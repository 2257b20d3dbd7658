"""What managers choose about the ERP, on the page of settings."""

from app.company import service as company
from app.company.fields import Choice, Section, Whole, register
from app.words import N_

# Calls a day by the plan that the company has with the vendor.
PLANS = {
    "free": (N_("Free: 100 consultas por dia"), 100),
    "start": (N_("Start: 1.000 consultas por dia"), 1_000),
    "special": (N_("Special: 2.500 consultas por dia"), 2_500),
    "essencial": (N_("Essencial: 5.000 consultas por dia"), 5_000),
    "enterprise": (N_("Enterprise: 10.000 consultas por dia"), 10_000),
    "business": (N_("Business: 30.000 consultas por dia"), 30_000),
    "ultimate": (N_("Ultimate: 75.000 consultas por dia"), 75_000),
    "infinity": (N_("Infinity: 200.000 consultas por dia"), 200_000),
}

PLAN = Choice(
    "erp_plan",
    N_("Pacote de APIs contratado"),
    "essencial",
    N_("O limite diário é da empresa inteira: portal, BI e CRM gastam do mesmo."),
    options={name: words for name, (words, _many) in PLANS.items()},
)
FRESH_MINUTES = Whole(
    "erp_fresh_minutes",
    N_("Usar uma consulta ao Sienge por"),
    10,
    N_("Depois disso os dados continuam na tela com a idade deles, e a próxima busca consulta."),
    least=1,
    most=240,
    unit=N_("minutos"),
)
SECTION = register(
    Section(
        "erp",
        N_("ERP"),
        N_("Como o Guichê consulta o Sienge."),
        (FRESH_MINUTES, PLAN),
    )
)


def calls_a_day() -> int:
    """What the company's plan gives."""
    return PLANS[company.get(PLAN)][1]


def fresh_minutes() -> int:
    """For how long a look-up is used."""
    return company.get(FRESH_MINUTES)
