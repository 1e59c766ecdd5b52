"""Single sign-on at a provider: what proves a person, and every answer that does not."""

import asyncio
import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from support.clock import FixedClock
from support.each import in_one_city
from support.provider import CLIENT, ISSUER, SECRET, Lie, LyingProvider, provider

from publicmeeting.notify.circuit import FAILURES
from publicmeeting.sso.answers import (
    Answer,
    NotProvenError,
    NotReachedError,
    Proven,
    Reason,
    Secrets,
)
from publicmeeting.sso.client import NEWER_KEYS_MOST, NEWER_KEYS_SECONDS, ProviderClient

HERE = "https://meeting.example/auth/sso/city/return"
SECRETS = Secrets("the state", "the nonce", "v" * 43)
WHO = {"nationalCode": "0499370899", "mobile": "09120000001", "name": "مریم رستمی"}


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def liar(clock: FixedClock) -> LyingProvider:
    return LyingProvider(clock)


@pytest.fixture
def client(liar: LyingProvider, clock: FixedClock, seconds: Seconds) -> ProviderClient:
    return ProviderClient(provider(), liar, clock, seconds)


def begin(client: ProviderClient, secrets: Secrets = SECRETS) -> str:
    return asyncio.run(client.authorization_url(secrets, HERE, "https://meeting.example"))


def prove(client: ProviderClient, brought: str, secrets: Secrets = SECRETS) -> Proven:
    query = {name: values[0] for name, values in parse_qs(brought).items()}
    answer = Answer(query.get("code", ""), query.get("iss", ""))
    return asyncio.run(client.proven(answer, secrets, HERE))


def sign_on(client: ProviderClient, liar: LyingProvider, **who: Any) -> Proven:
    return prove(client, liar.signs_in(begin(client), **(who or WHO)))


def why_not(client: ProviderClient, liar: LyingProvider, **who: Any) -> Reason:
    with pytest.raises(NotProvenError) as refused:
        sign_on(client, liar, **who)
    return refused.value.reason


def test_a_sign_on_proves_code_mobile_and_name(client: ProviderClient, liar: LyingProvider) -> None:
    assert sign_on(client, liar) == Proven(*WHO.values())


def test_the_address_says_who_we_are_and_binds_the_answer(client: ProviderClient) -> None:
    url = urlsplit(begin(client))
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{ISSUER}/authorize"
    challenge = asked.pop("code_challenge")
    assert challenge not in {"", SECRETS.verifier}
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": HERE,
        "scope": "openid profile",
        "state": SECRETS.state,
        "nonce": SECRETS.nonce,
        "code_challenge_method": "S256",
    }


def test_a_national_code_written_as_a_number_and_missing_others_are_read(
    client: ProviderClient, liar: LyingProvider
) -> None:
    assert sign_on(client, liar, nationalCode=499370899, name=None) == Proven("499370899")


def test_a_name_in_two_claims_is_put_together(liar: LyingProvider, clock: FixedClock) -> None:
    client = ProviderClient(provider(claim_name="given_name family_name"), liar, clock)
    who = {"nationalCode": WHO["nationalCode"], "given_name": "مریم", "family_name": "رستمی"}
    assert sign_on(client, liar, **who).name == "مریم رستمی"


@pytest.mark.parametrize(
    ("said", "mobile"),
    [
        *((said, WHO["mobile"]) for said in (True, "true")),
        *((said, "") for said in (False, "false", None, 0)),
    ],
)
def test_a_mobile_that_the_provider_has_not_confirmed_is_none(
    liar: LyingProvider, clock: FixedClock, said: object, mobile: str
) -> None:
    client = ProviderClient(provider(claim_mobile="phone_number"), liar, clock)
    who = {**WHO, "phone_number": WHO["mobile"], "phone_number_verified": said}
    assert sign_on(client, liar, **who).mobile == mobile


def test_a_userinfo_that_refuses_names_nobody(client: ProviderClient, liar: LyingProvider) -> None:
    assert why_not(client, liar, other=1) is Reason.IDENTITY


def _unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    parts = (json.dumps(one).encode() for one in ({**header, "alg": "none"}, claims))
    return ".".join([*(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts), ""])


def _by_shared_secret(header: dict[str, Any], claims: dict[str, Any]) -> str:
    key = OctKey.import_key(SECRET * 4)
    return jwt.encode({**header, "alg": "HS256"}, claims, key, ["HS256"])


def _nested(header: dict[str, Any], _claims: dict[str, Any]) -> str:
    deep = base64.urlsafe_b64encode(b"[" * 60_000).decode()
    return f"{base64.urlsafe_b64encode(json.dumps(header).encode()).decode()}.{deep}.c2ln"


