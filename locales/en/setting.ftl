# What each setting is for: made from the doc comments of src/config, which are where it is changed.

setting-server = Where Haechi listens and what it is called from outside.
setting-server-listen = The address and port to listen on.
setting-server-issuer = The issuer: the URL that apps and browsers use, without a slash at its end. It is in every token, so changing it makes every token and client configuration useless. `http` is allowed for `localhost` and loopback addresses only.
setting-server-tls-certificate = PEM file with the certificate chain; set together with `tls_key` to serve TLS without a proxy in front.
setting-server-tls-key = PEM file with the certificate's private key.
setting-server-header-timeout-seconds = Seconds a client has for sending the head of a request, and for the TLS handshake.
setting-server-body-timeout-seconds = Seconds a client has for sending the body of a request.
setting-server-idle-timeout-seconds = Seconds after which a connection without a request is closed. Longer than that of a proxy in front, so that it never sends a request into a closing connection.
setting-server-unready-seconds = Seconds to answer `/readyz` with 503 before connections are refused after a stop was asked for, so that a load balancer looks elsewhere first.
setting-server-drain-seconds = Seconds that requests under way have to end after a stop was asked for.
setting-server-max-connections = The most connections that are served at once; further ones wait to be accepted.
setting-server-worker-threads = Threads that serve requests; as many as there are processors unless set.

setting-database = Where lasting state is.
setting-database-url = `sqlite:PATH` for one node, or `postgres://user:password@host/name` for any number of them. PostgreSQL on another machine must speak TLS and prove its name; `?sslrootcert=FILE` names an authority of your own, `?sslmode=disable` does without.
setting-database-pool-mode = How connections reach PostgreSQL: `session`, where they are Haechi's for as long as they last, or `transaction`, where a pooler lends one for each transaction (PgBouncer's `pool_mode=transaction`, and what works alike at clouds). The second sets its limits in each transaction and keeps no prepared statements, which costs round trips.
setting-database-migrate-on-start = Whether a start brings the schema up to date. Several nodes may start at once.
setting-database-max-connections = The most connections of the pool.
setting-database-lookup-connections = Connections beside the pool that look up what tokens and sessions rest on, each for everybody who waits at that moment. More help where storage or the network is slow, and cost a busy database where it is not.
setting-database-commit-connections = Connections beside the pool on which PostgreSQL commits what concurrent requests write. More help where a commit takes milliseconds. SQLite has one.
setting-database-acquire-timeout-ms = Milliseconds to wait for a connection before answering 503.
setting-database-statement-timeout-ms = Milliseconds that one statement may take.

setting-redis = Where passing state is; the database, unless this is set.
setting-redis-url = `redis://[:password@]host:port/db`, or `rediss://` for TLS.
setting-redis-authorities = PEM file with the authorities that may vouch for a `rediss://` server, instead of the public ones.
setting-redis-key-prefix = What every key begins with, so that several servers can share one Redis.
setting-redis-operation-timeout-ms = Milliseconds that one operation may take.

setting-keys = Signing keys and the key that seals them.
setting-keys-folder = The folder with the key-encryption key (`key-encryption.key`, 32 random bytes in base64). It is made at the first start unless `key_encryption_key` is set. Without it no stored key or session can be read: keep a copy.
setting-keys-key-encryption-key = The key-encryption key itself, 32 bytes in base64, where it comes from the environment (`HAECHI_KEYS__KEY_ENCRYPTION_KEY`). Every node needs the same one.
setting-keys-algorithms = The algorithms to hold a key for. RS256 must be among them: OpenID Connect requires it.
setting-keys-on-request = The algorithms to hold a key for once a client is registered with one, or a key of one is imported. Until then neither the JWKS nor the metadata names them, as there are libraries that cannot read a JWKS with a key of EdDSA in it.
setting-keys-rotation-days = Days that a key signs before the next one takes over.
setting-keys-jwks-max-age-seconds = Seconds that verifiers may cache the JWKS (`Cache-Control: max-age`). A key is published for at least this long, and a margin, before it signs.

setting-tokens = Codes and tokens.
setting-tokens-code-seconds = Seconds that an authorization code lives.
setting-tokens-refresh-retry-seconds = Seconds within which a client that lost an answer may refresh again with the refresh token it still has.

