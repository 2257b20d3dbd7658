"""The sample book in the engine's own types."""

from app.debts.engine.charges import LateTerms
from app.debts.engine.correction import IndexSeries
from app.debts.engine.months import read_month
from app.debts.engine.statement.analysis import Statement, analyse
from app.debts.engine.statement.contract import USUAL_CODES, Block, Contract, Instalment, Receipt
from portfolio.book import Book, Sale


def contract_of(book: Book, sale: Sale) -> Contract:
    """A sale's terms."""
    changes = book.indexes.get(sale.index)
    return Contract(
        str(sale.id),
        sale.project.cnpj,
        sale.price,
        sale.signed,
        sale.term,
        LateTerms(sale.fine, sale.interest, sale.daily, sale.compound),
        changes and IndexSeries(sale.index, {read_month(m): v for m, v in changes.items()}),
        plan_rate=sale.plan_rate,
        blocks=frozenset(Block(word) for word in sale.blocks),
        fiduciary=sale.fiduciary,
        broken_agreements=sale.agreement == "quebrado",
    )


def instalments_of(sale: Sale) -> list[Instalment]:
    """A sale's rows."""
    return [
        Instalment(
            str(one.id),
            one.due,
            one.original,
            USUAL_CODES[one.kind],
            one.number,
            receipts=tuple(Receipt(r.day, r.value, r.discount, r.kind) for r in one.receipts),
            settled=one.settled,
            boleto=one.boleto,
        )
        for one in sale.instalments
    ]


def statement_of(book: Book, sale: Sale) -> Statement:
    """A sale on the book's day."""
    return analyse(contract_of(book, sale), instalments_of(sale), book.today)
