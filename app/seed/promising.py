"""When the demo's teams attend, and what the company promises: with some of it nearly due or late.

Set up once the talks are told, so that none of the three weeks is judged by it and no bell rings.
"""

from datetime import date

from app import clock
from app.accounts.models import User
from app.business_time import Day
from app.deadlines import service as deadlines
from app.deadlines.policies import Policy
from app.hours import service as hours
from app.hours.known import COMPANY
from app.hours.service import Saying, Wanted
from app.teams import queries as teams

OFFICE: Day = ((480, 720), (780, 1080))
SHOP: Day = ((540, 1140),)
SATURDAY: Day = ((540, 780),)
# The company itself is always open: whoever tries the demo at night is attended too.
WEEKS = {
    "Assistência técnica": Wanted("week", week=(OFFICE,) * 5 + ((),) * 2, region="SP"),
    "Vendas": Wanted("week", week=(SHOP,) * 5 + (SATURDAY, ()), holidays="optional"),
}
WORDS = {
    "pt-BR": "O plantão de vendas está fechado agora, {{primeiro_nome}}. Voltamos "
    "{{proxima_abertura}} e respondemos por aqui."
}


def promise(staff: dict[str, User]) -> None:
    """Hours of teams, the days between the years, and three promises."""
    manager = staff["gestor"]
    numbers = {team.name: team.id for team in teams.in_use()}
    for name, wanted in WEEKS.items():
        hours.save_hours(manager, ("team", numbers[name]), wanted)
    hours.save_texts(manager, ("team", numbers["Vendas"]), Saying("on", None, {"away": WORDS}))
    year = clock.now().year
    hours.add_date(manager, date(year, 12, 24), "Véspera de Natal", ((480, 720),), COMPANY)
    hours.add_date(manager, date(year, 12, 31), "Último dia do ano", (), COMPANY)
    deadlines.create(manager, Policy(priority=4, first_minutes=5, next_minutes=10, in_hours=False))
    deadlines.create(
        manager,
        Policy(team_id=numbers["Vendas"], first_minutes=20, next_minutes=60),
    )
    deadlines.create(
        manager,
        Policy(first_minutes=25, next_minutes=35, resolution_minutes=24 * 60, in_hours=False),
    )
