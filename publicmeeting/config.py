"""Settings, frozen, read once from the environment; no other module reads it.

docs/settings.md lists the variables. `Settings.from_environment` names every missing or unusable
one in a single message, so that an engineer sets a server up in one go.
"""

import base64
import binascii
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from publicmeeting.kit.outside.http_call import ANY_2XX, SmsGateway, faults, travels_readable
from publicmeeting.kit.outside.provider import PREFIX, Provider, providers_in, readable_parts
from publicmeeting.kit.process.interpreter import collect_seldom
from publicmeeting.kit.process.private import make_private
from publicmeeting.kit.process.watched import Watched

collect_seldom()  # every process imports this before anything large

E = TypeVar("E", bound=StrEnum)

PROJECT = Path(__file__).resolve().parent.parent

PAGES_ONLY = "PUBLICMEETING_PAGES_ONLY"
"""Set by the build for the process that writes the pages; it opens no city."""

_KEY_BYTES = 32
_WHOLE = re.compile("[0-9]{1,9}")
_KEY_FILE, _NEXT_KEY_FILE = "secret.key", "secret.next"
_HOPS = "PUBLICMEETING_PROXY_HOPS"
_SMS_CODE, _SMS_TEXT = "PUBLICMEETING_SMS_CODE", "PUBLICMEETING_SMS_TEXT"
_INBOUND_KEY = "PUBLICMEETING_SMS_INBOUND_SECRET"
_INBOUND_FROM = "PUBLICMEETING_SMS_INBOUND_FROM"
_INBOUND_LEAST = 24
_CONTACT = "PUBLICMEETING_SECURITY_CONTACT"
_CONTACT_FORM = re.compile(r"(mailto:[^@\s]+@|tel:\+?|https://)[!-~]+")
_MATCH, _MATCHES = "PUBLICMEETING_MATCH", "PUBLICMEETING_MATCHES_A_DAY"
_S3, _S3_NEEDED = "PUBLICMEETING_S3", ("ENDPOINT", "BUCKET", "ACCESS_KEY", "SECRET_KEY")
_UNCHANGED = "change-me"
"""What examples have in place of a secret; anybody can read it in the repository."""
_OURS, _READ_ELSEWHERE = "PUBLICMEETING_", ("VENV", "SETTINGS", "ROOT", "AS_ROOT")
"""What settings begin with, and the ends of those that only launcher and publicmeeting.sh read."""
_KEY_FORM = "32 bytes as hex or base64, for example from: openssl rand -hex 32"


