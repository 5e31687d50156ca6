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
policy-verification = Confirm e-mail addresses
policy-verification-hint = People are mailed a link. Where that is before any app, there is no account until they use it, and signing up does not tell who has one. Those who come from a provider that confirmed the address need not do it again.
policy-verification-not-asked = Whoever wants to
policy-verification-when-asked-for = Before an app that asks for the address
policy-verification-before-login = Before any app
policy-no-mail = No mail leaves this server: see the section [mail] of its settings.
policy-domains = Domains
policy-domains-hint = One a line, such as example.com. Domains below it are others.
policy-passwords = Passwords
policy-password-sign-in = Sign in with a password
policy-password-sign-in-hint = Without it people sign in with passkeys and through providers. Somebody who owns the server must be able to: otherwise it cannot be switched off.
policy-passkey-sign-in = Sign in with a passkey
policy-passkey-sign-in-hint = Without it pages offer no passkeys, and none signs in. People keep theirs, and can remove them.
policy-only-passkeys = { $n ->
    [one] One account signs in with a passkey and nothing else.
   *[other] { $n } accounts sign in with a passkey and nothing else.
}
policy-only-passkeys-problem = { $n ->
    [one] One account could not sign in any more. Confirm below that this is meant.
   *[other] { $n } accounts could not sign in any more. Confirm below that this is meant.
}
policy-only-passkeys-confirm = Lock these accounts out
policy-only-passkeys-confirm-hint = They come back by a mailed link that sets a password, where this server mails one, or when passkeys are switched on again.
policy-by-mail = Sign in by mail
policy-by-mail-hint = The login page offers to mail a link and a code of six digits. Whoever reads the mail is in, unless the account has a second factor.
policy-min-chars = Fewest characters of a new password
policy-min-chars-hint = { $n } to 64. Where it is empty, { $n }, as the settings say. Passwords that there are stay.
policy-factors = Two-step verification
policy-factor = Second factor of accounts
policy-factor-hint = A code of an authenticator app, beside the password or the provider. Whoever has one is always asked for it. If it is required, a passkey will do as well, and people with neither add an app the next time that they sign in.
policy-factor-off = Off: nobody can add one
policy-factor-offered = Offered: people can add one
policy-factor-required = Required
policy-factor-administrators = Second factor of administrators
policy-factor-administrators-hint = For every role. The stricter of this, the one above and the settings of the server (accounts.administrators_second_factor) holds. If it is required, the first sign-in goes without.
policy-trust = Days that a browser may be trusted
policy-trust-hint = At most 30; 0 for never. In a trusted browser a person is not asked for the code. Administrators always are.
policy-email-code = Take a mailed code from people without an app
policy-email-code-hint = Where a second factor is required. It is weak: whoever reads the mail has it, so it counts as no second factor for apps, and is never taken from administrators, from who has an app, or after signing in by mail.
policy-sessions-title = Sessions
policy-remember = Let people stay signed in
policy-remember-hint = The login page then asks. Otherwise the browser forgets the session when it is closed.
policy-idle = Hours until an unused session ends
policy-absolute = Hours until every session ends
policy-hours-hint = At most { $n }. Where it is empty, { $n }, as the settings say.
policy-sessions = Most sessions of an account at once
policy-sessions-hint = 1 to 100. With one more, the one that began first ends. Where it is empty, there is no limit.
policy-narrowed = Stricter in the console: { $value }
