"""Second copies and PDFs of the double: links that live for five minutes."""

import secrets
import time
from typing import Any

from flask import Response, jsonify, request

from portfolio.book import Instalment, Sale
from sandbox.sienge.figures import reais
from sandbox.sienge.ledger import Ledger

LIVES = 300  # seconds


class Papers:
    """The links that were given out."""

    def __init__(self) -> None:
        self.links: dict[str, tuple[float, list[str]]] = {}
        self.lives = LIVES

    def link(self, lines: list[str]) -> str:
        """An address for a PDF with these lines."""
        token = secrets.token_urlsafe(16)
        self.links[token] = (time.time() + self.lives, lines)
        return f"{request.host_url}sienge-book/files/{token}.pdf"

    def file(self, token: str) -> Response | tuple[Response, int]:
        """The PDF, while its link lives."""
        until, lines = self.links.get(token, (0.0, []))
        if time.time() > until:
            return jsonify(message="AccessDenied: Request has expired"), 403
        return Response(pdf(lines), mimetype="application/pdf")


def slip(ledger: Ledger, sale: Sale, one: Instalment, papers: Papers) -> dict[str, Any]:
    """The row of `/payment-slip-notification`."""
    cents = int(ledger.figures(sale, one).balance * 100)
    line = f"00190.00009 01234.567890 12345.67890{one.id % 10} 1 9999{cents:010d}"
    lines = [f"Boleto {sale.id}-{one.id}", sale.project.company, f"CNPJ {sale.project.cnpj}",
             f"Vencimento {one.due:%d/%m/%Y}", f"Valor R$ {reais(cents)}", line]  # fmt: skip
    return {"urlReport": papers.link(lines), "digitableNumber": line, "parameter1207": False}


def pdf(lines: list[str]) -> bytes:
    """A page with some lines, small enough to be written by hand."""
    shown = "".join(f"({_escaped(one)}) Tj T* " for one in lines)
    stream = f"BT /F1 12 Tf 16 TL 60 780 Td {shown}ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
