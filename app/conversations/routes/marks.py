"""What brings a conversation back before its time."""

from flask import Response

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.conversations import queries, service
from app.conversations.routes.blueprint import blueprint


@blueprint.delete("/<int:conversation_id>/adiamento")
@requires(Permission.CONVERSATIONS_WORK)
def wake(conversation_id: int) -> Response:
    """End a snooze now; the screens hear of it as of any other change."""
    queries.find(acting_user(), conversation_id)
    service.wake(conversation_id, acting_user())
    return Response(status=204)
