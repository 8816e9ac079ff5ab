"""Errors by remedy.

::

    UserError                 bad input: say what happened and what to do next; nothing was changed
    DeliveryError             the platform did not take a parcel; the class says what to do
    ├── RetryLater(after)     wait so many seconds, then the same parcel again
    │   └── Exhausted         the month's allowance is used up: note it, do not try again
    ├── Refresh               the token is stale: get a new one, once, then again
    ├── Unreachable           nobody answered; nothing was sent: again, with back-off
    │   └── NoProxy           … because the proxy in between is not there or does not let us through
    ├── InDoubt               the request went out, no answer came back: it may have been delivered
    ├── Recalled              the message answered was taken back: tell its writer alone
    ├── Rejected              the platform refuses this content: degrade the card, never repeat it
    └── Gone                  the chat or person cannot be reached any more: pause it
    Malformed                 a frame we cannot read: acknowledge, count, go on
    IntakeUnavailable         the thing could not be committed: do not acknowledge, the platform sends it again
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from chat.cards import Button, Card, text_card
from chat.text import Locale, Text


class UserError(Exception):
    """A refusal. ``text`` is what the person reads; ``buttons`` offer the way on; ``audit`` names a refused act.

    ``draft``: what was said, kept under the message's key so that a button can go on with it. ``locale``: the reader's,
    once it is known and there is nothing to write down about them.
    """

    def __init__(self, text: Text, *buttons: Button, audit: str = "", draft: Mapping[str, Any] | None = None) -> None:
        super().__init__(text.zh)
        self.text = text
        self.buttons = buttons
        self.audit = audit
        self.draft = draft
        self.locale: Locale | None = None

    def card(self) -> Card:
        return text_card(self.text, *self.buttons)


class DeliveryError(Exception):
    """Why a parcel was not delivered. ``str()`` is for logs and admins: platform, code and reason; no secrets.

    ``sooner``: set when trying again makes sense before the wait is over (the link is back, somebody spoke).
    """

    sooner: asyncio.Event | None = None


class RetryLater(DeliveryError):
    def __init__(self, reason: str, after: float) -> None:
        """after: seconds."""
        super().__init__(reason)
        self.after = after


class Exhausted(RetryLater):
    pass


class Refresh(DeliveryError):
    pass


class Unreachable(DeliveryError):
    pass


class NoProxy(Unreachable):
    """``proxy``: where it is, without the password in its address."""

    def __init__(self, reason: str, proxy: str) -> None:
        super().__init__(reason)
        self.proxy = proxy


class InDoubt(DeliveryError):
    pass


class Recalled(DeliveryError):
    pass


class Rejected(DeliveryError):
    pass


class Gone(DeliveryError):
    pass


class Malformed(Exception):
    """A frame without the shape its kind promises."""


class IntakeUnavailable(Exception):
    """Not committed. The platform must not be acknowledged."""
