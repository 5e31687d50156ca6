# Signing in by mail, and a mailed code as the second step.

by-mail-offer = E-mail me a sign-in link
by-mail-no-address = Type the e-mail address of your account. We send the link there.
by-mail-title = Look into your mailbox
by-mail-text = If { $email } has an account here, we have sent it a mail. Use the link in it in this browser, or type the code here. Both work for ten minutes.
by-mail-code = Code from the mail
by-mail-code-hint = Six digits
by-mail-code-wrong = That code is not right. Look at the newest mail and try again.
by-mail-code-throttled = Too many wrong codes. Please wait { $wait } and try again, or use the link in the mail. Nothing happened to the account.
by-mail-code-spent = It was used, typed wrongly too often, or has expired, or a newer mail took its place. Ask for a new one.
by-mail-spent-title = This code does not work any more
by-mail-again = Send another mail
by-mail-link-title = Sign in?
by-mail-link-text = You sign in to the account of { $email }.
by-mail-link-submit = Sign in as { $email }
by-mail-elsewhere-title = This link belongs to another browser
by-mail-elsewhere = It signs in to the account of { $email }, and only in the browser in which somebody asked for it.
by-mail-elsewhere-code = Was it you? Then go back to that browser and type the six digits from the mail there.
by-mail-elsewhere-start = Do you want to sign in in this browser? Then ask for a link here.
by-mail-elsewhere-action = Sign in in this browser
by-mail-second-text = We have sent a code to { $email }. It works for ten minutes.
by-mail-to-app = Set up an app instead
by-mail-code-instead = E-mail me a code instead