def _by_anothers_key(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return jwt.encode(header, claims, ECKey.generate_key("P-256"), ["ES256"])


def _by_another_kind_of_key(header: dict[str, Any], claims: dict[str, Any]) -> str:
    key = RSAKey.generate_key(2048)
    return jwt.encode({**header, "alg": "RS256"}, claims, key, ["RS256"])


def _changed(**other: Any) -> Lie:
    """Return a lie about claims: None removes one, `..._after` counts from now."""

    def lie(_header: dict[str, Any], claims: dict[str, Any]) -> None:
        now = claims["iat"]
        for name, value in other.items():
            bare = name.removesuffix("_after")
            if value is None:
                del claims[bare]
            else:
                claims[bare] = now + value if bare != name else value

    return lie


@in_one_city(
    "lie, reason",
    [
        (_unsigned, Reason.UNREADABLE),
        (_by_shared_secret, Reason.UNREADABLE),
        (_by_another_kind_of_key, Reason.KEY),
        (lambda _h, _c: "no.token.at all", Reason.UNREADABLE),
        (lambda _h, _c: "e30.W10.", Reason.UNREADABLE),
        (_nested, Reason.UNREADABLE),
        (_by_anothers_key, Reason.SIGNATURE),
        (_changed(iss="https://other.example"), Reason.CLAIM),
        (_changed(iss=f"{ISSUER}/"), Reason.CLAIM),
        (_changed(iss=None), Reason.CLAIM),
        (_changed(aud="somebody"), Reason.CLAIM),
        (_changed(aud=[]), Reason.CLAIM),
        (_changed(aud=None), Reason.CLAIM),
        (_changed(aud=[CLIENT, "somebody"]), Reason.CLAIM),
        (_changed(aud=[CLIENT, "somebody"], azp="somebody"), Reason.CLAIM),
        (_changed(azp="somebody"), Reason.CLAIM),
        (_changed(sub=None), Reason.CLAIM),
        (_changed(sub=7), Reason.CLAIM),
        (_changed(exp=None), Reason.CLAIM),
        (_changed(exp="soon"), Reason.CLAIM),
        (_changed(exp=True), Reason.CLAIM),
        (_changed(exp_after=-61), Reason.EXPIRED),
        (_changed(iat_after=90), Reason.CLAIM),
        (_changed(iat=None), Reason.CLAIM),
        (_changed(nbf_after=90), Reason.CLAIM),
        (_changed(nonce="another"), Reason.NONCE),
        (_changed(nonce=["the nonce"]), Reason.NONCE),
        (_changed(nonce=None), Reason.NONCE),
        (_changed(at_hash="another"), Reason.CLAIM),
        (_changed(at_hash=7), Reason.CLAIM),
        (_changed(nationalCode=None), Reason.IDENTITY),
        (_changed(nationalCode=["0499370899"]), Reason.IDENTITY),
        (_changed(nationalCode=True), Reason.IDENTITY),
    ],
)
def test_a_token_that_lies_proves_nothing(
    client: ProviderClient,
    liar: LyingProvider,
    lie: Lie,
    reason: Reason,
) -> None:
    liar.lie = lie
    liar.answers["/userinfo"] = httpx2.Response(200, json={"sub": "7"})
    assert why_not(client, liar) is reason


@in_one_city(
    "lie",
    [
        _changed(exp_after=-59),
        _changed(iat_after=59),
        _changed(aud=[CLIENT]),
        _changed(aud=[CLIENT, "somebody"], azp=CLIENT),
        lambda header, _c: header.update(x5t="unknown", typ="at+jwt"),
    ],
)
def test_a_minute_of_skew_and_what_is_ours_among_others_are_believed(
    client: ProviderClient,
    liar: LyingProvider,
    lie: Lie,
) -> None:
    liar.lie = lie
    assert sign_on(client, liar).identity == WHO["nationalCode"]


@pytest.mark.parametrize("issuer", ["https://other.example", ""])
def test_an_answer_of_another_provider_is_refused_before_its_code_goes_anywhere(
    client: ProviderClient, liar: LyingProvider, issuer: str
) -> None:
    liar.signs_in(begin(client), **WHO)
    with pytest.raises(NotProvenError) as refused:
        asyncio.run(client.proven(Answer("code-0", issuer), SECRETS, HERE))
    assert refused.value.reason is Reason.ISSUER
    assert "/token" not in liar.asked


def test_a_provider_that_never_names_itself_is_believed_without(
    client: ProviderClient, liar: LyingProvider
) -> None:
    liar.names_issuer = False
    assert sign_on(client, liar).identity == WHO["nationalCode"]


def test_a_code_of_another_sign_on_or_used_before_is_refused(
    client: ProviderClient, liar: LyingProvider
) -> None:
    brought = liar.signs_in(begin(client), **WHO)
    with pytest.raises(NotProvenError) as refused:
        prove(client, brought, Secrets("the state", "the nonce", "w" * 43))
    assert refused.value.reason is Reason.CODE
    brought = liar.signs_in(begin(client))
    prove(client, brought)
    with pytest.raises(NotProvenError) as refused:
        prove(client, brought)
    assert refused.value.reason is Reason.CODE


@pytest.mark.parametrize("error", [["invalid_grant"], {}, None])
def test_an_error_that_is_no_word_is_a_refusal_too(
    client: ProviderClient, liar: LyingProvider, error: object
) -> None:
    liar.answers["/token"] = httpx2.Response(400, json={"error": error})
    assert why_not(client, liar) is Reason.CODE


@in_one_city("code", ["", "c" * 2049])
def test_no_code_and_an_endless_one_are_not_sent(
    client: ProviderClient, liar: LyingProvider, code: str
) -> None:
    with pytest.raises(NotProvenError):
        asyncio.run(client.proven(Answer(code, ISSUER), SECRETS, HERE))
    assert "/token" not in liar.asked


def test_a_new_key_is_read_once_and_strangers_cannot_have_it_read_again(
    client: ProviderClient, liar: LyingProvider, seconds: Seconds
) -> None:
    sign_on(client, liar)
    liar.rotates()
    assert sign_on(client, liar).identity == WHO["nationalCode"]
    assert liar.asked.count("/jwks") == 2
    liar.lie = lambda header, _claims: header.update(kid="unknown")
    for _ in range(7):
        assert why_not(client, liar) is Reason.KEY
    assert liar.asked.count("/jwks") == 1 + NEWER_KEYS_MOST
    seconds.now += NEWER_KEYS_SECONDS
    assert why_not(client, liar) is Reason.KEY
    assert liar.asked.count("/jwks") == 2 + NEWER_KEYS_MOST
    assert liar.asked.count("/.well-known/openid-configuration") == 1


def test_keys_that_are_broken_or_for_something_else_do_not_spoil_the_set(
    client: ProviderClient, liar: LyingProvider
) -> None:
    good = liar.key.as_dict(private=False)
    strange = [{"kty": "EC"}, {"kty": "oct", "k": "c2VjcmV0"}, 7, {**good, "use": "enc"}, good]
    liar.answers["/jwks"] = httpx2.Response(200, json={"keys": strange})
    assert sign_on(client, liar).identity == WHO["nationalCode"]


def test_what_the_token_does_not_say_is_asked_of_userinfo(
    client: ProviderClient, liar: LyingProvider
) -> None:
    liar.userinfo = {"sub": "7", **WHO}
    assert sign_on(client, liar, other=1) == Proven(*WHO.values())
    liar.userinfo["sub"] = "8"
    assert why_not(client, liar, other=1) is Reason.SUBJECT


def test_single_endpoints_need_no_discovery(liar: LyingProvider, clock: FixedClock) -> None:
    ends = {name: f"{ISSUER}/{name}" for name in ("authorize", "token", "jwks")}
    client = ProviderClient(provider(**ends), liar, clock)
    assert sign_on(client, liar).identity == WHO["nationalCode"]
    assert liar.asked == ["/token", "/jwks"]


DOWN = [
    httpx2.ConnectError("gone"),
    httpx2.ReadTimeout("late"),
    httpx2.Response(503),
    httpx2.Response(302, headers={"location": "https://evil.example/"}),
    httpx2.Response(200, text="<html>"),
    httpx2.Response(200, json=["a list"]),
    httpx2.Response(200, content=b"{" + b" " * 200_000 + b"}"),
    httpx2.Response(200, headers={"content-encoding": "gzip"}, content=b""),
    httpx2.Response(200, content=b"[" * 100_000),
]


@pytest.mark.parametrize("answer", DOWN)
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
def test_a_provider_that_does_not_answer_is_not_reached(
    client: ProviderClient,
    liar: LyingProvider,
    path: str,
    answer: httpx2.Response | Exception,
) -> None:
    liar.answers[path] = answer
    with pytest.raises(NotReachedError):
        sign_on(client, liar)
    assert "evil" not in " ".join(liar.asked)


def test_a_discovery_of_another_provider_or_without_tls_leads_nowhere(
    client: ProviderClient, liar: LyingProvider, seconds: Seconds
) -> None:
    for document in (
        {"issuer": "https://other.example"},
        {"issuer": ISSUER, "authorization_endpoint": "http://sso.example/authorize"},
        {"issuer": ISSUER, "authorization_endpoint": "javascript:alert(1)"},
        {"issuer": ISSUER, "authorization_endpoint": 7},
    ):
        liar.answers["/.well-known/openid-configuration"] = httpx2.Response(200, json=document)
        seconds.now += 4000
        with pytest.raises(NotReachedError):
            begin(client)


def test_old_discovery_and_keys_serve_while_the_provider_shows_none(
    client: ProviderClient, liar: LyingProvider, seconds: Seconds
) -> None:
    sign_on(client, liar)
    seconds.now += 4000
    liar.answers["/.well-known/openid-configuration"] = httpx2.Response(500)
    liar.answers["/jwks"] = httpx2.Response(500)
    assert sign_on(client, liar).identity == WHO["nationalCode"]


def test_a_provider_that_is_down_is_left_alone(client: ProviderClient, liar: LyingProvider) -> None:
    liar.answers["/.well-known/openid-configuration"] = httpx2.ConnectError("gone")
    for _ in range(FAILURES + 3):
        with pytest.raises(NotReachedError):
            begin(client)
    assert len(liar.asked) == FAILURES


def test_a_client_that_is_not_known_is_our_fault(
    client: ProviderClient, liar: LyingProvider
) -> None:
    liar.answers["/token"] = httpx2.Response(401, json={"error": "invalid_client"})
    with pytest.raises(NotReachedError):
        sign_on(client, liar)
