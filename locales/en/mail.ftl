# Mail that people get.

mail-foot = You get this mail as { $address } has an account at { $service }. Nobody reads answers to it.
mail-foot-sign-up = You get this mail as somebody signed up at { $service } with { $address }. Nobody reads answers to it.
mail-or-copy = If the button does not work, copy this address into your browser:
mail-lasts-minutes = { $n ->
    [one] The link works once, for one minute.
   *[other] The link works once, for { $n } minutes.
}
mail-lasts-hours = { $n ->
    [one] The link works once, for one hour.
   *[other] The link works once, for { $n } hours.
}
mail-lasts-days = { $n ->
    [one] The link works once, for one day.
   *[other] The link works once, for { $n } days.
}
mail-sign-in-lasts = { $n ->
    [one] Link and code work once, for one minute.
   *[other] Link and code work once, for { $n } minutes.
}
mail-code-lasts = { $n ->
    [one] The code works once, for one minute.
   *[other] The code works once, for { $n } minutes.
}
mail-code-secret = Nobody of this service ever asks you for it. Type it only on the page that asks for it.
mail-code-not-me = If that was not you, somebody knows your password: set another one.
mail-held-back-advice = If that was you, wait a quarter of an hour. If not, you need not do anything, as long as your password is one that nobody guesses.
mail-not-me = If it was not you who asked for it, you need not do anything.
mail-ask-for-help = If you did not expect this, ask those who run the service.
mail-was-it-you = If that was not you, set another password at once, and look where you are signed in.
mail-by-administrator = An administrator of the service did this.
mail-to-security = Look at my account
mail-fact-when = When
mail-fact-from = From
mail-fact-address = New address
mail-test-subject = { $service }: mail arrives
mail-test = This mail was sent to see whether mail from { $service } arrives. It does.
mail-verify-subject = { $service }: confirm your e-mail address
mail-verify = Please confirm that this address is yours. Then { $service } can tell you what happens to your account, and help you back in when you forget your password.
mail-verify-action = Confirm address
mail-new-address-subject = { $service }: confirm your new e-mail address
mail-new-address = You want to use this address for your account at { $service }. Please confirm that it is yours. Until then the old one stays.
mail-new-address-action = Use this address
mail-address-changed-subject = { $service }: your account has another address
mail-address-changed = Your account at { $service } is signed in to by another e-mail address from now on, and no longer by this one.
mail-address-changed-action = Take it back
mail-address-changed-undo = { $n ->
    [one] If that was not you, you can take it back for one day: your account gets this address again, and everybody is signed out.
   *[other] If that was not you, you can take it back for { $n } days: your account gets this address again, and everybody is signed out.
}
mail-reset-subject = { $service }: set a new password
mail-reset = Somebody, probably you, asked for a new password for your account at { $service }. As soon as you set one, you are signed out everywhere else.
mail-reset-by-administrator = An administrator of { $service } sends you this link, so that you can set a new password for your account. As soon as you set one, you are signed out everywhere else.
mail-reset-action = Set a new password
mail-invitation-subject = { $service }: you are invited
mail-invitation = An administrator of { $service } made an account for you. Choose how you sign in, and it is yours.
mail-invitation-action = Accept
mail-sign-up-subject = { $service }: confirm your e-mail address
mail-sign-up = Somebody, probably you, wants an account at { $service } with this address. Use the link in the browser in which you signed up: then there is an account, and not before.
mail-sign-up-action = Confirm address
mail-sign-up-code = Are you reading this on another device? Then type this code where you signed up:
mail-sign-up-taken-subject = { $service }: you have an account already
mail-sign-up-taken = Somebody, probably you, wanted a new account at { $service } with this address. It has one already, so none was made, and nothing of yours was changed. Sign in to the one that you have.
mail-sign-up-taken-forgot = If you do not know how any more, the page on which you sign in helps you to a new password.
mail-sign-in-subject = { $service }: sign in
mail-sign-in = Somebody, probably you, wants to sign in to { $service } by this address. Use the link in the browser in which you asked for it.
mail-sign-in-action = Sign in
mail-sign-in-code = Are you reading this on another device? Then type this code where you want to sign in:
mail-code-subject = { $service }: your code
mail-code = Type this code to continue signing in to { $service }:
mail-password-changed-subject = { $service }: your password was changed
mail-password-changed = Your account at { $service } has another password. Everybody who was signed in has been signed out.
mail-password-reset-subject = { $service }: your password was set anew
mail-password-reset = A new password for your account at { $service } was set by a link that was sent to this address. Everybody who was signed in has been signed out.
mail-link-added-subject = { $service }: another way to sign in
mail-link-added = An account elsewhere can be used to sign in to your account at { $service } from now on.
mail-link-removed-subject = { $service }: one way less to sign in
mail-link-removed = An account elsewhere can no longer be used to sign in to your account at { $service }.
mail-passkey-added-subject = { $service }: a passkey was added
mail-passkey-added = A passkey was added to your account at { $service }. It can be used to sign in from now on.
mail-passkey-removed-subject = { $service }: a passkey was removed
mail-passkey-removed = A passkey was removed from your account at { $service }, and the account was signed out everywhere else.
mail-passkey-suspected-subject = { $service }: a passkey was refused
mail-passkey-suspected = Somebody tried to sign in to your account at { $service } with one of your passkeys, and it was refused because a copy of it may be in use elsewhere. Remove that passkey.
mail-factor-added-subject = { $service }: two-step verification was set up
mail-factor-added = An authenticator app was added to your account at { $service }. Signing in asks for its code from now on.
mail-factor-removed-subject = { $service }: an authenticator app was removed
mail-factor-removed = An authenticator app was removed from your account at { $service }.
mail-factors-reset-subject = { $service }: two-step verification was reset
mail-factors-reset = The two-step verification of your account at { $service } was reset. No code is asked for until you set it up again.
mail-recovery-code-used-subject = { $service }: a recovery code was used
mail-recovery-code-used = A recovery code was used to sign in to your account at { $service }.
mail-recovery-codes-renewed-subject = { $service }: new recovery codes
mail-recovery-codes-renewed = New recovery codes were made for your account at { $service }. Those from before do not work any more.
mail-recovered-subject = { $service }: your account was recovered
mail-recovered = Whoever runs { $service } let you back into your account: its password, its passkeys and its two-step verification are replaced.
mail-prepared-ended-subject = { $service }: what your account had before has ended
mail-prepared-ended = Somebody proved by a mail to this address that the account at { $service } is theirs. Nobody had shown that before, so anybody could have made the account with your address. What it had before has ended: its password, passkeys, second factors, links to other accounts and sign-ins. What you set up yourself, you can add again in your account.
mail-address-restored-subject = { $service }: your account has its address back
mail-address-restored = A change of the address of your account at { $service } was taken back. Everybody who was signed in has been signed out. If you think that somebody else changed it, set a new password now.
mail-disabled-subject = { $service }: your account was disabled
mail-disabled = Nobody can sign in to your account at { $service } for now.
mail-enabled-subject = { $service }: your account works again
mail-enabled = You can sign in to your account at { $service } again.
mail-signed-out-subject = { $service }: you were signed out everywhere
mail-signed-out = Everybody who was signed in to your account at { $service } has been signed out. You can sign in again.
mail-new-sign-in-subject = { $service }: a new sign-in
mail-new-sign-in = Somebody signed in to your account at { $service } in a browser that was not used for it before.
mail-passwords-held-back-subject = { $service }: many wrong passwords
mail-passwords-held-back = Somebody typed wrong passwords for your account at { $service } again and again. We hold them back. Nothing happened to the account, and in the browsers that you use you can sign in as ever.
mail-codes-held-back-subject = { $service }: many wrong codes
mail-codes-held-back = Somebody typed wrong codes for the two-step verification of your account at { $service } again and again. We hold them back. They got so far because they know your password, or have another of your ways to sign in.
mail-deleted-subject = { $service }: your account was deleted
mail-deleted = Your account at { $service } is gone, and with it all that was stored about you. Nobody can bring it back.
