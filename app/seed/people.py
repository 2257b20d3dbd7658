"""Invented customers: names as Brazilian companies meet them, telephones of area code 00."""

import unicodedata
from dataclasses import dataclass
from random import Random

GIVEN = (
    *("Maria", "José", "Ana", "João", "Antônio", "Francisco", "Carlos", "Paulo", "Pedro", "Lucas"),
    *("Luiz", "Marcos", "Gabriel", "Rafael", "Juliana", "Fernanda", "Patrícia", "Aline", "Camila"),
    *("Bruna", "Jéssica", "Letícia", "Larissa", "Vanessa", "Rodrigo", "Eduardo", "Thiago"),
    *("Renata", "Simone", "Cláudia", "Mônica", "Sérgio", "Vinícius", "Débora", "Sônia", "Cíntia"),
)
SURNAMES = (
    *("Silva", "Santos", "Oliveira", "Souza", "Rodrigues", "Ferreira", "Alves", "Pereira", "Lima"),
    *("Gomes", "Costa", "Ribeiro", "Martins", "Carvalho", "Almeida", "Lopes", "Soares", "Vieira"),
    *("Fernandes", "Barbosa", "Rocha", "Dias", "Nascimento", "Andrade", "Moreira", "Nunes"),
    *("Marques", "Machado", "Mendes", "Freitas", "Cardoso", "Ramos", "Gonçalves", "Teixeira"),
)
PROJECTS = (
    *("Residencial Jardim das Aroeiras", "Parque dos Ipês", "Edifício Solar do Cerrado"),
    *("Reserva Mirante do Lago", "Condomínio Alto da Serra", "Varandas do Parque"),
    *("Torres do Horizonte", "Loteamento Campo Verde", "Recanto das Palmeiras"),
)
CITIES = ("Goiânia", "Campinas", "Uberlândia", "Joinville", "Londrina", "Fortaleza", "Cuiabá")
# What breaks layouts: long, shouted, apostrophes, hyphens, companies.
SPECIAL = (
    "MARIA APARECIDA DOS SANTOS",
    "Ângela D'Ávila de Sant'Anna",
    "Construfácil Materiais e Serviços Ltda.",
    "Maria Eduarda Cavalcanti de Albuquerque Montenegro e Mello Bragança Junqueira",
    "Anne-Sophie Lefèvre",
    "WILSON NETO",
)


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who writes, and what they bought."""

    name: str
    phone: str
    cpf: str
    email: str
    project: str
    unit: str
    city: str

    @property
    def first(self) -> str:
        """How one addresses them."""
        return self.name.split()[0].capitalize()


def customer(chance: Random, number: int) -> Customer:
    """The customer of this number, the same for the same `chance`."""
    name = SPECIAL[number // 8 % len(SPECIAL)] if number % 8 == 5 else _name(chance)
    floor, door = chance.randint(1, 18), chance.randint(1, 8)
    return Customer(
        name,
        f"55009000{20_000 + number:05d}",
        cpf(chance),
        f"{_plain(name)}@exemplo.com.br",
        chance.choice(PROJECTS),
        f"Bloco {chance.choice('ABC')} · Apto {floor * 100 + door}",
        chance.choice(CITIES),
    )


def _name(chance: Random) -> str:
    given = [chance.choice(GIVEN)]
    if chance.random() < 0.12:
        given.append(chance.choice(GIVEN))
    first, second = chance.sample(SURNAMES, 2)
    link = chance.choice(("", "", "", "de ", "dos ", "da "))
    return " ".join([*given, f"{link}{first}", second][: len(given) + chance.randint(1, 2)])


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = ["".join(filter(str.isalnum, word)) for word in letters.split()]
    return f"{words[0]}.{words[-1]}"


def cpf(chance: Random) -> str:
    """Eleven digits whose last two are right."""
    digits = [chance.randint(0, 9) for _ in range(9)]
    for _ in range(2):
        weights = range(len(digits) + 1, 1, -1)
        rest = sum(d * w for d, w in zip(digits, weights, strict=True)) * 10 % 11
        digits.append(rest % 10)
    return "".join(map(str, digits))
