"""The bell and its panel, laying notices aside, and how somebody wants to be told."""

from flask import Blueprint, Flask, Response, render_template, request
from flask_babel import gettext as _

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.errors import GuicheError
from app.notifications import following, preferences, presenting, queries, service
from app.notifications.kinds import BY_KEY, WAYS, kinds_for
from app.notifications.models import Wishes
from app.notifications.preferences import Chosen

blueprint = Blueprint("notifications", __name__, url_prefix="/avisos")


def init_app(app: Flask) -> None:
    """Add the fragments, and hear of what concerns people."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        notice_kinds=BY_KEY,
        notice_text=presenting.notice_text,
        notice_address=presenting.notice_address,
        talk_text=presenting.talk_text,
        unclaimed_text=presenting.unclaimed_text,
        longest_wait=presenting.longest_wait,
    )
    following.follow()


@blueprint.get("/sino")
@requires(Permission.OWN_ACCOUNT)
def bell() -> str:
    """What the bell counts and rings for, and how this person wants to be told."""
    return render_template("notifications/_state.html", bell=_bell(), **_known())


@blueprint.get("/painel")
@requires(Permission.OWN_ACCOUNT)
def panel() -> str:
    """The panel, with as many entries as the page shows (`n`)."""
    size = min(max(request.args.get("n", 0, int), queries.ROWS), queries.MOST_ROWS)
    here = _bell()
    page = queries.page(acting_user(), here.wishes.muted_bell, size=size)
    paused = preferences.is_paused(here.wishes)
    until = presenting.until_text(paused) if paused else ""
    return render_template("notifications/_panel.html", bell=here, page=page, until=until)


@blueprint.get("/anteriores")
@requires(Permission.OWN_ACCOUNT)
def earlier() -> str:
    """The entries after the one with the key `antes`."""
    muted = preferences.of(acting_user().id).muted_bell
    page = queries.page(acting_user(), muted, request.args.get("antes", ""))
    return render_template("notifications/_entries.html", page=page)


@blueprint.post("/leitura")
@requires(Permission.OWN_ACCOUNT)
def read() -> Response:
    """Lay aside one notice (`aviso`), those of a conversation (`conversa`), or all."""
    notice, talk = (request.form.get(name, 0, int) for name in ("aviso", "conversa"))
    if notice:
        service.read(acting_user(), notice)
    elif talk:
        service.read_of_conversation(acting_user(), talk)
    else:
        service.read_all(acting_user())
    return Response(status=204)


@blueprint.post("/silencio")
@requires(Permission.CONVERSATIONS_WORK)
def silence() -> Response:
    """Hear no more of what waits without an owner now."""
    service.silence(acting_user())
    return Response(status=204)


@blueprint.post("/pausa")
@requires(Permission.OWN_ACCOUNT)
def pause() -> Response:
    """No sound and no notices for so many `minutos`; 0 ends it."""
    preferences.pause(acting_user(), _number("minutos"))
    return Response(status=204)


@blueprint.get("/preferencias")
@requires(Permission.OWN_ACCOUNT)
def wishes() -> str:
    """The section of Minha conta."""
    return _form(preferences.of(acting_user().id))


@blueprint.post("/preferencias")
@requires(Permission.OWN_ACCOUNT)
def save() -> str | tuple[str, int]:
    """Keep it; the person's other screens follow at once."""
    try:
        kept = preferences.save(acting_user(), _chosen())
    except GuicheError as error:
        return _form(preferences.of(acting_user().id), error=error.message), error.status
    return _form(kept, saved=True)


def _bell() -> queries.Bell:
    viewer = acting_user()
    return queries.Bell(
        preferences.of(viewer.id),
        queries.unread_notices(viewer),
        queries.unread_talks(viewer),
        queries.unclaimed(viewer),
        queries.silenced(viewer),
    )


def _known() -> dict[str, object]:
    return {"ways": WAYS, "kinds": kinds_for(acting_user()), "muted": preferences.muted}


def _form(kept: Wishes, error: str = "", saved: bool = False) -> str:
    return render_template(
        "notifications/_preferences.html",
        wishes=kept,
        repeats=preferences.REPEATS,
        quiet_from=presenting.hour_text(kept.quiet_from),
        quiet_until=presenting.hour_text(kept.quiet_until),
        error=error,
        saved=saved,
        **_known(),
    )


def _chosen() -> Chosen:
    """What the form says: of each way the kinds that are ticked, everything else is muted."""
    muted = {way: set(BY_KEY) - set(request.form.getlist(way)) for way in WAYS}
    quiet = None
    if request.form.get("silencio"):
        quiet = _minutes(request.form.get("de", "")), _minutes(request.form.get("ate", ""))
    shortcuts = bool(request.form.get("atalhos"))
    return Chosen(muted, _number("volume"), _number("repetir"), quiet, shortcuts)


def _minutes(text: str) -> int:
    hours, _colon, minutes = text.partition(":")
    known = hours.isdecimal() and minutes.isdecimal() and len(text) <= 5
    if not known or int(hours) > 23 or int(minutes) > 59:
        raise GuicheError(_("Informe o começo e o fim do silêncio, como 22:00."), status=422)
    return int(hours) * 60 + int(minutes)


def _number(field: str) -> int:
    text = request.form.get(field, "")
    if not text.isdecimal() or len(text) > 6:
        raise GuicheError(_("Escolha um dos valores oferecidos."), status=422)
    return int(text)
