"""The book on a day, both its mandatory cases and the generated rest, with the ERP's figures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from portfolio.book import Book, Instalment, Person, Project, Receipt, Sale
from portfolio.generated import generated
from portfolio.mandatory import mandatory
from sandbox.sienge.figures import Figures, chain, figures

NOTES = {
    "NOTIFICADO": "Cliente NOTIFICADO extrajudicialmente; prazo de 15 dias em curso.",
    "FALECIDO": "Titular FALECIDO. Tratar com o inventariante: {administrator}.",
    "CREDITO_CEDIDO": "Crédito cedido à securitizadora em cessão registrada.",
    "CONTRATO_CEDIDO": "Contrato cedido ao comprador atual no ano passado.",
}


@dataclass
class Ledger:
    """What the ERP holds on one day; what is posted to it stays until the sandbox is reset."""

    book: Book
    people: dict[int, Person] = field(default_factory=dict)
    sales: dict[int, Sale] = field(default_factory=dict)
    numbers: dict[str, dict[int, Decimal]] = field(default_factory=dict)

    @classmethod
    def on(cls, today: date) -> "Ledger":
        """The ledger of a day."""
        first, rest = mandatory(today), generated(today)
        book = Book(today, first.people + rest.people, first.projects, first.sales + rest.sales,
                    first.indexes)  # fmt: skip
        made = cls(book)
        made.people = {one.id: one for one in book.people}
        made.sales = {one.id: one for one in book.sales}
        made.numbers = {name: chain(changes) for name, changes in book.indexes.items()}
        return made

    def of_document(self, document: str) -> list[Person]:
        """Every record of a CPF or CNPJ."""
        return [one for one in self.people.values() if one.document == document]

    def of_buyer(self, number: int) -> list[Sale]:
        """What somebody bought, alone or with others."""
        return [one for one in self.sales.values() if number in one.buyers]

    def project(self, number: int) -> Project | None:
        """A project by its number."""
        return next((one for one in self.book.projects if one.id == number), None)

    def figures(self, sale: Sale, one: Instalment) -> Figures:
        """What the ERP says of an instalment today."""
        return figures(self.book, sale, one, self.numbers.get(sale.index, {}))

    def change(self, number: int, act: Callable[[Sale], Sale]) -> bool:
        """Put a changed contract in the place of one; False when there is none."""
        if number not in self.sales:
            return False
        self.sales[number] = act(self.sales[number])
        return True

    def note(self, sale: Sale) -> str | None:
        """What people wrote on the title: the ERP has no field for these."""
        notes = [NOTES[word] for word in sale.blocks if word in NOTES]
        heir = next((p.administrator for p in self._buyers(sale) if p.administrator), "")
        return " ".join(notes).format(administrator=heir) or None

    def _buyers(self, sale: Sale) -> Iterator[Person]:
        yield from (self.people[number] for number in sale.buyers if number in self.people)


def received(sale: Sale, number: int, receipts: tuple[Receipt, ...], done: bool) -> Sale:
    """A contract with more receipts on one instalment."""
    rows = tuple(
        replace(one, receipts=one.receipts + receipts, settled=done) if one.id == number else one
        for one in sale.instalments
    )
    return replace(sale, instalments=rows)
