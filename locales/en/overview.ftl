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
