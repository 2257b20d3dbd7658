"""The one blueprint of the accounts pages."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
