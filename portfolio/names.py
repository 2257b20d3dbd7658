"""Names as Brazilian back offices meet them; nobody bears them on purpose."""

from random import Random

GIVEN = (
    *("Maria", "José", "Ana", "João", "Antônio", "Francisco", "Carlos", "Paulo", "Pedro", "Lucas"),
    *("Luiz", "Marcos", "Gabriel", "Rafael", "Juliana", "Fernanda", "Patrícia", "Aline", "Camila"),
    *("Bruna", "Jéssica", "Letícia", "Larissa", "Vanessa", "Daniel", "Marcelo", "Bruno", "Eduardo"),
    *("Felipe", "Rodrigo", "Manoel", "Raimundo", "Sebastião", "Mateus", "André", "Fábio", "Diego"),
    *("Leonardo", "Vitor", "Thiago", "Gustavo", "Márcio", "Sandra", "Márcia", "Adriana", "Luciana"),
    *("Cristiane", "Rosângela", "Tereza", "Beatriz", "Débora", "Simone", "Renata", "Cláudia"),
)
SURNAMES = (
    *("Silva", "Santos", "Oliveira", "Souza", "Rodrigues", "Ferreira", "Alves", "Pereira", "Lima"),
    *("Gomes", "Costa", "Ribeiro", "Martins", "Carvalho", "Almeida", "Lopes", "Soares", "Vieira"),
    *("Fernandes", "Barbosa", "Rocha", "Dias", "Nascimento", "Andrade", "Moreira", "Nunes"),
    *("Marques", "Machado", "Mendes", "Freitas", "Cardoso", "Ramos", "Gonçalves", "Santana"),
    *("Teixeira", "Araújo", "D'Ávila", "Sant'Anna", "Vasconcelos", "Guimarães", "Prado", "Couto"),
)
COMPANY_ENDINGS = ("Ltda.", "S.A.", "EIRELI", "ME")


def person(chance: Random) -> str:
    """Given names, one to three surnames; a quarter shouted, as ERP exports are."""
    names = [chance.choice(GIVEN)]
    if chance.random() < 0.12:
        names.append(chance.choice(GIVEN))
    surnames = chance.sample(SURNAMES, chance.choice((1, 2, 2, 3)))
    if chance.random() < 0.30:
        surnames[0] = f"{chance.choice(('da', 'de', 'dos'))} {surnames[0]}"
    name = " ".join(dict.fromkeys([*names, *surnames]))
    if chance.random() < 0.08:
        name += f" {chance.choice(('Junior', 'Filho', 'Neto'))}"
    return name.upper() if chance.random() < 0.25 else name


def company(chance: Random) -> str:
    """A small company."""
    trade = chance.choice(("Comércio de Tintas", "Transportes", "Padaria", "Clínica Odontológica"))
    return f"{chance.choice(SURNAMES)} {trade} {chance.choice(COMPANY_ENDINGS)}"
