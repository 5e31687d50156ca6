"""An authenticator made of cryptography and cbor2, and py_webauthn's word on what it makes: a question a line on standard input, an answer a line on standard output.

What is made is right but for what its name says. See tests/it/foreign/passkey_vectors.rs."""

import hashlib
import json
import os
import sys

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from webauthn import base64url_to_bytes, verify_authentication_response, verify_registration_response
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException

ORIGIN, RP_ID = os.environ["ISSUER"], os.environ["RP_ID"]
UP, UV, BE, BS, AT, ED = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80


class Ec:
    def __init__(self, alg, curve, crv, hashed):
        self.alg, self.crv, self.hashed, self.key = alg, crv, hashed, ec.generate_private_key(curve)
        self.size = (curve.key_size + 7) // 8

    def cose(self):
        point = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(self.size, "big") for number in (point.x, point.y))
        return {1: 2, 3: self.alg, -1: self.crv, -2: x, -3: y}

    def sign(self, data):
        return self.key.sign(data, ec.ECDSA(self.hashed))


class EdDsa:
    alg = -8

    def __init__(self):
        self.key = ed25519.Ed25519PrivateKey.generate()

    def cose(self):
        return {1: 1, 3: self.alg, -1: 6, -2: self.key.public_key().public_bytes_raw()}

    def sign(self, data):
        return self.key.sign(data)


class Rsa:
    def __init__(self, alg=-257, bits=2048):
        self.alg, self.key = alg, rsa.generate_private_key(65537, bits)

    def cose(self):
        public = self.key.public_key().public_numbers()
        return {1: 3, 3: self.alg, -1: public.n.to_bytes(self.key.key_size // 8, "big"), -2: public.e.to_bytes(3, "big")}

    def sign(self, data):
        if self.alg == -37:
            return self.key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.MAX_LENGTH), hashes.SHA256())
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


KEYS = {
    "ES256": lambda: Ec(-7, ec.SECP256R1(), 1, hashes.SHA256()),
    "ES384": lambda: Ec(-35, ec.SECP384R1(), 2, hashes.SHA384()),
    "ES512": lambda: Ec(-36, ec.SECP521R1(), 3, hashes.SHA512()),
    "EdDSA": EdDsa,
    "RS256": Rsa,
    "RS256 of 3072 bits": lambda: Rsa(bits=3072),
    "PS256": lambda: Rsa(alg=-37),
}

# How a passkey is made: what of it is otherwise than it should be, or than most are.
CREATE = {
    **{name: {"key": name} for name in KEYS},
    **{f"{name}, attested by itself": {"key": name, "fmt": "packed"} for name in ("ES256", "EdDSA", "RS256")},
    "attested by itself, over something else": {"fmt": "packed", "signed": b"something else"},
    "attested by itself, by another algorithm": {"fmt": "packed", "statement": {"alg": -257}},
    "attested by itself, without a signature": {"fmt": "packed", "statement": {"sig": b""}},
    "a statement of nobody": {"statement": {"alg": -7}},
    "another challenge": {"challenge": os.urandom(32)},
    "another origin": {"origin": "https://evil.example"},
    "a subdomain": {"origin": f"https://sub.{RP_ID}"},
    "another port": {"origin": f"{ORIGIN}:8443"},
    "another RP ID": {"rp_id": "example"},
    "the other ceremony": {"type": "webauthn.get"},
    "within another site's page": {"client": {"crossOrigin": True}},
    "client data with more in it": {"client": {"of the future": {"a": [1, 2]}}},
    "nobody there": {"flags": UV},
    "nobody verified": {"flags": UP},
    "copied": {"flags": UP | UV | BE | BS},
    "may be copied": {"flags": UP | UV | BE},
    "copied, and may not be": {"flags": UP | UV | BS},
    "no credential in it": {"attested": b""},
    "a credential cut off": {"cut": 20},
    "bytes left over": {"more": b"\x00"},
    "an extension": {"extensions": {"credProtect": 2}},
    "an extension cut off": {"flags": UP | UV | ED},
    "a key that is no map": {"cose": [1, 2]},
    "a key without its curve": {"cose": {1: 2, 3: -7, -2: bytes(32), -3: bytes(32)}},
    "a key off its curve": {"cose": {1: 2, 3: -7, -1: 1, -2: b"\x01" * 32, -3: b"\x02" * 32}},
    "a credential id of 1023 bytes": {"id": os.urandom(1023)},
    "the id of another beside it": {"called": os.urandom(32)},
    "no public key": {"kind": "password"},
    "not to be found again": {"props": {"credProps": {"rk": False}}},
}

