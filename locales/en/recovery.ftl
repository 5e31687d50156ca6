# Back in by mail: a forgotten password, and an invitation.

recovery-title = Forgot your password?
recovery-text = Tell us the e-mail address that you sign in with. We mail you a link by which you set a new password.
recovery-submit = Send the link
recovery-to-sign-in = Back to signing in
recovery-sent-title = Look into your mailbox
recovery-sent = If there is an account with this address, we have sent it a link. It works for 30 minutes. If nothing arrives, look among unwanted mail, or ask again later.
recovery-off-title = No new password by mail
recovery-off = This service does not send links for new passwords. Those who run it can help you.
recovery-spent-title = This link does not work any more
recovery-spent = It was used already, has expired, or a newer one took its place. Ask for a new one.
recovery-reset-title = Set a new password
recovery-reset = Everywhere that you are signed in now, you are signed out.
recovery-invited-title = You are invited
recovery-invited = Set a password, and the account is yours.
recovery-invited-any = Set a password or make a passkey, and the account is yours.
recovery-invited-passkey = Make a passkey, and the account is yours.
recovery-back-title = Back into your account
recovery-back = Whoever runs this service lets you back in. Make a passkey: it takes the place of the password, the passkeys and the second factors that the account had.
recovery-reset-submit = Set password
recovery-prepared-title = From here on the account is yours alone
recovery-prepared = Until now nobody had shown that this address is theirs, so somebody else could have made the account with it. What it had before has ended: its password, passkeys, second factors, links to other accounts and sign-ins. What you set up yourself, you can add again in your account.
recovery-prepared-go-on = Continue
