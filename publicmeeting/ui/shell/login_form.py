"""Sign-in forms: what stands in them after a route has led back here."""

import reflex as rx

from publicmeeting.domain.people import masked_mobile
from publicmeeting.notify.codes import UNSENT
from publicmeeting.text.common.dates_text import in_order
from publicmeeting.text.refusals.refusals_text import refusal_in, refusal_key
from publicmeeting.ui.shell.act import Asking, cookie, query
from publicmeeting.usecases.accounts.pending_sign_in import PENDING, Pending, pending_mobile


async def waiting_mobile(state: Asking) -> str:
    """The masked mobile this visit has lately asked a code for, or nothing; isolated, as between
    Persian words its groups would change places."""
    sealed = cookie(state, PENDING)
    mobile = await query(state, pending_mobile, Pending(sealed=sealed)) if sealed else None
    return in_order(masked_mobile(mobile)) if mobile else ""


def door_errors(state: rx.State) -> dict[str, str]:
    """The refusal that came back in the address, under its field; `sending` is what became of a
    code that was asked for."""
    query = state.router.url.query_parameters
    sentence, key = refusal_in(query), refusal_key(query)
    field = "sending" if key in UNSENT else "mobile" if key.startswith("mobile") else "code"
    return {field: sentence} if sentence else {}


class EnterState(Asking, rx.State):
    """The doors of citizens and of officials."""

    sent_to: str = ""

    @rx.event
    async def load(self) -> None:
        """Which form stands open, and what was refused."""
        query = self.router.url.query_parameters
        self.sent_to = "" if query.get("other") else await waiting_mobile(self)
        self.errors = door_errors(self)