# How it is used, one after the other: by a device that counts, whose passkey was made as "ES256".
GET = {
    "as it should be": {},
    "another challenge": {"challenge": os.urandom(32)},
    "another origin": {"origin": "https://evil.example"},
    "a subdomain": {"origin": f"https://sub.{RP_ID}"},
    "another RP ID": {"rp_id": "example"},
    "the other ceremony": {"type": "webauthn.create"},
    "within another site's page": {"client": {"crossOrigin": True}},
    "client data with more in it": {"client": {"of the future": {"a": [1, 2]}}},
    "nobody there": {"flags": UV},
    "nobody verified": {"flags": UP},
    "may be copied all of a sudden": {"flags": UP | UV | BE},
    "copied, and may not be": {"flags": UP | UV | BS},
    "another key": {"key": KEYS["ES256"]()},
    "signed over something else": {"signed": b"something else"},
    "no signature": {"signature": b""},
    "the counter as it was": {"counts": 0},
    "the counter back": {"counts": -2},
    "no counter any more": {"counter": 0},
    "an extension": {"extensions": {"appid": True}},
    "bytes left over": {"more": b"\x00"},
    "cut off": {"cut": 4},
    "no name": {"handle": None},
    "the name of another": {"handle": os.urandom(16)},
    "the id of another beside it": {"called": os.urandom(32)},
    "no public key": {"kind": "password"},
    "as it should be, after all that": {},
}


class Device:
    """With one passkey. Its counter is as of the last use that counted."""

    def __init__(self, key, identifier, handle):
        self.key, self.id, self.handle, self.count = key, identifier, handle, 5


def data(count, how, attested=b""):
    """Web Authentication Level 3 section 6.1."""
    extensions = how.get("extensions")
    flags = how.get("flags", UP | UV) | (AT if attested else 0) | (ED if extensions else 0)
    parts = [hashlib.sha256(how.get("rp_id", RP_ID).encode()).digest(), bytes([flags]), count.to_bytes(4, "big"), attested]
    parts += [cbor2.dumps(extensions) if extensions else b"", how.get("more", b"")]
    whole = b"".join(parts)
    return whole[: -how["cut"]] if "cut" in how else whole


def client_data(kind, how, options):
    """Section 5.8.1."""
    challenge = bytes_to_base64url(how["challenge"]) if "challenge" in how else options["challenge"]
    said = {"type": how.get("type", kind), "challenge": challenge, "origin": how.get("origin", ORIGIN), "crossOrigin": False}
    return json.dumps(said | how.get("client", {})).encode()


def answer(device, how, response):
    identifier = bytes_to_base64url(device.id)
    called = bytes_to_base64url(how["called"]) if "called" in how else identifier
    return {
        "id": called, "rawId": identifier, "type": how.get("kind", "public-key"), "response": response,
        "clientExtensionResults": how.get("props", {"credProps": {"rk": True}} if "attestationObject" in response else {}),
        "authenticatorAttachment": "platform",
    }


def create(how, options):
    device = Device(KEYS[how.get("key", "ES256")](), how.get("id", os.urandom(32)), base64url_to_bytes(options["user"]["id"]))
    key = cbor2.dumps(how.get("cose", device.key.cose()))
    # Section 6.5.1, without an AAGUID.
    attested = how.get("attested", bytes(16) + len(device.id).to_bytes(2, "big") + device.id + key)
    made, client = data(device.count, how, attested), client_data("webauthn.create", how, options)
    fmt, statement = how.get("fmt", "none"), {}
    if fmt == "packed":
        # Section 8.2, "self attestation".
        signed = how.get("signed", made + hashlib.sha256(client).digest())
        statement = {"alg": device.key.alg, "sig": device.key.sign(signed)}
    statement |= how.get("statement", {})
    attestation = cbor2.dumps({"fmt": fmt, "attStmt": statement, "authData": made})
    response = {"attestationObject": bytes_to_base64url(attestation), "clientDataJSON": bytes_to_base64url(client), "transports": ["internal"]}
    return device, answer(device, how, response)


def get(device, how, options):
    count = how.get("counter", device.count + how.get("counts", 1))
    used, client = data(count, how), client_data("webauthn.get", how, options)
    signed = how.get("signed", used + hashlib.sha256(client).digest())
    signature = how.get("signature", how.get("key", device.key).sign(signed))
    response = {"authenticatorData": bytes_to_base64url(used), "clientDataJSON": bytes_to_base64url(client), "signature": bytes_to_base64url(signature)}
    handle = how.get("handle", device.handle)
    if handle is not None:
        response["userHandle"] = bytes_to_base64url(handle)
    return count, answer(device, how, response)


def word(verify, **parameters):
    """What py_webauthn says: nothing, or why it refuses."""
    try:
        verify(expected_origin=ORIGIN, expected_rp_id=RP_ID, require_user_verification=True, **parameters)
        return None
    # What is no answer at all fails wherever it is first looked at.
    except (WebAuthnException, ValueError, KeyError, TypeError, IndexError, cbor2.CBORError) as why:
        return f"{type(why).__name__}: {why}"


def challenge(options):
    return base64url_to_bytes(options["challenge"])


devices = {}
for line in sys.stdin:
    asked = json.loads(line)
    name, options, device = asked.get("vector"), asked.get("options"), devices.get(asked.get("device"))
    match asked["does"]:
        case "list":
            said = {"create": list(CREATE), "get": list(GET)}
        case "create":
            devices[name], made = create(CREATE[name], options)
            said = {"answer": made, "refused": word(verify_registration_response, credential=made, expected_challenge=challenge(options))}
        case "get":
            count, made = get(device, GET[name], options)
            refused = word(
                verify_authentication_response, credential=made, expected_challenge=challenge(options),
                credential_public_key=cbor2.dumps(device.key.cose()), credential_current_sign_count=device.count)
            said = {"answer": made, "refused": refused, "count": count}
        case "counted":
            device.count, said = asked["count"], {}
    print(json.dumps(said), flush=True)
