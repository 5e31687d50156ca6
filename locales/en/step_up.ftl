# The page that asks for a proof before something is changed.

step-up-title = Confirm that it is you
step-up-text = For your security, confirm { $email } once more to continue. What you entered is kept.
step-up-recovery = A recovery code works as well, once.
step-up-submit = Confirm and continue
step-up-providers = Sign in again with a connected account.
step-up-unable = { $providers } cannot tell us that you signed in there just now, and your account has no password.
step-up-nothing = Your account has no password, and none of its sign-in methods can confirm that it is you.
step-up-ask = Ask an administrator to set a password for your account. With it you can continue here.
step-up-cancel = Cancel
step-up-done-title = Thank you, that is confirmed
step-up-done-text = Nothing has been changed yet. Continue with what you started.
step-up-go-on = Continue
