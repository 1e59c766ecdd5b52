"""Rules of an honest small city, and its announcements of weaker rules by two officers."""

from base64 import b64encode

ORIGIN = "example.ir/log"
WEEK = {
    "opens": {"at": "00:00", "days_before": 21},
    "filing_closes": {"at": "24:00", "days_before": 9},
    "freeze": {"at": "12:00", "days_before": 6},
    "objections_until": {"at": "20:00", "days_before": 6},
    "reveals_from": {"at": "20:00", "days_before": 6},
    "reveals_until": {"at": "22:00", "days_before": 6},
    "value_from": {"at": "14:00"},
    "value_until": {"at": "20:00"},
    "answer_by": {"at": "20:00", "days_before": 2},
    "standby_until": {"at": "20:00", "days_before": 1},
}
DAYS = {"wed": 5, "sat": 2, "sun": 1}


def rules_of(city, version):
    """Return a version of the rules; in some cities a later one is weaker than the first."""
    parties = [name.partition("/")[2] for name in city.witnesses]
    form = {"form": "dice", "kind": "dice", "source": "camera in the hall"}
    index = {"form": "integer", "kind": "published", "source": "closing index of the exchange"}
    late = {**(form if city.is_dice else index), "days": [*DAYS], "session": "09:00"}
    body = {
        "version": version,
        "lanes": {"access": 1, "urgent": 1},
        "windows": {"early": ["00:00", "09:30"], "late": ["09:30", "24:00"]},
        "slot_minutes": 15,
        "offers": {"from": "08:00", "hours": 2, "until": "20:00"},
        "week": WEEK,
        "log": {"keys": [city.city.vkey, city.reserve.vkey], "origin": ORIGIN},
        "late_value": late,
        "witnesses": [
            {"org": f"Organisation {party}", "party": party, "url": "", "vkey": witness.vkey}
            for party, witness in zip(parties, city.witnesses.values(), strict=True)
        ],
    }
    if version > 1 and len(parties) > 2:  # weaker rules, which one officer may not announce
        body["lanes"]["urgent"] = 2
    return body


def is_weaker(body):
    return body["lanes"]["urgent"] > 1


def agree(city, monday, digest, body):
    """Write a proposal by one officer, a witness's signature, and another officer's agreement."""
    proposed = {"from_": monday, "hash": digest, "rules": body, "officer": "city/0a0a0a0a"}
    because = [city.write("rules_proposed", **proposed)]
    party = body["witnesses"][0]["party"]
    words = ["publicmeeting/said/v1", ORIGIN, "rules_signed", monday, party, digest]
    lines = "".join(f"{word}\n" for word in words).encode()
    sig = b64encode(city.witnesses[f"example.ir/{party}"].sign(lines)).decode()
    city.write("rules_signed", monday=monday, party=party, hash=digest, sig=sig, because=because)
    city.write("rules_agreed", hash=digest, officer="city/0b0b0b0b", because=because)
