# What mends what was refused of an app: said with the command line's `haechi clients problems`, too.

mend-unknown-client = haechi clients list, and correct client_id in the app; or haechi clients create
mend-only-if-own = only if that address is the app's own, as anybody can send such a request: { $command }
mend-redirect-uri-missing = in the app: send the redirect_uri that is registered
mend-pkce = in the app: switch PKCE (S256) on
mend-pkce-or = in the app: switch PKCE (S256) on; or { $command }
mend-nonce-or = in the app: switch the nonce on; or { $command }
mend-authentication-method = in the app: authenticate by { $registered }, or: { $command }
mend-wrong-secret = correct the secret in the app, or make a new one: { $command }
mend-code-redirect-uri = in the app: send the same redirect_uri to /token as to /authorize
mend-verifier = in the app: keep the code_verifier in the session of the login, and send it to /token
mend-code-used = in the app: redeem a code once; a page that is loaded twice does it twice
mend-refresh-token-reused = in the app: keep the newest refresh token, and do not refresh in parallel
mend-hint-of-other-client = in the app: send an ID token of its own, or no client_id
mend-connection = test the connection in the console: /admin/connections
