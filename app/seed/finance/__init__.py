"""Finance of the demo: told once everything is up, since what a debt is only the ERP can say."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.channels.service import environment_channel
from app.debts.agreements import following
from app.debts.lookups import asking
from app.debts.lookups import service as lookups
from app.debts.portfolio.runs import choosing
from app.debts.portfolio.runs import service as portfolio
from app.debts.portfolio.runs.models import PortfolioRun
from app.debts.simulations.models import Simulation
from app.extensions import current_settings, db
from app.seed.finance import acts
from app.seed.finance.acts import Telling
from app.seed.finance.stories import STORIES, Story
from app.seed.staff import PEOPLE
from app.transactions import atomic
from portfolio.book import Person
from portfolio.mandatory import NOT_FOUND, mandatory


class Refused(Exception):
    """This is not the place for invented debts."""


def tell_finance() -> str:
    """Live through every story that is not told yet; safe to run again, or after a kill.

    Each is one transaction. Raises Refused outside fictitious data, IntegrationError while the ERP
    does not answer.
    """
    settings = current_settings()
    if settings.is_production or not settings.fictitious_data:
        raise Refused("Os dados de exemplo só entram onde FICTITIOUS_DATA=1, nunca em produção.")
    channel, staff, told = environment_channel(), _staff(), 0
    if channel is None or len(staff) < len(PEOPLE):
        raise Refused("Carregue antes os dados de exemplo: flask --app wsgi seed")
    for story in STORIES:
        person, bill = _of(story)
        document = person.document if person else NOT_FOUND
        if _is_told(story, document, bill):
            continue
        content = asking.everything(document, "debt:seed")
        if person is not None and not _is_of_the_book(content, person):
            raise Refused("O Sienge configurado não é o do ambiente de teste.")
        at = acts.began(story)
        _tell(Telling(story, person, document, bill, content, channel, staff, at))
        told += 1
    following.expire_offers()
    _simulate_portfolio(staff["financeiro"])
    return f"{told} histórias do financeiro."


def _tell(one: Telling) -> None:
    try:
        with atomic():
            acts.tell(one)
    finally:
        clock.shift(timedelta(seconds=current_settings().clock_shift_seconds))


def _simulate_portfolio(by: User) -> None:
    """The whole book, pulled from the ERP by a worker."""
    if db.session.scalar(select(PortfolioRun.id).limit(1)) is not None:
        return
    with atomic():
        run = portfolio.pull(by, choosing.usual())
        portfolio.start(run.id, by, (), portfolio.today(), choosing.usual())


def _of(story: Story) -> tuple[Person | None, str]:
    book = mandatory(following.local_today())
    sales = book.of_case(story.case)
    if not sales:
        return None, ""
    sale = sales[story.contract]
    return book.person(sale.buyers[0]), str(sale.id)


def _is_told(story: Story, document: str, bill: str) -> bool:
    if not story.tries:
        return lookups.newest(document) is not None
    return db.session.scalar(select(Simulation.id).where(Simulation.bill == bill)) is not None


def _is_of_the_book(content: dict[str, Any], person: Person) -> bool:
    return any(one.get("name") == person.name for one in content["customers"])


def _staff() -> dict[str, User]:
    wanted = {f"{key}@guiche.local": key for key in PEOPLE}
    found = db.session.scalars(select(User).where(User.email.in_(wanted)))
    return {wanted[one.email]: one for one in found}
