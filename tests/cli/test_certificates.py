"""A certificate's end is reported before the day on which it expires."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from publicmeeting.cli.commands import doctor
from publicmeeting.cli.commands.doctor import SOON, ending, places
from publicmeeting.config import S3, Settings, bare_environment
from publicmeeting.kit.outside.http_call import SmsGateway
from publicmeeting.kit.outside.provider import Provider
from publicmeeting.usecases.oversight.findings import Finding

NOW = datetime(2026, 11, 29, 2, 30, tzinfo=UTC)
CALL = SmsGateway("https://sms.example/send?key={text}", "POST", "{}", "{}", "json", "")


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    (tmp_path / "data").mkdir(mode=0o700)
    environment = bare_environment({"PUBLICMEETING_DATA": str(tmp_path / "data")})
    return replace(
        Settings.from_environment(environment),
        public_url="https://meeting.example",
        sms_text=CALL,
        sms_code=replace(CALL, url="https://sms.example/code"),
        match=replace(CALL, url="http://match.example/"),
        sso=(
            Provider(
                "city", "", "https://sso.example", "id", "", token="https://sso.example:8443/t"
            ),
        ),
        s3=S3("https://s3.example:9000", "bucket", "", "", ""),
    )


def test_everything_spoken_to_over_tls_is_asked_once(chosen: Settings) -> None:
    assert places(chosen) == (
        ("meeting.example", 443),
        ("sms.example", 443),
        ("sso.example", 443),
        ("sso.example", 8443),
        ("s3.example", 9000),
    )


def test_what_ends_soon_or_has_ended_is_named_and_nothing_else(chosen: Settings) -> None:
    shown = {
        "meeting.example": NOW + timedelta(days=3),
        "sms.example": NOW - timedelta(days=1),
        "sso.example": NOW + SOON + timedelta(days=1),
    }
    assert list(ending(chosen, NOW, lambda place: shown.get(place[0]))) == [
        Finding("meeting.example:443", "its certificate ends on 2026-12-02"),
        Finding("sms.example:443", "its certificate has ended on 2026-11-28"),
    ]


@pytest.mark.parametrize("fault", [OSError("nobody answers"), ValueError("no certificate")])
def test_who_does_not_answer_is_another_part_s_finding(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def refused(_place, timeout):
        raise fault

    monkeypatch.setattr(doctor.ssl, "get_server_certificate", refused)
    assert doctor.ends(("sms.example", 443)) is None


def test_the_nightly_check_asks_and_a_look_from_elsewhere_does_not(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = Finding("sms.example:443", "its certificate ends on 2026-12-02")
    monkeypatch.setattr(doctor, "ending", lambda *_: iter([finding]))
    checks = {one.check: one.findings for one in _first(chosen, is_alone=True)}
    assert checks["no certificate ends soon"] == (finding,)
    assert "no certificate ends soon" not in {one.check for one in _first(chosen, is_alone=False)}


def _first(chosen: Settings, *, is_alone: bool) -> list[doctor.Examined]:
    """Return the checks that run before the database is opened."""
    examined = doctor.examined(chosen, is_alone=is_alone)
    return [next(examined) for _ in range(5)]
