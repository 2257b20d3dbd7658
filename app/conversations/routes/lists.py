"""The list of the inbox: its tabs, its pages, its numbers."""

from flask import render_template, request, session

from app.accounts import presence
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.conversations import chips, counters, queries
from app.conversations.filters import WAITS, Filters, parse
from app.conversations.routes.blueprint import blueprint
from app.errors import NotFound
from app.labels import queries as labels
from app.labels.models import Label
from app.teams import queries as teams


@blueprint.get("")
@requires(Permission.CONVERSATIONS_VIEW)
def inbox() -> str:
    """The three panes with no conversation open; `saiu`: the one that was may not be seen now."""
    context = list_context() | staff_context()
    left = bool(request.args.get("saiu"))
    return render_template("conversations/inbox.html", **context, conversation=None, left=left)


@blueprint.get("/lista")
@requires(Permission.CONVERSATIONS_VIEW)
def list_pane() -> str:
    """The list alone: a tab was chosen, or the page asks for it again."""
    return render_template("conversations/_list_pane.html", **list_context())


@blueprint.get("/lista/linhas")
@requires(Permission.CONVERSATIONS_VIEW)
def list_rows() -> str:
    """The list's rows again (`n` of them), or the next page of them (`depois`)."""
    tab, order = _tab_and_order()
    after = request.args.get("depois", "")
    size = (
        queries.ROWS
        if after
        else min(max(request.args.get("n", 0, int), queries.ROWS), queries.MOST_ROWS)
    )
    narrowed = _filters()
    page = queries.page(acting_user(), tab, order, after, size, narrowed)
    template = "conversations/_more_rows.html" if after else "conversations/_list.html"
    return render_template(template, page=page, tab=tab, order=order, filters=narrowed)


@blueprint.get("/contagens")
@requires(Permission.CONVERSATIONS_VIEW)
def counts() -> str:
    """The tabs with their numbers."""
    tab, order = _tab_and_order()
    totals = counters.read(acting_user())
    return render_template(
        "conversations/_tabs.html", tab=tab, order=order, totals=totals, filters=_filters()
    )


@blueprint.get("/filtros")
@requires(Permission.CONVERSATIONS_VIEW)
def filter_panel() -> str:
    """Everything the list can be narrowed by, as it is narrowed now."""
    tab, order = _tab_and_order()
    narrowed = _filters()
    return render_template(
        "conversations/_filter_panel.html",
        tab=tab,
        order=order,
        filters=narrowed,
        channels=queries.channels_of(acting_user()),
        teams=teams.in_use(),
        labels=labels.offered() + _archived_but_chosen(narrowed),
        people=queries.attending(queries.active_staff()),
        waits=WAITS,
    )


def _archived_but_chosen(narrowed: Filters) -> list[Label]:
    chosen = [one for one in narrowed.labels if one]
    return [label for label in labels.by_ids(chosen) if label.archived] if chosen else []


def _filters() -> Filters:
    return parse(request.args.items(multi=True))


def _tab_and_order() -> tuple[str, str]:
    """The tab and order asked for, else those this person used last."""
    tab = request.args.get("aba") or session.get("inbox_tab", "all")
    order = request.args.get("ordem") or session.get("inbox_order", "newest")
    if tab not in queries.TABS or order not in queries.ORDERS:
        raise NotFound
    if tab in queries.PUT_AWAY:
        return tab, "newest"
    if (session.get("inbox_tab"), session.get("inbox_order")) != (tab, order):
        session["inbox_tab"], session["inbox_order"] = tab, order
    return tab, order


def list_context() -> dict[str, object]:
    """What the list of this person shows."""
    tab, order = _tab_and_order()
    narrowed = _filters()
    page = queries.page(acting_user(), tab, order, filters=narrowed)
    return {
        "tab": tab,
        "order": order,
        "filters": narrowed,
        "chips": chips.chips(narrowed, page.names),
        "page": page,
        "totals": counters.read(acting_user()),
    }


def staff_context() -> dict[str, object]:
    """Who attends, who is there, and to whom this person can transfer: read once for all three."""
    staff = queries.active_staff()
    there = presence.state_of(person.id for person in staff)
    attending = queries.attending(staff)
    return {
        "team": attending,
        "everyone": there,
        "presence": there,
        "colleagues": [person for person in attending if person.id != acting_user().id],
        "teams": teams.in_use(),
    }