setting-sessions = Browser sessions.
setting-sessions-idle-hours = Hours after which an unused session ends.
setting-sessions-absolute-hours = Hours after which a session ends even if it is used.
setting-sessions-authorization-minutes = Minutes that an end-user has for signing in and agreeing before the app must begin again.
setting-sessions-proof-minutes = Minutes for which an account that proved itself, by its password or by a provider's word that its user just authenticated there, need not do so again: for what administers this server, and for what adds, removes or changes a way to sign in.

setting-accounts = Sign-up and passwords.
setting-accounts-sign-up = Whether end-users may make an account themselves.
setting-accounts-provider-return-proves = Whether coming back from a connected provider proves an account where the provider does not say when its user authenticated (Google, GitHub and others). Without it such an account needs a password to administer, and to add or remove a way to sign in; with it, a browser that is signed in there is proof enough, whichever user sits before it.
setting-accounts-password-min-chars = The shortest password, in characters (NIST SP 800-63B-4 section 3.1.1.2 asks for 15 where a password is all there is, and allows 8 beside a second factor).
setting-accounts-administrators-second-factor = Whether who administers this server has a second factor: `off`, `offered` or `required`. Required means from the second login on: the first one after the server was claimed, or a role was given, goes without. Administrators can ask for more in the policy, and not for less.
setting-accounts-argon2-memory-kib = Memory of one password hash in KiB (argon2id `m`).
setting-accounts-argon2-passes = Passes of one password hash (argon2id `t`).
setting-accounts-hashing-threads = Threads that hash passwords, at low priority; unless set, half the processors, and no more than fit into half of the memory that the container (cgroup) may have. Each keeps `argon2_memory_kib`, and a setting that does not fit is refused at the start.
setting-accounts-hashing-queue = Logins that may wait for a hashing thread; further ones are told to come back.

setting-acr = How strongly people signed in, as apps ask for it and tokens say it.
setting-acr-classes = The classes: the value that apps ask for, and what it needs (`factors`, 1 or 2; `phishing_resistant`; `hardware`, which only an attestation proves: it is advertised where `passkeys.attestation` is `listed` and one that is listed keeps keys in hardware). Who meets more is of a class as well. A list replaces the defaults, all of them: with `[{"{"} value = "gold", factors = 2 {"}"}, {"{"} value = "basic", factors = 1 {"}"}]` there is no `phr` any more, and no `urn:haechi:acr:2fa`.

setting-passwords = Passwords that were stolen from other services.
setting-passwords-breached = A list of stolen passwords that no new one may be in: a file that `haechi passwords import` made. One in a thousand other passwords is refused along with them.
setting-passwords-breached-api = A service that new passwords are asked about, below whose address the answers for five digits of a SHA-1 digest are: it learns neither the password nor its digest. Where it does not answer within two seconds, passwords go by it.

setting-throttling = How guessing is slowed down.
setting-throttling-password-failures-per-account = Wrong passwords for one account from unknown browsers, per 15 minutes, before further ones must wait.
setting-throttling-password-failures-per-address = Wrong passwords from one address (IPv6: one /64), per 15 minutes.
setting-throttling-password-failures-per-network = Wrong passwords of unknown browsers from one network (IPv4: a /24; IPv6: a /56, and four times as many from a /48), per 15 minutes, after which each further guess from it costs its browser some work.
setting-throttling-password-failures-everywhere = Wrong passwords of unknown browsers from everywhere, per 15 minutes, after which the same holds for every unknown browser; unless three times what is usual is more.
setting-throttling-guesses-before-work = Wrong passwords, or codes, for one account from one address or one browser, per 15 minutes, after which each further guess costs its browser some work.
setting-throttling-sign-ups-per-address = New accounts from one address (IPv6: one /64; twice as many from a /56, eight times as many from a /48), per hour.
setting-throttling-mails-per-account = Mails that one account, or one address, is sent because somebody asks for them (a forgotten password, an address to be confirmed), per hour.
setting-throttling-mails-per-address = Mails that one address (IPv6: one /64; twice as many from a /56, eight times as many from a /48) may ask for, per hour.
setting-throttling-client-failures-per-address = Wrong client secrets for one client from one address, per minute.
setting-throttling-authorizations-per-address = Logins that one address (IPv6: one /64; twice as many from a /56, eight times as many from a /48) may begin without being signed in, per minute, together with what it asks for besides, signed in or not: links of mails that it opens, answers of passkeys, questions of the login page whether a guess costs work. A /64 that asked for a tenth of it at most goes on while its /56 or /48 is over. As many logins may one account begin that is signed in.
setting-throttling-api-calls-per-caller = Calls of the administration API by one caller (an account by a client, or a client itself), per minute.

