# The console: how the server is used, and how it is.

overview-use = How it is used
overview-span = Time span
overview-by-day = 14 days
overview-by-hour = 48 hours
overview-logins = Logins
overview-signed-in = signed in
overview-failed = refused
overview-active = Active people
overview-refusals = Refused requests
overview-refused = refused
overview-throttled = tried too often
overview-tokens = Tokens by app
overview-count = Token responses
overview-others = Others
overview-none = None yet.
overview-table = As a table
overview-health = Health
overview-database = Database
overview-redis = Redis
overview-keys = Signing keys
overview-guessing = Guessing of passwords
overview-attention = Needs attention
overview-mail = Mail
overview-good = works
overview-bad = does not answer
overview-absent = not set up
overview-methods = Logins by method
overview-method = Method
overview-by-password = Password
overview-by-passkey = Passkey
overview-by-mail = Code or link by mail
overview-by-provider = Sign-in providers
overview-needs = What needs attention
overview-needs-nothing = Nothing needs you.
overview-needs-mail = { $n ->
    [one] One mail could not be delivered and was given up.
   *[other] { $n } mails could not be delivered and were given up.
}
overview-needs-answers = { $n ->
    [one] One invitation has not been answered for two days or longer.
   *[other] { $n } invitations have not been answered for two days or longer.
}
overview-needs-app = { $n ->
    [one] A request of { $name } was refused within the last two days.
   *[other] { $n } requests of { $name } were refused within the last two days.
}
overview-needs-secret = { $name } still accepts its old secret beside the new one.
overview-needs-webhook = The webhook { $name } is switched off: it is told nothing.
overview-needs-key = The { $name } key signs for longer than the settings say: it was not rotated.
overview-needs-owner = There is only one owner. A second one can help when the first cannot sign in.
overview-needs-production = { $n ->
    [one] One setting is missing for production.
   *[other] { $n } settings are missing for production.
}
overview-needs-sending = Mail is not set up: nobody can reset a password or be invited by mail.
