# Signing in.

sign-in-title = Sign in
sign-in-for = to continue to { $app }
sign-in-again = Please confirm that it is you
sign-in-again-for = { $app } asks you to sign in once more.
sign-in-submit = Sign in
sign-in-no-account = New here?
sign-in-to-sign-up = Create an account
sign-in-forgotten = Forgot your password?
sign-in-ask-administrator = An administrator of this service can give you a new one.
sign-in-wrong = The e-mail address or the password is not right. Check both and try again.
sign-in-throttled = Too many attempts. Please wait { $wait } and try again. Nothing happened to the account.
sign-in-busy = Many people are signing in right now. Please try again in a few seconds.
sign-in-disabled = This account is disabled. If you think that is a mistake, ask the administrators of this service.
sign-in-no-passwords = People sign in through one of the providers here, not with a password.
sign-in-remember = Stay signed in on this device
