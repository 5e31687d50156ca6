# The console: the first run, and what a server needs in production.

setup-title = Check the setup
setup-way = The way to your first login
setup-step-account = You
setup-step-server = This server
setup-step-app = First app
setup-step-login = First login
setup-all-good = Everything that can be seen from here is in order.
setup-to-mend = { $n ->
    [one] One thing is worth a look. Everything else is in order.
   *[other] { $n } things are worth a look. Everything else is in order.
}
setup-ok = in order
setup-warn = worth a look
setup-fail = to mend
setup-again = Check again
setup-later = Later
setup-to-app = Register the first app
setup-doctor = The same where the server runs:
setup-issuer = Issuer
setup-listen = Address it listens at
setup-descriptors = Connections
setup-database = Database
setup-redis = Redis
setup-keys = Key-encryption key
setup-tls-key = TLS key
setup-signing = Signing keys
setup-claimed = Administrator
setup-reached = Reached at its issuer
setup-proxy = Proxy
setup-host = Host name
setup-request = This request
setup-clock = Clocks
setup-mail = Mail
setup-expired = Expired data
setup-guessing = Password guessing
setup-production = Production settings
setup-production-intro = What this server still needs before people rely on it, and its settings to take along.
setup-production-ready = Nothing is missing.
setup-toml-hint = For a server that reads a file. Put your own names in the place of the examples.
setup-helm-hint = For the Helm chart in charts/haechi. Secrets are in the Secret that it names.
setup-needs-issuer = An https issuer
setup-needs-issuer-hint = Tokens name the issuer, and apps compare it: choose the name that stays before apps are set up.
setup-needs-proxies = Trusted proxies
setup-needs-proxies-hint = TLS ends in front of this server. Only when it knows the proxy’s address does it see where requests come from.
setup-needs-database = PostgreSQL
setup-needs-database-hint = A SQLite file is good for one node. Several nodes share PostgreSQL.
setup-needs-redis = Redis
setup-needs-redis-hint = Several nodes share sessions and limits there. One node does without.
setup-needs-key = A key-encryption key of its own
setup-needs-key-hint = It lies beside the database in a file. Who has both can read the signing keys: take it from the environment, and keep a copy elsewhere.
setup-needs-support = Where people ask for help
setup-needs-support-hint = Error pages link to it (pages.support_url).
setup-needs-log = A log for programs
setup-needs-log-hint = log.format = "json" is what log collectors read.
setup-download = Download
