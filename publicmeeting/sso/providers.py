"""The providers of this installation, in the order of their buttons."""

from collections.abc import Iterable, Sequence

from publicmeeting.kit.provider import Provider
from publicmeeting.sso.client import ProviderClient
from publicmeeting.sso.pretend import PRETEND, PretendProvider


class Providers:
    """`pretend` is the demo's own provider, where there is one."""

    def __init__(
        self, clients: Iterable[ProviderClient] = (), pretend: PretendProvider | None = None
    ) -> None:
        self._clients = {one.provider.name: one for one in clients}
        self.pretend = pretend

    def get(self, name: str) -> ProviderClient | None:
        return self._clients.get(name)

    @property
    def clients(self) -> Sequence[ProviderClient]:
        return tuple(self._clients.values())


def open_providers(described: Iterable[Provider], *, is_demo: bool) -> Providers:
    """The clients of these providers; a demo has a pretend one besides."""
    clients = [ProviderClient(one) for one in described]
    if not is_demo:
        return Providers(clients)
    pretend = PretendProvider()
    return Providers([*clients, ProviderClient(PRETEND, pretend)], pretend)
