"""Keeping simulations: saving, naming, copying, the list of all of them; and offering one."""

from flask import Response, render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.debts.simulations import queries, service, subjects
from app.debts.simulations.inputs import read
from app.debts.simulations.models import Simulation
from app.debts.simulations.routes.blueprint import CONTRACT, KEPT, blueprint
from app.debts.simulations.routes.simulator import redirected
from app.errors import GuicheError
from app.web import path_for


@blueprint.get("/simulacoes")
@requires(Permission.DEBTS_VIEW)
def simulations() -> str:
    """Everybody's simulations, newest first, or one's own."""
    return render_template("debts/simulations/simulations.html", **_listed())


@blueprint.get("/simulacoes/linhas")
@requires(Permission.DEBTS_VIEW)
def simulation_rows() -> str:
    """The list alone: for a page that fell behind, or the rows after the last one shown."""
    return render_template("debts/simulations/_list.html", **_listed())


@blueprint.post(CONTRACT + "/guardadas")
@requires(Permission.DEBTS_SIMULATE)
def keep(snapshot_id: int, bill: str) -> Response:
    """Keep what the form says: under a new name, or in the simulation that is open (`guardada`)."""
    kept = _kept(snapshot_id, bill)
    return redirected(path_for("simulations.kept_simulation", simulation_id=kept.id))


@blueprint.post(CONTRACT + "/ofertas")
@requires(Permission.DEBTS_SIMULATE)
def offer(snapshot_id: int, bill: str) -> Response:
    """Keep what the form says and freeze its proposals."""
    kept = _kept(snapshot_id, bill)
    made = service.create_offer(
        acting_user(),
        kept.id,
        note=request.form.get("pedido", ""),
        minutes=request.form.get("ata", ""),
    )
    return redirected(path_for("simulations.offer_page", offer_id=made.id))


@blueprint.post(KEPT + "/nome")
@requires(Permission.DEBTS_SIMULATE)
def rename(simulation_id: int) -> Response:
    """Give it another name."""
    service.rename(acting_user(), simulation_id, request.form.get("nome", ""))
    return Response(status=204)


@blueprint.post(KEPT + "/copia")
@requires(Permission.DEBTS_SIMULATE)
def duplicate(simulation_id: int) -> Response:
    """A copy of one's own."""
    made = service.duplicate(acting_user(), simulation_id)
    return redirected(path_for("simulations.kept_simulation", simulation_id=made.id))


def _kept(snapshot_id: int, bill: str) -> Simulation:
    subject = subjects.find(snapshot_id, bill)
    inputs, faults = read(request.form.to_dict(flat=False), service.today())
    if faults:
        raise GuicheError(service.fault_text(faults), 422)
    name, present = request.form.get("nome", ""), request.form.get("guardada", "")
    if present.isdecimal() and len(present) < 19 and request.form.get("como") != "nova":
        return service.change(acting_user(), int(present), subject, inputs, name)
    return service.keep(acting_user(), subject, inputs, name)


def _listed() -> dict[str, object]:
    after = request.args.get("depois", "")
    mine = request.args.get("de") == "mim"
    last = int(after) if after.isdecimal() and len(after) < 19 else None
    return {
        "page": queries.newest(acting_user() if mine else None, last),
        "after": last,
        "mine": mine,
        "version": queries.version_of_all(),
    }