setting-audit = How long the audit log is kept.
setting-audit-keep-days = Days that an entry is kept.
setting-audit-keep-entries = Entries that are kept at most: beyond that the oldest go first. An entry takes about half a kilobyte.

setting-mail = How mail is sent.
setting-mail-transport = How mail leaves the server: `smtp`, `file` (for development: the console shows what would have been sent), or `none`. Unless set it is `file` where the issuer is `http`, which can only be this machine, and `none` otherwise.
setting-mail-from = The address that mail comes from. Set it together with `smtp`; without it, it is one that leads nowhere.
setting-mail-from-name = The name that mail comes from; that of the service unless set.
setting-mail-reply-to = The address that answers go to; `from` unless set.
setting-mail-host = The name of the mail server.
setting-mail-port = Its port: 587 for `starttls`, 465 for `tls` and 25 for `plain` unless set.
setting-mail-encryption = How the connection to it is encrypted: `starttls`, `tls`, or `plain`, which is for a server on this machine only.
setting-mail-plain-to-others = Whether `plain` may go to another machine, although everybody on the way there can read the links that sign in.
setting-mail-authorities = PEM file with the authorities that may vouch for the mail server, besides the public ones.
setting-mail-user = Who Haechi is to the mail server. Without it, it does not authenticate.
setting-mail-password = The password, or for `xoauth2` the access token.
setting-mail-password-file = A file that the password is the first line of, instead of `password`. It is read before each attempt, so that an access token can be renewed in it.
setting-mail-mechanism = How Haechi authenticates: `plain`, `login` or `xoauth2`. Unless set, the first of `plain` and `login` that the server knows.
setting-mail-timeout-seconds = Seconds that the mail server has for each answer.
setting-mail-folder = The folder that `file` writes each mail into, as a file of its own. Without it mail is only shown in the console.

setting-network = Proxies in front, and calls to the outside.
setting-network-trusted-proxies = The addresses of the proxies in front. What they say about where a request came from counts only when it comes from these.
setting-network-address-header = The header that those proxies write a caller's address into: `x-forwarded-for` or `forwarded`. The other one is ignored, as a proxy passes on what it does not know.
setting-network-outgoing-allowed = Address ranges that outgoing calls may reach although they are private or loopback (a client's `jwks_uri` inside the same network, say).
setting-network-outgoing-http = Whether outgoing calls may use `http` to the ranges of `outgoing_allowed`.
setting-network-outgoing-ports = Ports that outgoing calls may go to besides 80, 443, 8080 and 8443. On this machine itself every port counts as named.
setting-network-outgoing-authorities = PEM file with further certificate authorities that outgoing calls trust.
setting-network-outgoing-timeout-seconds = Seconds that an outgoing call may take, from looking up its name to the end of the answer.

setting-passkeys = Passkeys.
setting-passkeys-related-origins = Other origins at which the passkeys of this server may be used, such as `https://example.kr`: they are told to browsers at `/.well-known/webauthn`.
setting-passkeys-attestation = Which authenticators may make passkeys: `none` asks for no attestation and takes every one; `listed` takes those of `allowed_aaguids` only, whose attestation is verified by `metadata_file`.
setting-passkeys-metadata-file = Entries of the FIDO Metadata Service as JSON: its BLOB, taken apart, or an array of entries.
setting-passkeys-allowed-aaguids = The kinds of authenticators that may make passkeys, by their AAGUIDs.

setting-pages = What people see.
setting-pages-service-name = The name of the service that end-users sign in to.
setting-pages-default-locale = The language of pages where neither the app, the account nor the browser asks for one that Haechi speaks: `en` or `ko`.
setting-pages-support-url = Where end-users can ask for help: a URL or a `mailto:` address, shown on error pages.

setting-log = What is logged.
setting-log-format = `text` or `json`.
setting-log-filter = Which events: a level, or directives such as `info,haechi=debug`.
