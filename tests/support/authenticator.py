"""A passkey device in software: it answers as a browser would, and can forge its answers."""

import json
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestedCredentialData, AuthenticatorData, CollectedClientData

UP, UV, AT = 0x01, 0x04, 0x40
"""Flags of WebAuthn: user present, user verified, and attested credential data included."""


class Authenticator:
    """A device with one key. `origin` is the page's origin as the browser reports it.

    The `lies` of its methods replace single fields of the answer, to play a hostile device or page.
    """

    def __init__(self, origin: str, host: str) -> None:
        self.origin, self.host = origin, host
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.handle = b""
        self.count = 0

    @property
    def name(self) -> str:
        """Credential id as the city stores it."""
        return websafe_encode(self.id)

    @property
    def public_key(self) -> str:
        """Public key in COSE as the city stores it."""
        return websafe_encode(cbor.encode(ES256.from_cryptography_key(self.key.public_key())))

    def makes(self, options: dict[str, object], *, flags: int = UP | UV, **lies: object) -> str:
        """Return the answer to the options for a new key."""
        user = options["user"]
        assert isinstance(user, dict)
        self.handle = websafe_decode(user["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        held = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = AuthenticatorData.create(self._host_hash(lies), flags | AT, self.count, held)
        attestation = {"fmt": "none", "attStmt": {}, "authData": bytes(data)}
        return self._answer(
            {
                "clientDataJSON": websafe_encode(self._client("webauthn.create", options, lies)),
                "attestationObject": websafe_encode(cbor.encode(attestation)),
            }
        )

    def signs(self, options: dict[str, object], *, flags: int = UP | UV, **lies: object) -> str:
        """Return the answer to a sign-in's options; the counter rises by one without `count`."""
        self.count = int(str(lies.get("count", self.count + 1)))
        data = bytes(AuthenticatorData.create(self._host_hash(lies), flags, self.count))
        client = self._client("webauthn.get", options, lies)
        signature = self.key.sign(data + sha256(client), ec.ECDSA(SHA256()))
        if lies.get("signature"):
            signature = signature[:-1] + bytes([signature[-1] ^ 1])
        handle = lies.get("handle", self.handle)
        assert isinstance(handle, bytes)
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": websafe_encode(handle),
            }
        )

    def _client(self, kind: str, options: dict[str, object], lies: dict[str, object]) -> bytes:
        return bytes(
            CollectedClientData.create(
                str(lies.get("kind", kind)),
                str(lies.get("challenge", options["challenge"])),
                str(lies.get("origin", self.origin)),
                cross_origin=bool(lies.get("cross_origin")),
            )
        )

    def _host_hash(self, lies: dict[str, object]) -> bytes:
        return sha256(str(lies.get("host", self.host)).encode())

    def _answer(self, response: dict[str, str]) -> str:
        name = websafe_encode(self.id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            }
        )