class SettingsError(Exception):
    """The environment cannot be used; one line per problem."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(["These settings must be put right first:", *problems]))


class Env(StrEnum):
    """The purpose of this installation; everything but `production` may use an invented clock."""

    DEMO = "demo"
    TEST = "test"
    PRODUCTION = "production"


class TwoStep(StrEnum):
    """Whether deciding officials must sign in with a second step, or may."""

    REQUIRED = "required"
    OFFERED = "offered"


class LogForm(StrEnum):
    """The format of log lines."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class S3:
    """A bucket of an S3-compatible store, addressed by path; `repr` hides the keys."""

    endpoint: str
    bucket: str
    region: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InboundSms:
    """How the gateway delivers messages: its secret, and its field for the sender's number."""

    secret: str = field(repr=False)
    sender: str = "from"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of this process; `repr` hides secrets."""

    env: Env
    data_dir: Path
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    public_url: str
    host: str
    port: int
    secret: bytes | None = field(repr=False)
    next_secret: bytes | None = field(repr=False)
    """The key to which `rekey` changes."""
    clock: datetime | None
    sms_code: SmsGateway | None
    sms_text: SmsGateway | None
    trusted_proxy_hops: int
    log_form: LogForm
    sms_codes_a_day: int
    """One-time codes in a day, after which unknown browsers get no more."""
    sso: tuple[Provider, ...] = ()
    """Providers where citizens may sign in, beside this service."""
    two_step: TwoStep = TwoStep.OFFERED
    match: SmsGateway | None = None
    """The national service that knows whose a mobile is; None: nobody is asked."""
    matches_a_day: int = 0
    sms_inbound: InboundSms | None = None
    """None: messages to the service's number are not read."""
    security_contact: str | None = None
    """Where to report a vulnerability: an address with `mailto:`, `tel:` or `https://`."""
    s3: S3 | None = None
    """Where pictures and originals are stored; None: in the data folder."""
    for_pages: bool = False
    """Whether this process only builds pages; then no setting but `env` is real."""

    @property
    def is_demo(self) -> bool:
        """Return whether the demo city, its sign-ins and its clock may be shown."""
        return self.env is Env.DEMO

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def is_https(self) -> bool:
        """Return whether cookies are `Secure`."""
        return self.public_url.startswith("https://")

    @property
    def requires_two_steps(self) -> bool:
        return self.two_step is TwoStep.REQUIRED

    @property
    def origins(self) -> tuple[str, ...]:
        """Return the origins of our own pages, which a POST or socket may have."""
        if self.env is Env.PRODUCTION:
            return (self.public_url,)
        hosts = dict.fromkeys(("localhost", "127.0.0.1", self.host))
        return tuple(
            dict.fromkeys([self.public_url, *(f"http://{host}:{self.port}" for host in hosts)])
        )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check all settings; `SettingsError` names every problem at once."""
        problems: list[str] = []
        environ = Watched(environ, (f"{_OURS}{end}" for end in _READ_ELSEWHERE))
        env = _choice(environ, "PUBLICMEETING_ENV", Env.DEMO, problems)
        is_real = env is Env.PRODUCTION
        data_dir = Path(environ.get("PUBLICMEETING_DATA") or PROJECT / "data").resolve()
        port = _number(environ, "PUBLICMEETING_PORT", 3000, problems)
        public_url = environ.get("PUBLICMEETING_URL") or _as_browsers_send(
            f"http://localhost:{port}"
        )
        settings = cls(
            env=env,
            data_dir=data_dir,
            database_url=_database_url(environ, data_dir, env),
            redis_url=environ.get("REDIS_URL") or None,
            public_url=public_url.rstrip("/"),
            host=environ.get("PUBLICMEETING_HOST") or "127.0.0.1",
            port=port,
            secret=_secret(environ, "PUBLICMEETING_SECRET", problems),
            next_secret=_secret(environ, "PUBLICMEETING_SECRET_NEXT", problems),
            clock=_clock(environ.get("PUBLICMEETING_CLOCK", ""), problems),
            sms_code=_sms_gateway(environ, _SMS_CODE, ("mobile", "code|text"), problems),
            sms_text=_sms_gateway(environ, _SMS_TEXT, ("mobile", "text"), problems),
            log_form=_choice(
                environ, "PUBLICMEETING_LOG", LogForm.JSON if is_real else LogForm.TEXT, problems
            ),
            trusted_proxy_hops=_number(environ, _HOPS, 0, problems),
            sms_codes_a_day=_number(environ, "PUBLICMEETING_SMS_CODES_A_DAY", 20_000, problems),
            sso=providers_in(environ, problems),
            two_step=_choice(
                environ,
                "PUBLICMEETING_TWO_STEP",
                TwoStep.REQUIRED if is_real else TwoStep.OFFERED,
                problems,
            ),
            match=_match(environ, problems),
            matches_a_day=_number(environ, _MATCHES, 5_000, problems),
            s3=_s3(environ, env, problems),
            sms_inbound=_sms_inbound(environ, problems),
            security_contact=_contact(environ, problems),
            for_pages=bool(environ.get(PAGES_ONLY)),
        )
        if not settings.for_pages:
            problems += _contradictions(settings, environ)
        if is_real:
            problems += _unknown_names(environ)
        if problems:
            raise SettingsError(problems)
        return settings


@cache
def settings() -> Settings:
    """Return the settings of this process, read at the first call."""
    return Settings.from_environment(os.environ)


def settings_for_pages() -> Settings:
    """Return the settings for building pages: the kind of installation, no secret or address.

    Raises `SettingsError` if `PUBLICMEETING_ENV` is no such kind.
    """
    kind = os.environ.get("PUBLICMEETING_ENV", "")
    return Settings.from_environment({"PUBLICMEETING_ENV": kind, PAGES_ONLY: "1"})


def child_environment(changes: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with `changes`, for a program that it starts."""
    return {**os.environ, **changes}


