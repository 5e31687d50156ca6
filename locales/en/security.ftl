# The console: how strictly an app is held.

security-grade = Security grade
security-grade-hint = How strictly this app is held. Each step up refuses more of what the app never does anyway.
security-here = now
security-not-offered = not offered yet
security-compatible = Compatible
security-compatible-hint = Whatever the specifications allow, so that most software works as its own documentation says.
security-baseline = Baseline
security-baseline-hint = What RFC 9700 recommends to every app: PKCE, and one way to authenticate.
security-own-key = A key of its own
security-own-key-hint = It signs with a key of its own (private_key_jwt), or keeps no secret at all.
security-constrained = Sender-constrained tokens
security-constrained-hint = Tokens that are worth nothing to whoever steals them (DPoP, mutual TLS).
security-fapi = FAPI 2.0
security-fapi-hint = What banks and health services ask for.
security-steps = The next steps
security-nothing = Nothing is left to do here.
security-seen = What its logins had
security-seen-of = { $n ->
    [one] Of the last login.
   *[other] Of the last { $n } logins.
}
security-seen-none = Nobody has signed in to it yet.
security-seen-pkce = a code challenge (PKCE)
security-seen-nonce = a nonce
security-pkce = Logins without PKCE are accepted
security-pkce-press = Require PKCE
security-nonce = Logins without a nonce are accepted
security-nonce-press = Require a nonce
security-pin = Its secret is accepted by two methods
security-pin-hint = Every login used the same one.
security-pin-unknown = Which one it uses is not known yet: let people sign in a few times first.
security-pin-basic-press = client_secret_basic only
security-pin-post-press = client_secret_post only
security-shared = It shares a secret with this server
security-shared-hint = Where its library can sign with a key of its own, set private_key_jwt and its keys under Credentials.
security-audience = Its assertions may name an endpoint
security-audience-hint = Software of FAPI 2.0 names the issuer alone. Press only if yours does.
security-audience-press = Issuer only
security-localhost = A redirect URI names localhost
security-localhost-hint = Other software may answer for that name: use http://127.0.0.1/ instead (RFC 8252, section 8.3).
security-all-had = { $n ->
    [one] The last login had one: requiring it refuses nothing of that.
   *[other] Each of the last { $n } logins had one: requiring it refuses nothing of these.
}
security-some-had-not = { $n ->
    [one] One of the last logins had none, and would have been refused.
   *[other] { $n } of the last logins had none, and would have been refused.
}
security-not-seen = Nobody has signed in yet: what the app sends is not known.
