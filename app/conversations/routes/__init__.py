"""The inbox: its list, its threads, and what can be done in them."""

from flask import Flask

from app.accounts import service as staff
from app.conversations import (
    chips,
    contents,
    following_contacts,
    following_files,
    following_protocols,
    holding,
    marking,
    presenting,
    queries,
    service,
    sockets,
    viewers,
)
from app.conversations.message_acts import presenting as message_acts_presenting
from app.conversations.routes import (
    batches,
    desk,
    held,
    lists,
    marks,
    message_acts,
    of_contact,
    threads,
    views,
    writing,
)
from app.conversations.routes.blueprint import beside_contacts, blueprint
from app.conversations.service.writing import quote_of

# Importing the pages and the sockets is what registers them.
__all__ = [
    "batches",
    "blueprint",
    "desk",
    "init_app",
    "lists",
    "marks",
    "message_acts",
    "of_contact",
    "sockets",
    "threads",
    "views",
    "writing",
]


def init_app(app: Flask) -> None:
    """Add the pages, and what templates need to place rows and messages."""
    app.register_blueprint(blueprint)
    app.register_blueprint(held.blueprint)
    app.register_blueprint(beside_contacts)
    app.jinja_env.globals.update(
        content=contents,
        acts_of=message_acts_presenting.acts_of,
        message_menu=message_acts_presenting.menu_of,
        row_key=queries.row_key,
        message_key=queries.message_key,
        row_tabs=presenting.row_tabs,
        author_key=presenting.author_key,
        kind_label=presenting.kind_label,
        event_text=presenting.event_text,
        rule_name=presenting.rule_name,
        asks_for_reason=service.asks_for_reason,
        status_label=presenting.status_label,
        mention_chips=presenting.mention_chips,
        quote_name=presenting.quote_name,
        quote_of=quote_of,
        undo_seconds=presenting.undo_seconds,
        company_undo_seconds_now=holding.company_undo_seconds,
        viewers_version=viewers.version_of,
        labels_of=marking.labels_of,
        priority_label=marking.priority_label,
        priority_icon=marking.PRIORITY_ICONS.__getitem__,
        snooze_label=marking.snooze_label,
        act_done=marking.act_done,
        wait_label=chips.wait_label,
    )
    following_contacts.follow()
    following_files.follow()
    following_protocols.follow()
    if service.heed not in service.on_inbound:
        service.on_inbound.insert(0, service.heed)  # before the bot hears of it
    if service.follow_staff not in staff.on_less_access:
        staff.on_less_access.append(service.follow_staff)
