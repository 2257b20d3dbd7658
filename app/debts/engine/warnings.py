"""What a person should look at beside a figure: stable codes, and the words for them."""

from enum import StrEnum

from app.words import N_


class Warned(StrEnum):
    """Codes that are kept with results."""

    FINE_CAPPED = "MULTA_LIMITADA"
    INTEREST_CAPPED = "MORA_LIMITADA"
    COMPOUND = "MORA_COMPOSTA_NO_CADASTRO"
    LEGAL_REVIEW = "REVISAO_JURIDICA"
    NEEDS_HISTORY = "PRECISA_HISTORICO"
    SUSPECT_TERM = "PRAZO_36_SUSPEITO"
    PRO_RATA = "PRO_RATA_NO_CADASTRO"
    PROVISIONAL = "INDICE_PROVISORIO"
    FLOOR = "PISO_NOMINAL"
    DEFLATION = "INDICE_NEGATIVO"
    SUBSISTENCE = "MINIMO_EXISTENCIAL"
    ABOVE_CAPACITY = "ACIMA_DA_CAPACIDADE"
    FIDUCIARY = "ALIENACAO_FIDUCIARIA"
    BOLETO_ISSUED = "BOLETO_EMITIDO"
    ERP_DIFFERS = "DIFERE_DO_ERP"
    OVERPAID = "PAGO_A_MAIOR"


WORDS = {
    Warned.FINE_CAPPED: N_("A multa do cadastro passa de 2%: aplicamos 2% (CDC art. 52 §1)."),
    Warned.INTEREST_CAPPED: N_("Os juros de mora do cadastro passam de 1% ao mês: aplicamos 1%."),
    Warned.COMPOUND: N_("O cadastro pede juros de mora compostos: calculamos simples."),
    Warned.LEGAL_REVIEW: N_("O contrato não traz taxa de mora: peça a revisão do jurídico."),
    Warned.NEEDS_HISTORY: N_(
        "Há pagamento parcial sem os recebimentos: peça o histórico antes de cobrar encargos."
    ),
    Warned.SUSPECT_TERM: N_(
        "Sem as parcelas finais, menores que 1% do preço, o prazo fica abaixo de 36 meses: "
        "a correção mensal pode cair (Lei 10.931/2004 art. 47)."
    ),
    Warned.PRO_RATA: N_("O cadastro pede índice por dia: corrigimos por meses inteiros."),
    Warned.PROVISIONAL: N_("O índice do mês ainda não saiu: usamos o último publicado."),
    Warned.FLOOR: N_("O índice acumulado é negativo: mantivemos o valor nominal."),
    Warned.DEFLATION: N_("Há meses de índice negativo no período."),
    Warned.SUBSISTENCE: N_("Sobram menos de R$ 600 da renda declarada: veja o mínimo existencial."),
    Warned.ABOVE_CAPACITY: N_("A parcela passa do que a pessoa consegue pagar por mês."),
    Warned.FIDUCIARY: N_("Venda com alienação fiduciária: valem os prazos do registro de imóveis."),
    Warned.BOLETO_ISSUED: N_("Há boleto emitido: cancele ou altere antes de emitir os do acordo."),
    Warned.ERP_DIFFERS: N_("O valor do ERP difere do nosso: veja o motivo na parcela."),
    Warned.OVERPAID: N_("Foi pago mais do que a dívida: veja se há valor a devolver."),
}
