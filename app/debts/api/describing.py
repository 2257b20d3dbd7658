"""The contract in OpenAPI's words. What comes is read as old callers send it."""

from typing import Any

from pydantic import BaseModel, Field


class Consulta(BaseModel):
    """Whom to look up."""

    cpf: Any = Field(None, description="CPF ou CNPJ, com ou sem pontuação")


class Resposta(BaseModel):
    """Which line of the list was chosen."""

    cpf: Any = Field(None, description="O mesmo de /consultar")
    opcao: Any = Field(None, description="O número da unidade na lista")


class Resumo(BaseModel):
    """Which contract."""

    cliente_id: Any = Field(None, description="De /consultar")
    bill_id: Any = Field(None, description="unidade.billReceivableId de /responder")
    unidade: Any = None


class Reparcelamento(Resumo):
    """Which contract, and what the customer can pay."""

    valor_cliente_rene: Any = Field(
        None, description='Por mês, como número ou texto: 350.5, "350,50", "1.234,56"'
    )


class Recusa(BaseModel):
    """Why a request was refused."""

    erro: str


class Mensagem(BaseModel):
    """What the flow says to the customer."""

    mensagem: str


class Encontrado(Mensagem):
    """A customer and the list of units."""

    cliente_id: int


class Unidade(BaseModel):
    """A unit with the title to ask about."""

    billReceivableId: int
    id_unidade: int | None
    nome_unidade: str
    contrato: str


class Escolhida(Encontrado):
    """A chosen unit."""

    unidade: Unidade


class Propostas(BaseModel):
    """Three messages (null where there are fewer), the indicated one, and the sums; or, where
    there is nothing to propose, only `mensagem`."""

    mensagem: str | None = None
    mensagens_proposta_1: str | None = None
    mensagens_proposta_2: str | None = None
    mensagens_proposta_3: str | None = None
    mensagem_indicada: str | None = None
    resumo: dict[str, Any] | None = None