def bare_environment(changes: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with none of our settings but `changes`; tests depend on no other."""
    own = {name for name in os.environ if name.startswith("PUBLICMEETING_")}
    foreign = os.environ.keys() - own - {"DATABASE_URL", "REDIS_URL"}
    return {**{name: os.environ[name] for name in foreign}, **changes}


def master_key(settings: Settings) -> bytes:
    """Return the city's master key; outside production a private file is created when needed.

    Raises `OSError` if the data folder cannot be written. Raises `SettingsError` if the file holds
    no key, and in a build of pages: a city opened there would have a key that nobody chose.
    """
    if settings.for_pages:
        raise SettingsError([f"{PAGES_ONLY} is set; only the build itself may set it."])
    if settings.secret is not None:
        return settings.secret
    return _key_in(settings.data_dir / _KEY_FILE)


def next_key(settings: Settings) -> bytes:
    """Return the key to which `rekey` changes; it is a file if the current key is one.

    Raises `SettingsError` if the current key comes from the environment and the next one does not.
    """
    if settings.next_secret is not None:
        return settings.next_secret
    if settings.secret is not None:
        raise SettingsError([f"PUBLICMEETING_SECRET_NEXT is missing; it must be {_KEY_FORM}."])
    return _key_in(settings.data_dir / _NEXT_KEY_FILE)


def take_next_key(settings: Settings) -> bool:
    """Replace the key file by the next key's file; return whether there was one."""
    path = settings.data_dir / _NEXT_KEY_FILE
    if settings.secret is not None or not path.exists():
        return False
    path.replace(settings.data_dir / _KEY_FILE)
    return True


def _key_in(path: Path) -> bytes:
    if not path.exists():
        make_private(path.parent)
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(_KEY_BYTES) + "\n", encoding="ascii")
        try:
            # A hard link never replaces a file: of two first starts only one key survives.
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    typed = path.read_text(encoding="ascii", errors="replace").strip()
    key = _secret({path.name: typed}, path.name, [])
    if key is None:  # also an empty one, under which a new city would be sealed
        why = "put it back as it was, or remove it if nothing is sealed with it yet."
        raise SettingsError([f"{path} holds no key: {why}"])
    return key


def _choice(environ: Mapping[str, str], name: str, default: E, problems: list[str]) -> E:
    """Return the member of `default`'s enumeration that this variable names."""
    kind = type(default)
    value = environ.get(name) or default
    try:
        return kind(value)
    except ValueError:
        problems.append(f"{name} is {value!r}; it can be {', '.join(kind)}.")
        return default


def _number(environ: Mapping[str, str], name: str, default: int, problems: list[str]) -> int:
    value = environ.get(name) or str(default)
    if not _WHOLE.fullmatch(value):
        problems.append(f"{name} is {value[:20]!r}; it must be a whole number of up to 9 digits.")
        return default
    return int(value)


def _database_url(environ: Mapping[str, str], data_dir: Path, env: Env) -> str:
    url = environ.get("DATABASE_URL") or f"sqlite:///{data_dir / env}.sqlite3"
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return f"postgresql+psycopg://{url.removeprefix(scheme)}"
    return url


def _secret(environ: Mapping[str, str], name: str, problems: list[str]) -> bytes | None:
    value = environ.get(name, "")
    if not value:
        return None
    for decode in (bytes.fromhex, _from_base64):
        try:
            key = decode(value)
        except (ValueError, binascii.Error):
            continue
        if len(key) == _KEY_BYTES:
            return key
    problems.append(f"{name} is not a key; it must be {_KEY_FORM}.")
    return None


def _from_base64(value: str) -> bytes:
    return base64.b64decode(value.replace("-", "+").replace("_", "/"), validate=True)


def _clock(value: str, problems: list[str]) -> datetime | None:
    if not value:
        return None
    try:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=ZoneInfo("Asia/Tehran"))
        return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        problems.append(
            f"PUBLICMEETING_CLOCK is {value!r}; it must be a date and time like 2026-05-02T09:00."
        )
        return None


def _s3(environ: Mapping[str, str], env: Env, problems: list[str]) -> S3 | None:
    """Return the described bucket; None if no variable describes one."""
    if not _describes(environ, _S3):
        return None
    needed = {part: environ.get(f"{_S3}_{part}") or "" for part in _S3_NEEDED}
    problems += [f"{_S3}_{part} is missing." for part, value in needed.items() if not value]
    endpoint = needed["ENDPOINT"].rstrip("/")
    if endpoint and not _is_origin(endpoint):
        problems.append(
            f"{_S3}_ENDPOINT is {endpoint.rpartition('@')[2]!r}; it must be an address without a "
            "path or a name, like https://s3.example."
        )
    elif env is Env.PRODUCTION and travels_readable(endpoint):
        problems.append(f"{_S3}_ENDPOINT is not https; only on this machine it may be http.")
    return S3(
        endpoint=endpoint,
        bucket=needed["BUCKET"],
        region=environ.get(f"{_S3}_REGION") or "us-east-1",
        access_key=needed["ACCESS_KEY"],
        secret_key=needed["SECRET_KEY"],
    )


