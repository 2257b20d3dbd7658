"""How the features above say who may see a file, and hear that one changed."""

from collections.abc import Callable

from sqlalchemy import ColumnElement

from app.accounts.models import User
from app.media.models import Attachment

# Each gives the condition under which a person may see attachments of one kind of owner.
visible: list[Callable[[User], ColumnElement[bool]]] = []
# Called inside the transaction before an attachment changes: whoever owns it locks its own rows,
# which come first in the order of locks; and again after the change, to announce it.
before_change: list[Callable[[Attachment], None]] = []
after_change: list[Callable[[Attachment], None]] = []
