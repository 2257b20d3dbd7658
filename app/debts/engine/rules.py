"""Every rule that a number can point to: what kind it is, what it says, where it comes from."""

from dataclasses import dataclass
from enum import StrEnum

from app.words import N_


class Kind(StrEnum):
    """Who made a rule: the law, the market's published practice, or the company."""

    LAW = "law"
    MARKET = "market"
    POLICY = "policy"


KIND_NAMES = {
    Kind.LAW: N_("Lei"),
    Kind.MARKET: N_("Prática de mercado"),
    Kind.POLICY: N_("Política da empresa"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule under a stable id; `title` is marked for translation, `source` is cited as it is."""

    id: str
    kind: Kind
    title: str
    source: str = ""


_LAW, _MARKET, _POLICY = Kind.LAW, Kind.MARKET, Kind.POLICY

RULES = {
    rule.id: rule
    for rule in (
        Rule("2.1-teto-multa", _LAW, N_("Multa de no máximo 2%"), "CDC art. 52 §1"),
        Rule(
            "2.2-teto-juros",
            _LAW,
            N_("Juros de mora de no máximo 1% ao mês"),
            "Decreto 22.626 art. 5; CTN art. 161 §1",
        ),
        Rule("2.2-mora-simples", _LAW, N_("Juros de mora são simples"), "Decreto 22.626 art. 4"),
        Rule(
            "2.2-taxa-legal",
            _LAW,
            N_("Sem taxa no contrato, vale a taxa legal"),
            "CC arts. 389, 406; Lei 14.905/2024; Res. CMN 5.171/2024",
        ),
        Rule(
            "2.2-selic-unica",
            _LAW,
            N_("Antes de 30/08/2024, a Selic sozinha"),
            "STJ Tema 1.368",
        ),
        Rule(
            "2.3-dia-util",
            _LAW,
            N_("Vencimento sem expediente bancário passa para o dia útil seguinte"),
            "Lei 7.089/1983; CC art. 132 §1",
        ),
        Rule(
            "2.4-36-meses",
            _LAW,
            N_("Correção mensal só em contratos de 36 meses ou mais"),
            "Lei 10.931/2004 art. 46; Lei 10.192/2001 art. 2",
        ),
        Rule(
            "2.4-piso",
            _LAW,
            N_("A correção não reduz o valor nominal"),
            "STJ REsp 1.265.580; REsp 1.361.191",
        ),
        Rule("4.1-fator", _MARKET, N_("Fator de correção com dez casas")),
        Rule("4.2-ancora", _MARKET, N_("O dia de vencimento se mantém de mês a mês")),
        Rule("4.2-validade", _POLICY, N_("Validade da oferta em dias úteis")),
        Rule("4.2-primeira", _POLICY, N_("Ao menos 20 dias entre a entrada e a primeira parcela")),
        Rule("4.3-correcao", _MARKET, N_("Correção monetária pelo índice do contrato")),
        Rule("4.4-multa", _LAW, N_("Multa por atraso"), "CDC art. 52 §1"),
        Rule("4.4-juros", _MARKET, N_("Juros de mora por dias corridos ÷ 30")),
        Rule("4.4-juros-meses", _MARKET, N_("Juros de mora por meses completos mais dias ÷ 30")),
        Rule("4.4-juros-dia", _LAW, N_("Juros em reais por dia, até o teto"), "Decreto 22.626"),
        Rule(
            "4.5-imputacao", _LAW, N_("Pagamento parcial: juros, multa, principal"), "CC art. 354"
        ),
        Rule("4.6-iguais", _POLICY, N_("Parcelas iguais sem juros")),
        Rule("4.6-sac", _POLICY, N_("Amortização constante (SAC)")),
        Rule("4.6-gauss", _POLICY, N_("Parcela constante a juros simples (Gauss)")),
        Rule("4.6-price", _POLICY, N_("Tabela Price, só com parecer jurídico registrado")),
        Rule("4.7-carencia", _POLICY, N_("Juros simples da carência, diluídos sem capitalizar")),
        Rule("4.8-antecipacao", _LAW, N_("Redução proporcional ao antecipar"), "CDC art. 52 §2"),
        Rule(
            "4.9-cet", _LAW, N_("Custo efetivo total"), "CDC art. 54-B; Res. CMN 4.881/2020 art. 4"
        ),
        Rule("6-total", _POLICY, N_("Total atualizado, parado durante a validade")),
        Rule("6.1-a", _POLICY, N_("Proposta A: à vista")),
        Rule("6.2-b", _POLICY, N_("Proposta B: entrada e prazo curto")),
        Rule("6.3-c", _POLICY, N_("Proposta C: prazo longo")),
        Rule("6.3-imputacao", _LAW, N_("A entrada paga juros, multa, principal"), "CC art. 354"),
        Rule("6.4-escada", _POLICY, N_("Escada de pequenos valores")),
        Rule("6.5-distintas", _POLICY, N_("Propostas distintas entre si")),
        Rule("G1", _POLICY, N_("Parcela mínima")),
        Rule("G2", _POLICY, N_("Prazo máximo")),
        Rule("G3", _LAW, N_("Nunca pior que a dívida original"), "Decreto 22.626; CDC art. 51"),
        Rule("G4", _LAW, N_("Sem juros sobre encargos, soma exata"), "Decreto 22.626 art. 4"),
        Rule("G5", _POLICY, N_("Principal intocado sem aprovação")),
        Rule("G6", _LAW, N_("Oferta completa e válida por dois dias"), "CDC arts. 52, 54-B"),
        Rule("G7", _LAW, N_("Um credor e um contrato por acordo"), "Lei 4.591 art. 31-A"),
        Rule("G8", _POLICY, N_("Nenhum bloqueio no contrato")),
        Rule("G9", _POLICY, N_("Um acordo vigente por contrato, oferta dentro da validade")),
    )
}