def _is_origin(address: str) -> bool:
    try:
        parts = urlsplit(address)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return known and not parts.path and parts.username is None


def _sms_gateway(
    environ: Mapping[str, str], prefix: str, needed: tuple[str, ...], problems: list[str]
) -> SmsGateway | None:
    """Return the described call, tried with a sample; None if no variable describes one."""
    if not _describes(environ, prefix):
        return None
    gateway = SmsGateway(
        url=environ.get(f"{prefix}_URL") or "",
        method=environ.get(f"{prefix}_METHOD") or "POST",
        headers=environ.get(f"{prefix}_HEADERS") or "{}",
        body=environ.get(f"{prefix}_BODY") or "{}",
        body_format=environ.get(f"{prefix}_FORMAT") or "json",
        success=environ.get(f"{prefix}_SUCCESS") or "",
    )
    problems += [f"{prefix}_{fault}" for fault in faults(gateway, needed)]
    return gateway


def _match(environ: Mapping[str, str], problems: list[str]) -> SmsGateway | None:
    """Return the matching service; without a path to the yes, every answer would count as one."""
    service = _sms_gateway(environ, _MATCH, ("mobile", "identity"), problems)
    if service is not None and not service.reads_answer:
        problems.append(f"{_MATCH}_SUCCESS is missing; it says where the answer's yes stands.")
    return service


def _sms_inbound(environ: Mapping[str, str], problems: list[str]) -> InboundSms | None:
    """Return how messages are delivered; None if nothing describes it.

    A guessable secret would let anybody make the service write to citizens who have a seat today.
    """
    secret, sender = environ.get(_INBOUND_KEY) or "", environ.get(_INBOUND_FROM) or ""
    if not secret and not sender:
        return None
    if len(secret) < _INBOUND_LEAST:
        problems.append(
            f"{_INBOUND_KEY} must have at least {_INBOUND_LEAST} letters, "
            "for example from: openssl rand -hex 16."
        )
    return InboundSms(secret, sender or "from")


def _unknown_names(environ: Watched) -> list[str]:
    """Return a problem for each name of ours that nothing has read: a misspelt one is no default.

    Those of single sign-on are checked where they are read.
    """
    problems = []
    for name in environ.unread():
        if name.startswith(_OURS) and not name.startswith(PREFIX):
            like = environ.nearest_read(name)
            hint = f"did you mean {like}?" if like else "docs/settings.md lists all."
            problems.append(f"{name} is no setting: {hint}")
    return problems


def _contact(environ: Mapping[str, str], problems: list[str]) -> str | None:
    typed = environ.get(_CONTACT) or None
    if typed and not _CONTACT_FORM.fullmatch(typed):
        problems.append(f"{_CONTACT} must be one address: mailto:…, tel:… or https://…")
    return typed


def _describes(environ: Mapping[str, str], prefix: str) -> bool:
    return any(value and name.startswith(f"{prefix}_") for name, value in environ.items())


def warnings(settings: Settings) -> list[str]:
    """Return warnings about settings that are allowed but mostly a mistake, for the start."""
    if not settings.is_https or settings.trusted_proxy_hops:
        return []
    one_limit = (
        f"{_HOPS} is 0 and the public address is https: TLS ends at a proxy, and everybody behind "
        f"it shares one rate limit. Set {_HOPS} to the number of proxies in front."
    )
    return [one_limit]


