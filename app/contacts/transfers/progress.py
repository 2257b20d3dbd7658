"""How far an import or its undoing got, said to who watches: at its turns, and now and then."""

from functools import partial

from app import clock
from app.contacts import live as contacts_live
from app.contacts.transfers import live
from app.contacts.transfers.models import ContactImport
from app.extensions import db
from app.transactions import on_commit

SLICE_SECONDS = 20.0  # how long a job works before others get their turn
ANNOUNCED_EVERY = 0.7  # seconds between two pictures of the progress


def announce(made: ContactImport) -> None:
    """An import has changed, in the transaction under way."""
    made.version = (made.version or 0) + 1
    on_commit(partial(live.import_changed, made), once=("import", made.id))


class Turn:
    """One job's time at an import."""

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id
        self._until = clock.now().timestamp() + SLICE_SECONDS
        self._told = 0.0

    def is_over(self) -> bool:
        """Between two lines: tells how far it is when that is due; whether others come first."""
        present = clock.now().timestamp()
        if present - self._told > ANNOUNCED_EVERY:
            self._told = present
            found = db.session.get_one(ContactImport, self.import_id, populate_existing=True)
            db.session.rollback()
            live.import_changed(found)
            contacts_live.list_changed()
        return present > self._until
