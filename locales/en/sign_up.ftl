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
sign-up-mailed = We have sent a mail to { $email }. Use the link in it in this browser, or type the code here: then you have an account. Both work for an hour.
sign-up-no-mail = Nothing arrives? Look among unwanted mail, and whether the address is right.
sign-up-again = Sign up again
sign-up-link-title = Create your account?
sign-up-link-text = You confirm that { $email } is yours, and have an account with it.
sign-up-elsewhere = It makes an account with { $email }, and only in the browser in which somebody signed up.
sign-up-elsewhere-start = Do you want an account in this browser? Then sign up here. If it was not you who signed up, you need not do anything: there is no account.
sign-up-taken-title = You have an account already
sign-up-taken = There is an account with this address by now. Sign in to it.
sign-up-spent-title = This does not work any more
sign-up-spent = It was used, typed wrongly too often, has expired, or belongs to another browser. There is no account by it: sign up again, or sign in if you have an account.
