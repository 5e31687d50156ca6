# Creating an account.

sign-up-title = Create an account
sign-up-for = to continue to { $app }
sign-up-submit = Create account
sign-up-have = Have an account already?
sign-up-to-sign-in = Sign in
sign-up-off-title = Sign-up is closed
sign-up-off = New accounts are made by an administrator here. If you have one already, sign in.
sign-up-signed-in-title = You are signed in already
sign-up-signed-in = This browser is signed in as { $email }.
sign-up-another = Create another account
