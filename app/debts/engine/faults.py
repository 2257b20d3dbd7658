"""What cannot be computed, said so that a person finds the place: contract, instalment, field."""

from collections.abc import Callable

from app.words import N_

CONTRACT = N_("Contrato %(contract)s")
INSTALMENT = N_("parcela %(instalment)s")
FIELD = N_("campo %(field)s")


class DebtFault(ValueError):
    """An impossible number, date or row. Raised where it is met; whoever knows adds the place.

    `reason` is a marked Portuguese sentence, filled with `values`.
    """

    def __init__(
        self,
        reason: str,
        *,
        contract: str = "",
        instalment: str = "",
        field: str = "",
        **values: object,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.contract = contract
        self.instalment = instalment
        self.field = field
        self.values = values

    def at(self, *, contract: str = "", instalment: str = "", field: str = "") -> "DebtFault":
        """The same fault with the place it was met, where that was not yet known."""
        return DebtFault(
            self.reason,
            contract=self.contract or contract,
            instalment=self.instalment or instalment,
            field=self.field or field,
            **self.values,
        )

    def without_place(self) -> "DebtFault":
        """The same fault for where the place is plain to see: at its field."""
        bare = DebtFault(self.reason)
        bare.values = self.values
        return bare

    def said(self, translate: Callable[[str], str] = str) -> str:
        """`Contrato 4521, parcela 39/48, campo vencimento: esta data não existe (2026-02-30)`."""
        places = [
            translate(form) % {name: translate(value)}
            for form, name, value in (
                (CONTRACT, "contract", self.contract),
                (INSTALMENT, "instalment", self.instalment),
                (FIELD, "field", self.field),
            )
            if value
        ]
        what = translate(self.reason)
        if "%(" in what:
            what %= {name: _short(value) for name, value in self.values.items()}
        if "value" in self.values and "%(value)s" not in self.reason:
            what = f"{what} ({_short(self.values['value'])})"
        return f"{', '.join(places)}: {what}" if places else what

    def __str__(self) -> str:
        return self.said()


def _short(value: object) -> str:
    """What came, cut to a length that a screen can show."""
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
