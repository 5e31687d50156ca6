# The signing keys in the console.

signing-keys-title = Signing keys
signing-keys-intro = A key is published before it signs and after it has signed, so that nobody who verifies a token meets one they do not know. Keys rotate by themselves.
signing-keys-rotate-all = Rotate all now
signing-keys-rotate = Rotate now
signing-keys-until = The key that signs now gives way by itself at { $when } or soon after.
signing-keys-on-request = No key signs. One is made when an app is registered with this algorithm.
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
