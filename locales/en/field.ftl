# What can be wrong with a field of the console's forms.

field-of-value = { $value }: { $problem }
field-email-taken = There is an account with this address already.
field-client-id-taken = There is an app with this ID already.
field-client-id-reserved = IDs that begin like this belong to the server. Please choose another.
field-stale = Somebody else changed this since you opened the page. Please open it again, and make your change once more.
field-last-administrator = This is the last administrator: make another one first.
field-last-owner = This is the last owner: name another one first.
field-last-way-in = This is the only way to sign in to this account, so it was kept. Set a password first.
field-locked-out = Nobody who owns this server could sign in to it any more. Without passwords one of its owners needs a linked provider that is switched on.
field-own-account = You cannot delete the account that you are signed in with.
field-locale = Please enter a language tag such as ko or ko-KR.
field-redirect-uri = This cannot be a redirect URI: { $why }.
field-resource = Please enter an absolute URI without a fragment, such as https://orders.example.
field-client-id = Use letters, digits and - . _ ~ only.
field-webhook-secret = Please enter whsec_ and 24 to 64 random bytes in base64, or leave it empty: a secret is made then.
field-jwks = This is no JWK Set: { $why }.
field-one-of-keys = private_key_jwt needs either keys or the address of keys, and not both.
field-keys-without-use = Keys are for private_key_jwt only.
field-client-secret = A secret must be long and drawn at random: leave it empty, and one is made.
field-secret-without-use = A secret is for client_secret_basic and client_secret_post only.
field-pin = This is for client_secret_basic and client_secret_post only.
field-needs-code = This must be empty without the grant authorization_code.
field-must-be-public = This kind of app cannot keep a secret: its method is none.
field-must-authenticate = This kind of app must authenticate: its method is not none.
field-public-credentials = An app without a secret cannot use client_credentials.
field-needs-credentials = Roles need the grant client_credentials.
field-service-grant = A service uses client_credentials only.
field-refresh-without-code = refresh_token needs authorization_code.
field-offline-without-refresh = offline_access needs the grant refresh_token.
field-end-user-scope = A service has no user: it cannot have the scopes of OpenID Connect.
field-public-without-pkce = An app without a secret must use PKCE.
field-algorithm = The server does not sign with this algorithm.
field-between = Please enter { $least } to { $most }.
field-closed-by-configuration = The settings of the server do not allow this.
field-lifetime = Please enter { $least } to { $most } seconds.
field-algorithm-needed = This one stays on: OpenID Connect requires RS256, and new apps have ES256.
field-algorithm-in-use = { $n ->
    [one] One app is registered with it. Give it another algorithm first.
   *[other] { $n } apps are registered with it. Give them another algorithm first.
}
