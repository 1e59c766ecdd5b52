"""The state of `/verify/`: the city's own figures, and whoever is missed in a list."""

from dataclasses import dataclass, field

import reflex as rx

from publicmeeting.ui.design.view_model import ViewModel
from publicmeeting.ui.public.verify import views
from publicmeeting.ui.shell.act import Asking, VarField, execute, query
from publicmeeting.ui.shell.listing import Reply, reply
from publicmeeting.ui.shell.typed import text_of
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.line.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.public_record.open_risks import trust


@dataclass(frozen=True)
class Sums(ViewModel):
    """What stands on the page."""

    risks: tuple[views.RiskView, ...] = ()
    reply: Reply = field(default_factory=Reply)
    asking: bool = False


class VerifyState(Asking, rx.State):
    """`/verify/`; the sums are the browser's."""

    sums: Sums = Sums()

    risks = VarField[tuple[views.RiskView, ...]]("sums")
    reply = VarField[Reply]("sums")
    asking = VarField[bool]("sums")

    @rx.event
    async def load(self) -> None:
        """The figures of the last eight weeks."""
        self.reply, self.asking = Reply(), False
        seen = await query(self, trust, Nothing())
        if seen is not None:
            self.risks = tuple(views.risk_views(seen))

    @rx.event
    async def object_to_list(self, ticket: str, monday: str) -> None:
        """«I am not in the list», for the ticket whose row the browser did not find in the draw of
        this Monday."""
        self.reply, self.asking = Reply(), True
        yield
        said = await execute(
            self, object_to_list, ObjectToList, ticket=text_of(ticket), monday=text_of(monday)
        )
        self.asking = False
        if said is not None:
            self.reply = reply(said)
