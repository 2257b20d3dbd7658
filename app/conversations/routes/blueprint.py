"""Where the inbox's pages hang."""

from flask import Blueprint

blueprint = Blueprint("conversations", __name__, url_prefix="/conversas")
# Our pane on the contact's page.
beside_contacts = Blueprint("contact_conversations", __name__)
