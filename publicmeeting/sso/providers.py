"""The providers of this installation, in the order of their buttons."""

from collections.abc import Iterable, Sequence

from publicmeeting.kit.provider import Provider
from publicmeeting.sso.client import ProviderClient
from publicmeeting.sso.demo import DEMO_PROVIDER, DemoProvider


class Providers:
    """Clients by name; `demo` is the demo's own provider, if there is one."""

    def __init__(
        self, clients: Iterable[ProviderClient] = (), demo: DemoProvider | None = None
    ) -> None:
        self._clients = {client.provider.name: client for client in clients}
        self.demo = demo

    def get(self, name: str) -> ProviderClient | None:
        return self._clients.get(name)

    @property
    def clients(self) -> Sequence[ProviderClient]:
        return tuple(self._clients.values())


def open_providers(described: Iterable[Provider], *, is_demo: bool) -> Providers:
    """Return the clients of these providers; a demo has an invented one besides."""
    clients = [ProviderClient(provider) for provider in described]
    if not is_demo:
        return Providers(clients)
    demo = DemoProvider()
    return Providers([*clients, ProviderClient(DEMO_PROVIDER, demo)], demo)
