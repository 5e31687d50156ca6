# The first administrator.

claim-title = Become the administrator
claim-intro = This makes you the first administrator of this server. The link works once.
claim-as = Make { $email } the administrator
claim-new = With another account
claim-have-account = You have an account here already?
claim-to-sign-in = Sign in first
claim-password-wrong = There is an account with this address, and this is not its password.
claim-submit = Become administrator
claim-spent-title = This link no longer works
claim-spent = It has expired, or a newer link took its place. Run “haechi claim” where the server runs: it prints a fresh one.
claim-claimed-title = This server has its administrator
claim-claimed = The link was used, or an administrator was made in another way. Sign in with an administrator’s account. “haechi users create --administrator” makes another one.
claim-to-console = To the administration
