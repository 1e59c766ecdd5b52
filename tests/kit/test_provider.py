"""Settings of a single sign-on provider; all their problems are reported at once."""

import pytest

from publicmeeting.config import Settings, SettingsError
from publicmeeting.kit.outside.provider import Provider, providers_in, readable_parts

CITY = {
    "PUBLICMEETING_SSO_CITY_TITLE": "تهران من",
    "PUBLICMEETING_SSO_CITY_ISSUER": "https://sso.example",
    "PUBLICMEETING_SSO_CITY_CLIENT_ID": "publicmeeting",
    "PUBLICMEETING_SSO_CITY_CLIENT_SECRET": "a secret",
}


def read(**other: str) -> tuple[tuple[Provider, ...], list[str]]:
    """Return the providers, and the problems without the common beginning of names."""
    problems: list[str] = []
    named = {f"PUBLICMEETING_SSO_CITY_{name}": value for name, value in other.items()}
    found = providers_in({**CITY, **named}, problems)
    return found, [problem.removeprefix("PUBLICMEETING_SSO_CITY_") for problem in problems]


def test_four_settings_describe_a_provider() -> None:
    (found,), problems = read()
    assert problems == []
    assert (found.name, found.issuer, found.scopes) == (
        "city",
        "https://sso.example",
        "openid profile",
    )
    assert found.is_discovered
    assert found.algorithms == ("RS256", "ES256", "PS256")
    assert "a secret" not in repr(found)


def test_single_endpoints_need_no_discovery() -> None:
    ends = {name: f"https://sso.example/{name}" for name in ("AUTHORIZE", "TOKEN", "JWKS")}
    (found,), problems = read(**ends)
    assert problems == []
    assert not found.is_discovered


def test_several_providers_stand_in_the_order_of_their_names() -> None:
    nation = {name.replace("CITY", "ALL"): value for name, value in CITY.items()}
    assert [provider.name for provider in providers_in({**CITY, **nation}, [])] == ["all", "city"]


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        ({"TITLE": ""}, "TITLE is missing."),
        ({"ISSUER": ""}, "ISSUER is missing."),
        ({"CLIENT_ID": ""}, "CLIENT_ID is missing."),
        ({"CLIENT_SECRET": ""}, "CLIENT_SECRET is missing"),
        ({"AUTH_METHOD": "none"}, "CLIENT_SECRET is missing, or is set"),
        ({"AUTH_METHOD": "private_key_jwt"}, "AUTH_METHOD can be"),
        ({"CLIENT_SECRET": "a+b"}, "CLIENT_SECRET holds + or %"),
        ({"CLIENT_SECRET": "رمز"}, "CLIENT_SECRET and CLIENT_ID may hold plain ASCII"),
        ({"ISSUER": "sso.example"}, "ISSUER is not an address"),
        ({"TOKEN": "ftp://sso.example"}, "TOKEN is not an address"),
        ({"JWKS": "https://me:word@sso.example"}, "JWKS is not an address"),
        ({"USERINFO": "https://sso.example:99999"}, "USERINFO is not an address"),
        ({"AUTHORIZE": "https://sso.example/#x"}, "AUTHORIZE is not an address"),
        ({"SCOPES": "profile"}, "SCOPES must name openid."),
        ({"ALGORITHMS": "RS256 HS256"}, "ALGORITHMS can be"),
        ({"ALGORITHMS": "none"}, "ALGORITHMS can be"),
    ],
)
def test_each_setting_wrong_alone_is_named(other: dict[str, str], problem: str) -> None:
    _, problems = read(**other)
    assert [one for one in problems if one.startswith(problem)], problems


def test_all_problems_come_at_once_and_repeat_no_secret() -> None:
    _, problems = read(TITLE="", ISSUER="", SCOPES="x", CLIENT_SECRET="a secret+")
    assert len(problems) == 4
    assert "a secret" not in " ".join(problems)


@pytest.mark.parametrize("name", ["CITY_TITEL", "TITLE", "_TITLE", "city_TITLE", "A_B_TITLE"])
def test_a_setting_that_nothing_reads_is_named(name: str) -> None:
    problems: list[str] = []
    assert providers_in({f"PUBLICMEETING_SSO_{name}": "x"}, problems) == ()
    assert f"PUBLICMEETING_SSO_{name} is not known" in problems[0]


def test_production_wants_https_everywhere() -> None:
    provided = {**CITY, "PUBLICMEETING_SSO_CITY_TOKEN": "http://sso.example/token"}
    (found,) = providers_in(provided, [])
    assert readable_parts(found) == ("PUBLICMEETING_SSO_CITY_TOKEN",)
    with pytest.raises(SettingsError, match="SSO_CITY_TOKEN is plain http"):
        Settings.from_environment({**provided, "PUBLICMEETING_ENV": "production"})
    assert Settings.from_environment(provided).sso == (found,)
