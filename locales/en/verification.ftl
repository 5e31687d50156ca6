# Proving the address of an account.

verification-title = Confirm your e-mail address
verification-for = before you continue to { $app }
verification-text = We mail a link to { $email }. Use it in this browser, or in one in which you are signed in.
verification-sent = We have sent a link to { $email }. Use it in this browser, or in one in which you are signed in.
verification-send = Send the link
verification-send-again = Send it again
verification-go-on = I have confirmed it
verification-other = Not your address? Change it in your account.
verification-link-title = Is this your address?
verification-link-text = Confirm that { $email } is yours.
verification-confirm = Confirm address
verification-sign-in-first = Sign in to your account first, so that we know that it is you who made it.
verification-sign-in = Sign in
verification-take-over = I did not make this account, or cannot sign in to it
verification-take-over-hint = You set a new password. All that somebody else may have prepared goes: who is signed in, and other ways to sign in.
verification-taken-title = The address belongs to another account
verification-taken = Somebody made an account with this address in the meantime. Nothing was changed.
verification-to-account = To my account
verification-undo-title = Take the change back?
verification-undo-text = Your account gets the address { $email } again. Everybody who is signed in to it is signed out, and what was added since is removed, unless it was added by a second factor from before.
verification-undo-confirm = Take it back
verification-undone-title = Your account has its address back
verification-undone = Everybody was signed out. If you did not change the address yourself, somebody may know your password: set a new one now.
verification-undone-action = Set a new password