def _contradictions(settings: Settings, environ: Mapping[str, str]) -> list[str]:
    """Return what is missing or impossible after every single value has been read."""
    problems = [*_public_url_faults(settings.public_url), *_services_faults(settings)]
    if settings.sms_code is not None and settings.sms_text is None:
        problems.append(f"{_SMS_TEXT}_URL is missing; {_SMS_CODE} sends one-time codes only.")
    unset_secret = not environ.get("PUBLICMEETING_SECRET")
    if settings.env is not Env.PRODUCTION:
        if unset_secret and not settings.is_sqlite:
            problems.append(
                f"PUBLICMEETING_SECRET is missing; beside DATABASE_URL it must be {_KEY_FORM}."
            )
        return problems
    if unset_secret:
        problems.append(f"PUBLICMEETING_SECRET is missing; it must be {_KEY_FORM}.")
    if not settings.is_https:
        problems.append("PUBLICMEETING_URL is missing or not https; citizens sign in over it.")
    if not environ.get("DATABASE_URL") or settings.database_url.endswith("/demo.sqlite3"):
        problems.append("DATABASE_URL is missing or the demo's; name the city's own database.")
    if settings.clock is not None:
        problems.append("PUBLICMEETING_CLOCK is set; in production the time is the machine's.")
    problems += [
        f"{name} still says {_UNCHANGED}, as the example does: give it a value of its own."
        for name, value in environ.items()
        if _UNCHANGED in value and name.startswith(("PUBLICMEETING_", "DATABASE_URL", "REDIS_URL"))
    ]
    problems += [
        f"{prefix}_URL is plain http: codes and mobiles would travel readable; use https."
        for prefix, gateway in (
            (_SMS_CODE, settings.sms_code),
            (_SMS_TEXT, settings.sms_text),
            (_MATCH, settings.match),
        )
        if gateway is not None and travels_readable(gateway.url)
    ]
    problems += [
        f"{prefix}_SUCCESS is missing: an answer that says in words that nothing was sent would "
        f"count as sent. It is a path and its value, like status=1, or {ANY_2XX} if there is none."
        for prefix, gateway in ((_SMS_CODE, settings.sms_code), (_SMS_TEXT, settings.sms_text))
        if gateway is not None and not gateway.success
    ]
    problems += [
        f"{name} is plain http: anybody on its way could sign in as anybody; use https."
        for provider in settings.sso
        for name in readable_parts(provider)
    ]
    if settings.sms_text is None and settings.sms_code is None:
        problems.append(f"{_SMS_TEXT}_URL is missing; without a gateway nobody can sign in.")
    return problems


def _services_faults(settings: Settings) -> list[str]:
    """Return faults in the addresses of database and Redis.

    The addresses are not shown, because they may hold a password.
    """
    chosen = (
        ("DATABASE_URL", settings.database_url, ("sqlite", "postgresql+psycopg"), _DATABASE_LIKE),
        ("REDIS_URL", settings.redis_url, ("redis", "rediss", "unix"), "redis://127.0.0.1:6379/0"),
    )
    problems = []
    for name, url, schemes, like in chosen:
        scheme, _, rest = (url or "").partition("://")
        # A path or a socket has no place on a network, and may contain any character.
        place = "" if rest.startswith("/") else re.split("[/?]", rest.rpartition("@")[2])[0]
        is_named = scheme in schemes and rest.strip("/") and _PLACE.fullmatch(place)
        if url is not None and not is_named:
            problems.append(f"{name} leads to none; without quotes or blanks it is like {like}.")
    return problems


_PLACE = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\[\]:]*)(:[0-9]{0,5})?")
_DATABASE_LIKE = "postgresql://publicmeeting@/publicmeeting?host=/run/postgresql"


def _public_url_faults(typed: str) -> list[str]:
    """Return the fault of an address that browsers spell otherwise.

    Pages would load under any spelling, but each of their forms would be refused.
    """
    sent = _as_browsers_send(typed)
    if sent == typed:
        return []
    wanted = (
        f"browsers send it as {sent}: write it so, or no form of a page is taken."
        if sent
        else "it must be an address without a path, in ASCII letters (a Persian domain as xn--…), "
        "like https://meeting.example."
    )
    return [f"PUBLICMEETING_URL is {typed!r}; {wanted}"]


def _as_browsers_send(typed: str) -> str:
    """Return the address as a browser spells it in `Origin`; empty if it is not one origin."""
    try:
        parts = urlsplit(typed.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    rest = parts.path, parts.query, parts.fragment, parts.username, parts.password
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or any(rest):
        return ""
    shown = f"[{host}]" if ":" in host else host
    is_usual = port in {None, _PORTS[parts.scheme]}
    return f"{parts.scheme}://{shown}" + ("" if is_usual else f":{port}")


_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
