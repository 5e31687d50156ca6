# What administrators decide for the whole server.

policy-saved = Saved. It holds for everybody from now on.
policy-sign-in = Sign-in
policy-sign-in-intro = Who may have an account, and how people sign in. What the settings of the server say is the limit: here it can be made stricter, never laxer. A change holds at once on every node, for sessions of before too.
policy-sign-up = New accounts
policy-sign-up-who = Who may make one
policy-sign-up-hint = For the sign-up page and for people who come from a provider. Administrators can always make accounts.
policy-sign-up-open = Everybody
policy-sign-up-domains = People with addresses of certain domains
policy-sign-up-closed = Nobody: administrators make the accounts
policy-closed = The settings of the server close sign-up (accounts.sign_up), so nobody can sign up, whatever is chosen here.
policy-domains = Domains
policy-domains-hint = One a line, such as example.com. Domains below it are others.
policy-passwords = Passwords
policy-password-sign-in = Sign in with a password
policy-password-sign-in-hint = Without it people sign in through providers only. Somebody who owns the server must be able to: otherwise it cannot be switched off.
policy-min-chars = Fewest characters of a new password
policy-min-chars-hint = { $n } to 64. Where it is empty, { $n }, as the settings say. Passwords that there are stay.
policy-sessions-title = Sessions
policy-remember = Let people stay signed in
policy-remember-hint = The login page then asks. Otherwise the browser forgets the session when it is closed.
policy-idle = Hours until an unused session ends
policy-absolute = Hours until every session ends
policy-hours-hint = At most { $n }. Where it is empty, { $n }, as the settings say.
policy-sessions = Most sessions of an account at once
policy-sessions-hint = 1 to 100. With one more, the one that began first ends. Where it is empty, there is no limit.
policy-narrowed = Stricter in the console: { $value }
