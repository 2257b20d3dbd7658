"""What the parts of the sandbox share, and how a vendor joins it."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import Blueprint, Flask

from sandbox import faults
from sandbox.faults import CallName, Faults
from sandbox.settings import Settings
from sandbox.store import Row, Store
from sandbox.webhooks import Courier


class Vendor(Protocol):
    """A vendor that the sandbox plays."""

    name: str
    prefix: str  # where its calls begin, so that every error under it has the vendor's shape
    calls: Blueprint  # what the product calls; faults strike here
    controls: Blueprint  # the sandbox's own interface to the vendor

    def call_name(self) -> str:
        """The name of the call being answered, which a fault's `call` may begin."""

    def error_body(self, status: int, text: str = "") -> dict[str, Any]:
        """An error in the vendor's shape."""

    def add_calls(self) -> None:
        """Add the routes of `calls`, once the faults' guard stands before them."""

    def reset(self) -> None:
        """Return to the state of a first start."""


class Carrier(Protocol):
    """A vendor that brings what is typed on a telephone to the product."""

    def accounts(self) -> list[Row]:
        """The company's numbers that a customer can write to: id, phone, connected."""

    def customer_wrote(self, phone: Row, draft: dict[str, Any]) -> Row:
        """A customer sends `draft` (text, kind, messageId …); returns the stored message."""

    def company_wrote(self, phone: Row, draft: dict[str, Any]) -> Row:
        """Someone answers on the company's own telephone, past the product."""


@dataclass
class World:
    """The one thing handed around."""

    settings: Settings
    store: Store
    faults: Faults
    courier: Courier
    vendors: dict[str, Vendor] = field(default_factory=dict)
    carriers: dict[str, Carrier] = field(default_factory=dict)

    @classmethod
    def build(cls, settings: Settings) -> "World":
        """A world with an open store and no vendor yet."""
        store, wishes = Store(settings.data), Faults()
        return cls(settings, store, wishes, Courier(store, wishes, settings))

    def register(self, app: Flask, vendor: Vendor, carrier: Carrier | None = None) -> None:
        """Add a vendor: its calls, its controls, its faults and, if it has one, its carrier."""
        call_name: CallName = vendor.call_name
        faults.guard(vendor.calls, self.faults, vendor.name, call_name, vendor.error_body)
        vendor.add_calls()
        app.register_blueprint(vendor.calls)
        app.register_blueprint(vendor.controls)
        self.vendors[vendor.name] = vendor
        if carrier:
            self.carriers[vendor.name] = carrier
        vendor.reset()

    def reset(self, settings: Settings) -> None:
        """Forget messages, calls, webhooks, faults and changed settings."""
        self.courier.forget()
        self.store.clear()
        self.faults.clear()
        self.settings.change(settings.adjustable())
        for vendor in self.vendors.values():
            vendor.reset()
