"""The vendor: its addresses, who may call, its pages and limits."""

import base64
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, request

from portfolio.book import Receipt, Sale
from sandbox.requests_in import json_body
from sandbox.sienge import shapes
from sandbox.sienge.ledger import Ledger, received
from sandbox.sienge.papers import Papers, slip

SUBDOMAIN, USER, PASSWORD = "exemplo", "exemplo-guiche", "SENHA-DEMO"
ZONE = ZoneInfo("America/Sao_Paulo")
TEXTS = {
    400: "Parâmetro obrigatório ausente ou inválido.",
    401: "Usuário ou senha inválidos.",
    403: "Usuário sem permissão para este recurso.",
    404: "Registro não encontrado.",
    422: "Nenhuma parcela apta para a emissão da segunda via.",
    429: "Limite de requisições excedido.",
}
Answer = Response | tuple[Response, int]


class Sienge:
    """The vendor: joins the sandbox by `World.register`."""

    name = "sienge"
    prefix = "/sienge/"

    def __init__(self) -> None:
        self._today: date | None = None
        self._ledger: Ledger | None = None
        self._minute: list[float] = []
        self._broken: list[dict[str, Any]] = []
        self.per_minute, self.per_day, self.spent = 200, 5_000, 0
        base = f"/sienge/{SUBDOMAIN}/public/api"
        self.calls = Blueprint("sienge_calls", __name__, url_prefix=base)
        self.controls = Blueprint("sienge_controls", __name__, url_prefix="/sienge-book")
        self.papers = Papers()
        self._add_controls()

    @property
    def ledger(self) -> Ledger:
        """The book of the present day, with what was posted to it."""
        today = self._today or datetime.now(ZONE).date()
        if self._ledger is None or self._ledger.book.today != today:
            self._ledger = Ledger.on(today)
        return self._ledger

    def add_calls(self) -> None:
        """Add the vendor's routes, after the faults' guard so that faults strike first."""
        calls = self.calls
        calls.before_request(self._check)
        calls.get("/v1/customers")(self._customers)
        calls.get("/v1/customers/<int:number>")(self._customer)
        calls.get("/v1/sales-contracts")(self._contracts)
        calls.get("/v1/accounts-receivable/receivable-bills")(self._bills)
        calls.get("/v1/current-debit-balance")(self._balance)
        calls.get("/v1/customer-financial-statements")(self._statement)
        calls.get("/v1/customer-financial-statements/pdf")(self._pdf)
        calls.get("/v1/current-debit-balance/pdf")(self._pdf)
        calls.get("/v1/payment-slip-notification")(self._slip)
        calls.get("/v1/sales-contracts/<int:number>")(self._contract)
        calls.get("/v1/enterprises/<int:number>")(self._enterprise)
        calls.get("/bulk-data/v1/customer-extract-history")(self._extract)

    def call_name(self) -> str:
        """The verb and the resource, such as `GET customers` or `GET current-debit-balance`."""
        return f"{request.method} {request.path.split('/', 6)[-1]}"

    def error_body(self, status: int, text: str = "") -> dict[str, Any]:
        """Their errors."""
        text = text or TEXTS.get(status, "Erro interno.")
        return {"status": status, "developerMessage": f"HTTP {status}", "clientMessage": text}

    def reset(self) -> None:
        """The book of today, nothing spent."""
        self._today, self._ledger, self._minute, self._broken = None, None, [], []
        self.per_minute, self.per_day, self.spent = 200, 5_000, 0

    def _add_controls(self) -> None:
        @self.controls.post("/day")
        def set_day() -> Response:
            """`{"today": "2026-11-27"}`: the book of another day; without it, of the present."""
            given = json_body().get("today")
            self._today = date.fromisoformat(given) if given else None
            return jsonify(today=self.ledger.book.today.isoformat())

        @self.controls.post("/limits")
        def set_limits() -> Response:
            """`{"minute": 3, "day": 10}`: the budget, and what was spent is forgotten."""
            body = json_body()
            self.per_minute = int(body.get("minute", self.per_minute))
            self.per_day = int(body.get("day", self.per_day))
            self._minute, self.spent = [], 0
            return jsonify(minute=self.per_minute, day=self.per_day)

        @self.controls.post("/break")
        def break_row() -> Response:
            """`{"bill": 1010, "installment": 13, "field": "dueDate", "value": "2026-02-30"}`."""
            self._broken.append(json_body())
            return jsonify(broken=len(self._broken))

        @self.controls.post("/receipts")
        def post_receipt() -> Response | tuple[Response, int]:
            """`{"bill": 1010, "installment": 13, "value": 125000, "subjudice": false}`: money in
            cents that came today, or a title that went to court."""
            return self._change(json_body())

        @self.controls.get("/files/<token>.pdf")
        def file(token: str) -> Answer:
            """What a link of ours leads to."""
            return self.papers.file(token)

        @self.controls.get("/spent")
        def spent() -> Response:
            """How many calls came, those that were refused left out."""
            return jsonify(spent=self.spent)

    def _check(self) -> Answer | None:
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {expected}":
            return self._wrong(401)
        now = time.time()
        self._minute = [one for one in self._minute if one > now - 60]
        if len(self._minute) >= self.per_minute or self.spent >= self.per_day:
            return self._wrong(429)
        self._minute.append(now)
        self.spent += 1
        return None

    def _customers(self) -> Answer:
        document = request.args.get("cpf") or request.args.get("cnpj")
        people = list(self.ledger.people.values())
        if document:
            people = self.ledger.of_document(document)
        return self._page(people, shapes.customer)

    def _customer(self, number: int) -> Answer:
        one = self.ledger.people.get(number)
        return jsonify(shapes.customer(one)) if one else self._wrong(404)

    def _contracts(self) -> Answer:
        holder = request.args.get("customerId", type=int)
        sales = list(self.ledger.sales.values())
        if holder is not None:
            sales = self.ledger.of_buyer(holder)
        return self._page(sales, lambda one: shapes.contract(self.ledger, one))

    def _contract(self, number: int) -> Answer:
        one = self.ledger.sales.get(number - 40_000)
        return jsonify(shapes.contract(self.ledger, one)) if one else self._wrong(404)

    def _slip(self) -> Answer:
        sale = self.ledger.sales.get(request.args.get("billReceivableId", 0, int))
        wanted = request.args.get("installmentId", 0, int)
        rows = [one for one in sale.instalments if one.id == wanted] if sale else []
        if not sale or not rows:
            return self._wrong(404)
        if rows[0].settled or not rows[0].boleto:
            return self._wrong(422)
        return self._page([rows[0]], lambda one: slip(self.ledger, sale, one, self.papers))

    def _pdf(self) -> Answer:
        holder = self.ledger.people.get(request.args.get("customerId", 0, int))
        if holder is None:
            return self._wrong(404)
        lines = [holder.name, *(f"Título {s.id}" for s in self.ledger.of_buyer(holder.id))]
        return jsonify(results=[{"urlReport": self.papers.link(lines)}])

    def _change(self, body: dict[str, Any]) -> Response | tuple[Response, int]:
        number, value = int(body["bill"]), int(body.get("value", 0))
        today = self.ledger.book.today

        def act(sale: Sale) -> Sale:
            if value:
                money = (Receipt(today, value),)
                sale = received(sale, int(body["installment"]), money, body.get("settles", True))
            if body.get("subjudice"):
                sale = replace(sale, blocks=(*sale.blocks, "SUBJUDICE"))
            return sale

        done = self.ledger.change(number, act)
        return (jsonify(changed=number), 200) if done else self._wrong(404)

    def _bills(self) -> Answer:
        holder = request.args.get("customerId", type=int)
        if holder is None:
            return self._wrong(400, "customerId é obrigatório")
        settled = request.args.get("paidOff") == "true"
        sales = [
            one
            for one in self.ledger.of_buyer(holder)
            if all(row.settled for row in one.instalments) == settled
        ]
        return self._page(sales, lambda one: shapes.bill(self.ledger, one, holder))

    def _balance(self) -> Answer:
        document = request.args.get("cpf") or request.args.get("cnpj")
        if not document:
            return self._wrong(400, "cpf ou cnpj é obrigatório")
        people = self.ledger.of_document(document)
        if not people:
            return self._wrong(404)
        wanted = request.args.get("numberTitle", type=int)
        sales = {s.id: s for p in people for s in self.ledger.of_buyer(p.id)}
        rows = [one for one in sales.values() if wanted in (None, one.id)]
        return self._page(rows, lambda one: self._spoilt(shapes.balance(self.ledger, one)))

    def _statement(self) -> Answer:
        holder = request.args.get("customerId", type=int)
        if holder is None:
            return self._wrong(400, "customerId é obrigatório")
        wanted = request.args.get("billReceivableId", type=int)
        sales = [one for one in self.ledger.of_buyer(holder) if wanted in (None, one.id)]
        if request.args.get("includeSubJudice") != "true":
            sales = [one for one in sales if "SUBJUDICE" not in one.blocks]
        rows = [shapes.statement(self.ledger, sales)] if sales else []
        return self._page(rows, self._spoilt_statement)

    def _spoilt_statement(self, row: dict[str, Any]) -> dict[str, Any]:
        for one in row["billsReceivable"]:
            self._spoilt(one)
        return row

    def _spoilt(self, title: dict[str, Any]) -> dict[str, Any]:
        """A title with the rows that tests asked to be broken."""
        for wish in self._broken:
            if wish["bill"] != title["billReceivableId"]:
                continue
            rows = [row for group in title.values() if isinstance(group, list) for row in group]
            for row in rows:
                if row["installmentId"] == wish["installment"]:
                    row[wish["field"]] = wish["value"]
        return title

    def _enterprise(self, number: int) -> Answer:
        one = self.ledger.project(number)
        return jsonify(shapes.enterprise(one)) if one else self._wrong(404)

    def _extract(self) -> Answer:
        try:
            start = date.fromisoformat(request.args.get("startDueDate", ""))
            end = date.fromisoformat(request.args.get("endDueDate", ""))
        except ValueError:
            return self._wrong(400, "startDueDate e endDueDate são obrigatórios")
        rows = [shapes.extract(self.ledger, one, start, end) for one in self.ledger.sales.values()]
        return jsonify(data=[one for one in rows if one["installments"]])

    def _page(self, rows: Sequence[Any], shape: Callable[[Any], dict[str, Any]]) -> Answer:
        limit = request.args.get("limit", 100, type=int)
        offset = request.args.get("offset", 0, type=int)
        if not 1 <= limit <= 200 or offset < 0:
            return self._wrong(400, "limit vai de 1 a 200")
        told = {"count": len(rows), "offset": offset, "limit": limit}
        return jsonify(
            resultSetMetadata=told, results=[shape(one) for one in rows[offset : offset + limit]]
        )

    def _wrong(self, status: int, text: str = "") -> tuple[Response, int]:
        return jsonify(self.error_body(status, text)), status
