"""Names of people and companies that do not exist, in Brazilian proportions."""

from random import Random

# The frequent ones come first and are drawn more often.
GIVEN = (  # noqa: SIM905 - one literal a name would fill pages
    "Maria José Ana João Antônio Francisco Carlos Paulo Pedro Lucas Luiz Marcos Gabriel "
    "Rafael Juliana Fernanda Patrícia Aline Camila Bruna Jéssica Letícia Larissa Vanessa "
    "Daniel Marcelo Bruno Eduardo Felipe Rodrigo Manoel Mateus André Fernando Fábio Leonardo "
    "Gustavo Guilherme Leandro Tiago Anderson Ricardo Márcio Jorge Sebastião Alexandre "
    "Roberto Edson Diego Vítor Sérgio Cláudio Matheus Thiago Geraldo Adriano Luciano Júlio "
    "Renato Alex Vinícius Rogério Samuel Ronaldo Mário Flávio Douglas Igor Davi Manuel "
    "Jeferson Cícero Víctor Miguel Robson Mauricio Danilo Henrique Caio Reginaldo Joaquim "
    "Benedito Gilberto Marco Alan Nélson Cristiano Elias Wilson Valdir Emerson Luan David "
    "Renan Severino Fabrício Mauro Jonas Gilmar Jean Fabiano Wesley Diogo Adilson Jair "
    "Alessandro Everton Osvaldo Gílson Willian Joel Sílvio Hélio Maicon Reinaldo Pablo Artur "
    "Vagner Valter Celso Ivan Cleiton Vanderlei Vicente Arthur Mílton Domingos Wagner Sandro "
    "Moisés Edilson Ademir Adão Evandro César Valmir Murilo Juliano Edvaldo Ailton Junior "
    "Breno Nicolas Ruan Alberto Rubens Nilton Augusto Cléber Osmar Nilson Hugo Otávio "
    "Francisca Antônia Adriana Márcia Sandra Luciana Amanda Mariana Gabriela Rafaela Luana "
    "Simone Rita Cristina Tatiane Débora Raquel Priscila Renata Carla Beatriz Sônia Daniela "
    "Natália Isabel Terezinha Elaine Rosana Eliane Cláudia Sueli Tereza Helena Regina Michele "
    "Viviane Lúcia Rosa Denise Elisângela Marlene Kelly Vera Bianca Heloísa Cecília Lívia "
    "Yasmin Iracema Conceição"
).split()
FAMILY = (  # noqa: SIM905 - one literal a name would fill pages
    "Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro "
    "Martins Carvalho Almeida Lopes Soares Fernandes Vieira Barbosa Rocha Dias Nascimento "
    "Andrade Moreira Nunes Marques Machado Mendes Freitas Cardoso Ramos Gonçalves Santana "
    "Teixeira Araújo Cavalcanti Melo Castro Pinto Correia Moura Reis Borges Batista Campos "
    "Monteiro Miranda Barros Duarte Cruz Xavier Medeiros Farias Azevedo Cunha Moraes Siqueira "
    "Coelho Guimarães Tavares Nogueira Fonseca Brito Sampaio Rezende Assis Peixoto Figueiredo "
    "Macedo Matos Leite Bezerra Viana Pires Sales Antunes Amaral Aguiar Bastos Pacheco "
    "Bittencourt Camargo Chaves Dantas Domingues Esteves Evangelista Falcão Fagundes Furtado "
    "Galvão Garcia Guerra Henriques Jesus Jardim Lacerda Leal Leão Linhares Lobo Maciel "
    "Magalhães Maia Marinho Meireles Menezes Mesquita Morais Muniz Neves Novaes Pessoa "
    "Portela Prado Queiroz Quintana Rangel Rosa Sá Salgado Saraiva Serra Simões Torres Toledo "
    "Trindade Valente Vargas Vasconcelos Veloso Ventura Vidal Zanella Bianchi Schneider "
    "Müller Tanaka Nakamura Kowalski Fontoura Espíndola Ouriques"
).split()
LINKS = ("da", "de", "dos", "do", "e", "das")
ENDINGS = ("Junior", "Filho", "Neto", "Sobrinho")
TRADES = (
    "Comércio",
    "Materiais",
    "Engenharia",
    "Transportes",
    "Serviços",
    "Alimentos",
    "Esquadrias",
)
FORMS = ("Ltda.", "S.A.", "ME", "EIRELI")


def frequent(random: Random, pool: list[str]) -> str:
    """One of a pool; those that come first are drawn more often."""
    return pool[int(len(pool) * random.random() ** 1.7)]


def person_name(random: Random) -> str:
    """A name as other systems keep them: some long, some in capitals, some of companies."""
    chance = random.random()
    if chance < 0.04:
        return f"{frequent(random, FAMILY)} {random.choice(TRADES)} {random.choice(FORMS)}"
    parts = [frequent(random, GIVEN)]
    if chance < 0.16:
        parts.append(frequent(random, GIVEN))
    for _ in range(1 + int(random.random() * 2.4)):
        if random.random() < 0.17:
            parts.append(random.choice(LINKS))
        parts.append("D'Ávila" if random.random() < 0.004 else frequent(random, FAMILY))
    if random.random() < 0.05:
        parts.append(random.choice(ENDINGS))
    name = " ".join(parts)
    return name.upper() if random.random() < 0.25 else name
