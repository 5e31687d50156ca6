# The signing keys in the console.

signing-keys-title = Signing keys
signing-keys-intro = A key is published before it signs and after it has signed, so that nobody who verifies a token meets one they do not know. Keys rotate by themselves.
signing-keys-rotate-all = Rotate all now
signing-keys-rotate = Rotate now
signing-keys-until = The key that signs now gives way by itself at { $when } or soon after.
signing-keys-on-request = No key signs. One is made when an app is registered with this algorithm.
signing-keys-first-signs = No key signs yet. The next one is published, and signs by itself from { $when } on.
signing-keys-no-key = There is no key of this algorithm.
signing-keys-line = The keys of { $algorithm } over time; the table below says the same
signing-keys-key = Key ID
signing-keys-state = State
signing-keys-made = Published since
signing-keys-signs = Signs since
signing-keys-stopped = Stopped signing
signing-keys-next = next
signing-keys-active = active
signing-keys-retiring = retiring
signing-keys-retired = retired
signing-keys-apps-none = No app is registered with it.
signing-keys-apps = { $n ->
    [one] One app is registered with it:
   *[other] { $n } apps are registered with it:
}
signing-keys-too-early = Nothing was rotated: the next key can take over from { $when } on, when everybody who verifies tokens can know it.
signing-keys-done-rotated = The next key signs now.
signing-keys-done-revoked = The key is revoked. It signs no more and is no longer published.
signing-keys-revoke = Revoke
signing-keys-revoke-title = Revoke this key?
signing-keys-revoke-when = For a key that may be in wrong hands. Otherwise rotate: nothing stops working then.
signing-keys-stops-next = It has signed nothing yet. Another next key is made in its place.
signing-keys-stops-tokens = Every access token and ID token that it signed stops being valid, here at once, and at services as soon as they read the published keys anew.
signing-keys-stops-successor = The next key signs at once. Services that have not read it yet may refuse new tokens until they do.
signing-keys-stops-kept = Sessions and refresh tokens are kept: apps get new tokens with their next refresh, and nobody has to sign in again.
signing-keys-stops-hints = Apps that still sign users out with an old ID token by this key are asked to confirm it.
signing-keys-import = Import a key
signing-keys-import-intro = For a signing key that was made elsewhere, such as one of the server that this one replaces.
signing-keys-import-next = It becomes the next key of its algorithm, in place of the one that waits. It is published at once, whether or not an app uses the algorithm.
signing-keys-import-signs = It signs when the present key has had its time, or when you rotate; where no key of the algorithm signs, by itself. Never before everybody who verifies tokens can know it.
signing-keys-import-holders = Whoever else has this private key can sign tokens in this server's name. Delete the copies that nobody needs.
signing-keys-algorithm = Algorithm
signing-keys-pem = Private key (PEM)
signing-keys-pem-hint = PKCS#8 without a passphrase, as openssl genpkey writes it (RFC 7468, section 10).
signing-keys-problem-pkcs8 = This is no PKCS#8 private key in PEM. openssl pkcs8 -topk8 -nocrypt turns other formats into one.
signing-keys-problem-encrypted = This key has a passphrase. Please take it off first: openssl pkcs8 -topk8 -nocrypt does it.
signing-keys-problem-public = This is the public half of a key. The private key is the one that signs.
signing-keys-problem-unsuited = This key is not one for { $algorithm }.
signing-keys-problem-rsa = An RSA key must have 2048 to 4096 bits and the exponent 65537 (RFC 7518, section 3.3).
signing-keys-problem-known = This key is here already. A key is used with one algorithm, and once.
signing-keys-problem-revoked = This key was revoked here, as it may be in the wrong hands. Please bring another one.
signing-keys-done-imported = The key is the next one of its algorithm. It is published now. Beside its algorithm stands when it signs.
signing-keys-is-off = No app can be registered with it. Its keys stay published.
signing-keys-done-off = The algorithm is switched off: no app can be registered with it any more.
signing-keys-done-on = The algorithm is switched on.
