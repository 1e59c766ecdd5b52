"""The witnesses that the rules of the tests' city name, and their keys."""

from hashlib import sha256

from publicmeeting.turns.tree.note import Key, KeyType

ORGANISATIONS = {"council": "shora.example.ir", "press": "press.example.ir"}


def seed_of(party: str) -> bytes:
    return sha256(f"a witness of tests: {party}".encode()).digest()


def key_of(party: str) -> Key:
    return Key.of(f"{ORGANISATIONS[party]}/{party}", KeyType.COSIGNATURE, seed_of(party))
