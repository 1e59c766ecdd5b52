"""Settings from the environment: which values are allowed, and which are required in production."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import ProgrammingError
from support.gateway import TEXTS

from publicmeeting.cli.stop import of_the_database
from publicmeeting.config import Settings, SettingsError, master_key, warnings
from publicmeeting.notify.gateway import accepted

KEY = "5a" * 32
PRODUCTION = {
    "PUBLICMEETING_ENV": "production",
    "PUBLICMEETING_SECRET": KEY,
    "PUBLICMEETING_URL": "https://meeting.example",
    "DATABASE_URL": "postgresql://city@db/meeting",
    **TEXTS,
}
CODES = {
    "PUBLICMEETING_SMS_CODE_URL": "https://gateway.example/{mobile}/{code}",
    "PUBLICMEETING_SMS_CODE_METHOD": "get",
    "PUBLICMEETING_SMS_CODE_FORMAT": "query",
    "PUBLICMEETING_SMS_CODE_SUCCESS": "2xx",
}


def refused(environ):
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environment(environ)
    return refusal.value.problems


def test_an_empty_environment_is_a_demo_on_sqlite():
    settings = Settings.from_environment({})
    assert settings.is_demo
    assert settings.is_sqlite
    assert settings.public_url == "http://localhost:3000"
    assert settings.data_dir.name == "data"


def test_an_address_that_nobody_typed_is_one_that_browsers_send():
    assert Settings.from_environment({"PUBLICMEETING_PORT": "80"}).origins[0] == "http://localhost"


def test_a_complete_production_is_accepted():
    settings = Settings.from_environment(PRODUCTION)
    assert not settings.is_demo
    assert settings.is_https
    assert settings.secret == bytes.fromhex(KEY)
    assert settings.database_url == "postgresql+psycopg://city@db/meeting"
    assert settings.origins == ("https://meeting.example",)


@pytest.mark.parametrize(
    "name",
    [
        "PUBLICMEETING_URL",
        "PUBLICMEETING_S3_ENDPOINT",
        "PUBLICMEETING_SMS_TEXT_URL",
        "PUBLICMEETING_SMS_CODE_URL",
        "PUBLICMEETING_MATCH_URL",
        "PUBLICMEETING_SSO_CITY_ISSUER",
        "PUBLICMEETING_SSO_CITY_TOKEN",
    ],
)
@pytest.mark.parametrize("typed", ["http://[::1", "http://[x]/", "https://gateway.example:port"])
def test_a_malformed_address_is_refused_in_a_sentence(name, typed):
    problems = refused({**PRODUCTION, name: typed})
    assert [one for one in problems if one.startswith(f"{name} ")]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("DATABASE_URL", "postgresql://city@db:port/meeting"),
        ("DATABASE_URL", "postgresql://city@[::1/meeting"),
        ("REDIS_URL", "redis://127.0.0.1:x/0"),
        ("REDIS_URL", "redis://[::1/0"),
    ],
)
def test_an_address_of_a_service_with_an_impossible_port_or_host_is_refused(name, typed):
    (problem,) = refused({**PRODUCTION, name: typed})
    assert problem.startswith(f"{name} leads to none")


def test_an_option_that_the_database_does_not_know_is_a_sentence():
    url = "postgresql+psycopg://city@/meeting?host=/nowhere&nonsense=1"
    with pytest.raises(ProgrammingError) as refusal:
        create_engine(url).connect()
    assert (of_the_database(refusal.value) or "").startswith("The database cannot be used (")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("DATABASE_URL", "postgresql://city:a:b/c%40@[::1]:5432/meeting?sslmode=verify-full"),
        ("DATABASE_URL", "postgresql://city@/meeting?host=/run/postgresql&port=5433"),
        ("REDIS_URL", "rediss://:secret@10.0.0.1:6380/0"),
        ("REDIS_URL", "unix:///run/redis.sock?db=0"),
    ],
)
def test_an_address_of_a_service_may_have_a_password_and_a_socket(name, typed):
    Settings.from_environment({**PRODUCTION, name: typed})


@pytest.mark.parametrize("name", ["PUBLICMEETING_PORT", "PUBLICMEETING_PROXY_HOPS"])
@pytest.mark.parametrize("typed", ["x", "-1", "1.5", "۳", "²", "9" * 5000])
def test_a_number_is_up_to_nine_ascii_digits(name, typed):
    (problem,) = refused({name: typed})
    assert problem.startswith(f"{name} ")
    assert len(problem) < 100


def test_a_clock_before_all_calendars_is_refused_in_a_sentence():
    (problem,) = refused({"PUBLICMEETING_CLOCK": "0001-01-01"})
    assert problem.startswith("PUBLICMEETING_CLOCK ")


@pytest.mark.parametrize("missing", ["PUBLICMEETING_SECRET", "PUBLICMEETING_URL", "DATABASE_URL"])
def test_production_refuses_to_start_without_each_of_its_settings(missing):
    environ = {name: value for name, value in PRODUCTION.items() if name != missing}
    (problem,) = refused(environ)
    assert problem.startswith(missing)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("DATABASE_URL", "postgresql://city:change-me@10.0.0.1/meeting"),
        ("REDIS_URL", "rediss://:change-me@10.0.0.1:6380/0"),
        ("PUBLICMEETING_SMS_TEXT_HEADERS", '{"X-API-KEY": "change-me"}'),
        ("PUBLICMEETING_SMS_INBOUND_SECRET", "change-me-to-twenty-four-letters"),
    ],
)
def test_production_refuses_a_secret_that_everybody_reads_in_the_examples(name: str, typed: str):
    (problem,) = refused({**PRODUCTION, name: typed})
    assert problem.startswith(f"{name} still says change-me")
    Settings.from_environment({**PRODUCTION, name: typed.replace("change-me", "another")})


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("https://Meeting.example", "browsers send it as https://meeting.example: write it so"),
        ("HTTPS://meeting.example", "browsers send it as https://meeting.example: write it so"),
        ("https://meeting.example:443", "browsers send it as https://meeting.example: write it so"),
        (
            "https://meeting.example:08443",
            "browsers send it as https://meeting.example:8443: write it so",
        ),
        ("https://meeting.example ", "browsers send it as https://meeting.example: write it so"),
        ("https://[::1]:443", "browsers send it as https://[::1]: write it so"),
        ("https://دیدار.ایران", "in ASCII letters (a Persian domain as xn--…)"),
        ("https://meeting.example:abc", "an address without a path"),
        ("https://meeting.example:99999", "an address without a path"),
        ("https://city@meeting.example", "an address without a path"),
        ("https://meeting.example#start", "an address without a path"),
        ("https://meeting.example?a=1", "an address without a path"),
        ("https://meeting example", "an address without a path"),
        ("https://[::1", "an address without a path"),
    ],
)
def test_an_address_is_written_as_browsers_send_it(typed: str, problem: str) -> None:
    """Otherwise every page would load, but every press would be refused."""
    (said,) = [one for one in refused({**PRODUCTION, "PUBLICMEETING_URL": typed}) if typed in one]
    assert problem in said


@pytest.mark.parametrize(
    "typed",
    ["https://meeting.example:8443", "https://[2001:db8::1]:8443", "https://xn--4gbrim.example"],
)
def test_an_address_as_browsers_send_it_is_taken(typed: str) -> None:
    assert Settings.from_environment({**PRODUCTION, "PUBLICMEETING_URL": typed}).origins[0] == typed


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        *(
            ("DATABASE_URL", typed)
            for typed in (
                " postgresql://city:word@db/meeting",
                '"postgresql://city:word@db/meeting"',
                "POSTGRESQL://city:word@db/meeting",
                "postgresql+asyncpg://city:word@db/meeting",
                "mysql://city:word@db/meeting",
                "postgresql://",
                "sqlite:///",
                "db/meeting",
            )
        ),
        *(("REDIS_URL", typed) for typed in ("127.0.0.1:6379", "http://:word@cache", "redis://")),
    ],
)
def test_an_address_that_leads_to_no_service_is_refused_without_its_password(name, typed) -> None:
    (problem,) = refused({**PRODUCTION, name: typed})
    assert problem.startswith(f"{name} leads to none")
    assert "word" not in problem


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("DATABASE_URL", "postgres://city:w[#/?rd@db:5432/meeting"),
        ("DATABASE_URL", "postgresql+psycopg://city@/meeting?host=/run/postgresql"),
        ("REDIS_URL", "rediss://:word@cache:6380/1"),
        ("REDIS_URL", "unix:///run/redis.sock"),
    ],
)
def test_an_address_of_a_service_is_taken(name: str, typed: str) -> None:
    Settings.from_environment({**PRODUCTION, name: typed})


def test_production_lists_everything_missing_in_one_message():
    problems = refused({"PUBLICMEETING_ENV": "production", "PUBLICMEETING_CLOCK": "2026-05-02"})
    named = [problem.split()[0] for problem in problems]
    assert named == [
        "PUBLICMEETING_SECRET",
        "PUBLICMEETING_URL",
        "DATABASE_URL",
        "PUBLICMEETING_CLOCK",
        "PUBLICMEETING_SMS_TEXT_URL",
    ]


def without_texts(**other: str) -> dict[str, str]:
    return {**{name: PRODUCTION[name] for name in PRODUCTION.keys() - TEXTS.keys()}, **other}


def test_production_refuses_to_start_where_no_text_would_go_out():
    assert Settings.from_environment(PRODUCTION).sms_code is None
    assert Settings.from_environment({**PRODUCTION, **CODES}).sms_code is not None
    for environ in (without_texts(), without_texts(**CODES)):
        (problem,) = refused(environ)
        assert problem.startswith("PUBLICMEETING_SMS_TEXT_URL is missing")


def test_a_gateway_for_codes_alone_is_refused_everywhere():
    assert Settings.from_environment({**TEXTS, **CODES}).sms_text is not None
    (problem,) = refused(CODES)
    assert problem.startswith("PUBLICMEETING_SMS_TEXT_URL is missing")


def test_in_production_a_gateway_says_how_its_yes_is_recognised():
    """Else an answer 200 with «no credit» would count as sent, and /health would stay ok."""
    name = "PUBLICMEETING_SMS_TEXT_SUCCESS"
    (problem,) = refused({**PRODUCTION, name: ""})
    assert problem.startswith(f"{name} is missing")
    assert Settings.from_environment({**TEXTS, name: ""}).sms_text is not None
    gateway = Settings.from_environment({**PRODUCTION, name: "2xx"}).sms_text
    assert gateway is not None
    assert accepted(gateway, "anything")
    match = {each.replace("SMS_TEXT", "MATCH"): text for each, text in TEXTS.items()}
    match["PUBLICMEETING_MATCH_BODY"] = '{"to": "{mobile}", "number": "{identity}"}'
    assert Settings.from_environment({**PRODUCTION, **match}).match is not None
    (problem,) = refused({**PRODUCTION, **match, "PUBLICMEETING_MATCH_SUCCESS": "2xx"})
    assert problem.startswith("PUBLICMEETING_MATCH_SUCCESS is missing"), "every answer was a yes"


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("PUBLICMEETING_PROXY_HOP", "did you mean PUBLICMEETING_PROXY_HOPS?"),
        ("PUBLICMEETING_SMS_TEXT_SUCCES", "did you mean PUBLICMEETING_SMS_TEXT_SUCCESS?"),
        ("PUBLICMEETING_TWOSTEP", "did you mean PUBLICMEETING_TWO_STEP?"),
        ("PUBLICMEETING_NONSENSE", "docs/settings.md lists all."),
    ],
)
def test_a_misspelt_name_is_refused_in_production(typed: str, hint: str) -> None:
    assert refused({**PRODUCTION, typed: "1"}) == (f"{typed} is no setting: {hint}",)
    for name in ("PUBLICMEETING_VENV", "PUBLICMEETING_SETTINGS", "PUBLICMEETING_ROOT", "HOME"):
        Settings.from_environment({**PRODUCTION, name: "off", typed: ""})


@pytest.mark.parametrize("gateway", ["TEXT", "CODE"])
@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("URL", ""),
        ("URL", "gateway.example/send"),
        ("URL", "ftp://gateway.example"),
        ("URL", "https://gateway.example:port/"),
        ("URL", "https://gateway.example/ {mobile}"),
        ("METHOD", "POST /"),
        ("METHOD", "PSOT"),
        ("FORMAT", "xml"),
        ("HEADERS", "X-API-KEY: word"),
        ("HEADERS", '{"X-API-KEY": 5}'),
        ("HEADERS", '{"X API": "word"}'),
        ("HEADERS", '{"X-TEXT": "{text}"}'),
        ("BODY", '{"to": "{mobile}", "message": "{text}"'),
        ("BODY", '["{mobile}", "{text}"]'),
        ("BODY", '{"to": "{mobile}", "message": "{text}", "n": NaN}'),
        ("BODY", '{"to": "{mobile}", "message": "{template}"}'),
        ("BODY", '{"message": "{text}"}'),
        ("SUCCESS", "200"),
        ("SUCCESS", "=200"),
    ],
)
def test_a_gateway_that_could_not_send_is_refused_by_the_name_of_its_part(gateway, part, value):
    both = {**TEXTS, **{name.replace("TEXT", "CODE"): text for name, text in TEXTS.items()}}
    assert Settings.from_environment(both).sms_code is not None
    name = f"PUBLICMEETING_SMS_{gateway}_{part}"
    (problem,) = refused({**both, name: value})
    assert problem.startswith(f"{name} ")
    assert "the word" not in problem


def test_everything_wrong_with_a_gateway_is_named_at_once():
    broken = {"URL": "x", "METHOD": "?", "FORMAT": "x", "HEADERS": "x", "BODY": "x", "SUCCESS": "x"}
    environ = {f"PUBLICMEETING_SMS_TEXT_{part}": value for part, value in broken.items()}
    assert len(refused({**PRODUCTION, **environ})) == len(broken)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLICMEETING_ENV", "staging"),
        ("PUBLICMEETING_PORT", "three"),
        ("PUBLICMEETING_PROXY_HOPS", "-1"),
        ("PUBLICMEETING_CLOCK", "tomorrow"),
        ("PUBLICMEETING_SECRET", "short"),
        ("PUBLICMEETING_URL", "meeting.example"),
        ("PUBLICMEETING_URL", "https://meeting.example/sub"),
        ("DATABASE_URL", "postgresql://city@db/meeting"),
    ],
)
def test_an_unusable_value_is_refused_by_name(name, value):
    problems = refused({name: value})
    named = "PUBLICMEETING_SECRET" if name == "DATABASE_URL" else name
    assert [problem.split()[0] for problem in problems] == [named]


@pytest.mark.parametrize("key", [KEY, "WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo="])
def test_the_key_is_read_as_hex_or_base64(key):
    assert Settings.from_environment({"PUBLICMEETING_SECRET": key}).secret == b"Z" * 32


@pytest.mark.parametrize("value", ["2026-05-02T09:00", "2026-05-02T09:00+03:30"])
def test_a_clock_without_a_zone_is_tehran_time(value):
    settings = Settings.from_environment({"PUBLICMEETING_CLOCK": value})
    assert settings.clock == datetime(2026, 5, 2, 5, 30, tzinfo=UTC)


def test_secrets_do_not_appear_when_settings_are_printed():
    shown = repr(Settings.from_environment({**PRODUCTION, "REDIS_URL": "redis://:word@cache"}))
    assert "ZZZ" not in shown
    assert "city@db" not in shown
    assert ":word@" not in shown


def test_the_first_start_makes_a_private_key_and_the_second_reads_it(tmp_path):
    settings = Settings.from_environment({"PUBLICMEETING_DATA": str(tmp_path / "data")})
    key = master_key(settings)
    assert len(key) == 32
    assert master_key(settings) == key
    (file,) = settings.data_dir.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("typed", ["", "\n", "ab" * 31, "nonsense", "کلید"])
def test_a_damaged_file_of_the_key_is_refused_in_a_sentence(tmp_path, typed: str):
    """An empty one, as a power cut leaves it, would seal a new city with an empty key."""
    settings = Settings.from_environment({"PUBLICMEETING_DATA": str(tmp_path)})
    (tmp_path / "secret.key").write_text(typed, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"secret\.key holds no key"):
        master_key(settings)


def test_a_key_from_the_environment_leaves_no_file(tmp_path):
    environ = {"PUBLICMEETING_DATA": str(tmp_path), "PUBLICMEETING_SECRET": KEY}
    assert master_key(Settings.from_environment(environ)) == b"Z" * 32
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("gateway", ["TEXT", "CODE"])
def test_production_sends_no_code_over_a_readable_line(gateway):
    codes = {name.replace("TEXT", "CODE"): text for name, text in TEXTS.items()}
    both = {**PRODUCTION, **codes}
    name = f"PUBLICMEETING_SMS_{gateway}_URL"
    (problem,) = refused({**both, name: "http://gateway.example/send"})
    assert problem.startswith(f"{name} is plain http")
    for own in ("http://localhost:8080/send", "http://127.0.0.1/send"):
        assert Settings.from_environment({**both, name: own}).sms_text is not None
    demo = {**TEXTS, "PUBLICMEETING_SMS_TEXT_URL": "http://gateway.example/send"}
    assert Settings.from_environment(demo).sms_text is not None


@pytest.mark.parametrize(("hops", "is_warned"), [("0", 1), ("1", 0)])
def test_https_without_a_trusted_proxy_is_said_at_the_start(hops, is_warned):
    environ = {**PRODUCTION, "PUBLICMEETING_PROXY_HOPS": hops}
    found = warnings(Settings.from_environment(environ))
    assert [one.startswith("PUBLICMEETING_PROXY_HOPS is 0") for one in found] == [True] * is_warned
    assert warnings(Settings.from_environment({})) == []


S3 = {
    "PUBLICMEETING_S3_ENDPOINT": "https://s3.example/",
    "PUBLICMEETING_S3_BUCKET": "meetings",
    "PUBLICMEETING_S3_ACCESS_KEY": "city",
    "PUBLICMEETING_S3_SECRET_KEY": "a secret of the city",
}


def test_files_lie_in_the_data_folder_or_in_a_bucket():
    assert Settings.from_environment({}).s3 is None
    s3 = Settings.from_environment(S3).s3
    assert (s3.endpoint, s3.bucket, s3.region) == ("https://s3.example", "meetings", "us-east-1")
    assert "secret" not in repr(s3)
    assert "city" not in repr(s3)


@pytest.mark.parametrize("missing", S3)
def test_a_bucket_is_described_in_full(missing):
    (problem,) = refused({name: value for name, value in S3.items() if name != missing})
    assert problem == f"{missing} is missing."


@pytest.mark.parametrize(
    "endpoint",
    [
        "s3.example",
        "ftp://s3.example",
        "https://s3.example/bucket",
        "https://",
        "https://city:hidden@s3.example",
    ],
)
def test_an_endpoint_is_an_address_without_a_path(endpoint):
    (problem,) = refused({**S3, "PUBLICMEETING_S3_ENDPOINT": endpoint})
    assert problem.startswith("PUBLICMEETING_S3_ENDPOINT is '")
    assert "hidden" not in problem


def test_in_production_files_travel_over_https_or_stay_on_the_machine():
    environ = {**PRODUCTION, **S3, "PUBLICMEETING_S3_ENDPOINT": "http://s3.example"}
    (problem,) = refused(environ)
    assert problem.startswith("PUBLICMEETING_S3_ENDPOINT is not https")
    environ["PUBLICMEETING_S3_ENDPOINT"] = "http://127.0.0.1:9000"
    assert Settings.from_environment(environ).s3 is not None
