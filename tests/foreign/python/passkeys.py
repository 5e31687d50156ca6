"""py_webauthn over what the authenticator of the tests made, and Haechi took: both ends read one standard the same way."""
import json
import os
import sys

from webauthn import base64url_to_bytes, verify_authentication_response, verify_registration_response
from webauthn.helpers.exceptions import InvalidAuthenticationResponse, InvalidRegistrationResponse
from webauthn.helpers.structs import AttestationFormat

made = json.loads(sys.stdin.read())
origin, rp_id = os.environ["ISSUER"], os.environ["RP_ID"]


def registered(response, challenge):
    roots = {AttestationFormat.PACKED: [made["authority"].encode()]} if made["authority"] else None
    return verify_registration_response(
        credential=response, expected_challenge=base64url_to_bytes(challenge), expected_origin=origin, expected_rp_id=rp_id,
        require_user_verification=True, pem_root_certs_bytes_by_fmt=roots)


def used(response, challenge, key):
    return verify_authentication_response(
        credential=response, expected_challenge=base64url_to_bytes(challenge), expected_origin=origin, expected_rp_id=rp_id,
        credential_public_key=key, credential_current_sign_count=0, require_user_verification=True)


passkey = registered(made["created"], made["create"]["challenge"])
assert passkey.aaguid == made["aaguid"], passkey.aaguid
assert passkey.fmt == ("packed" if made["authority"] else "none"), passkey.fmt
assert passkey.user_verified and made["create"]["attestation"] == ("direct" if made["authority"] else "none")
signed = used(made["used"], made["get"]["challenge"], passkey.credential_public_key)
assert signed.credential_id == passkey.credential_id and signed.user_verified

# What Haechi refuses is refused here too.
for refused in (lambda: registered(made["created"], made["get"]["challenge"]), lambda: used(made["used"], made["create"]["challenge"], passkey.credential_public_key)):
    try:
        refused()
    except (InvalidRegistrationResponse, InvalidAuthenticationResponse):
        continue
    raise AssertionError("a challenge of another question was taken")
print("done")
