# The account and its sections.

account-title = Your account
account-person = { $name }
account-profile = Profile
account-verified = confirmed
account-unverified = not confirmed
account-since = Member since
account-save = Save
account-saved = Saved.
account-password = Password
account-password-current = Current password
account-password-new = New password
account-password-submit = Change password
account-password-note = When you change it, you are signed out everywhere else.
account-password-changed = Your password is changed. Everywhere else you are signed out.
account-sessions = Where you are signed in
account-this-browser = this browser
account-session-since = since { $when }
account-session-used = last used { $when }
account-session-from = from { $network }
account-browser-unknown = A program that does not say what it is
account-sign-out = Sign out
account-sign-out-elsewhere = Sign out everywhere else
account-sign-out-everywhere = Sign out everywhere
account-apps = Apps with access
account-apps-empty = No app has access yet.
account-app-withdraw = Withdraw access
account-withdrawn = The access is withdrawn.
account-links = Connected accounts
account-links-note = Accounts elsewhere that you can sign in with.
account-links-empty = None is connected yet.
account-links-add = Connect another one
account-link-used = last used { $when }
account-link-remove = Remove
account-link-remove-of = Remove { $provider }
account-link-last = Your only sign-in method
account-linked = The account is connected. You can sign in with it from now on.
account-already-linked = That account is connected to yours already.
account-linked-elsewhere = That account is connected to another account here. Nothing was changed.
account-proof-ended = It took too long to come back. Please connect the account once more.
account-unlinked = The connection was removed.
account-last-way-in = This is your only sign-in method, so it was kept. Connect another account or set a password first.
account-password-none = Your account has no password yet. With one you can sign in even when a provider is unavailable.
account-password-set = Set password
account-unlink-title = Remove { $provider } and sign out?
account-unlink-text = You signed in here with { $provider }. If you remove it, you are signed out here and everywhere else where you signed in with it. Your account stays, and you can sign in to it another way.
account-unlink-keep = Keep it
account-overview = Overview
account-security = Sign-in and security
account-language = Language
account-data = Your data
account-who = About this account
account-role = Role
account-attention = Needs your attention
account-provider-off = { $provider } is switched off here, so you cannot sign in with it at the moment.
account-only-administrator = You are the only administrator of this server. If you lose access, nobody can administer it in the browser. Make a second one.
account-only-owner = You are the only owner of this server. Make another administrator an owner too, so that you are not locked out.
account-places = Where to find what
account-profile-what = Name, picture, and what else apps may learn
account-security-what = E-mail address, password and connected accounts
account-sessions-what = { $n ->
    [one] Signed in on one browser
   *[other] Signed in on { $n } browsers
}
account-apps-what = { $n ->
    [0] No app has access
    [one] One app has access
   *[other] { $n } apps have access
}
account-data-what = Download it, or delete your account
account-profile-note = Apps see of this only what you allow them.
account-email-note = You sign in with it. An administrator can change it.
account-email-note-own = You sign in with it. What happens to your account is mailed to it.
account-address-verify = Mail me a link to confirm it
account-address-new = Another address
account-address-submit = Use another address
account-address-asked = We sent a link to the new address. Until you use it, you sign in with the old one.
account-address-mailed = We sent a link to your address. Use it to confirm that the address is yours.
account-address-proved = Your address is confirmed.
account-address-same = That is your address already.
account-language-note = The language of our pages and e-mails. It goes before the language that an app asks for.
account-sessions-note = If you do not recognize one of these, sign it out and change your password.
account-session-device = { $program } on { $system }
account-session-ended = That browser is signed out.
account-sessions-ended = You are signed out everywhere but here.
account-sessions-all = Sign out in one go
account-sessions-all-note = Ends your other sign-ins and all access that apps have now. Apps will ask you to sign in again.
account-apps-note = An app that loses its access can no longer see or do anything in your name, at once. When you use it again, it asks you again; our own apps need not ask.
account-app-own = our own
account-app-since = since { $when }
account-download = Download your data
account-download-note = A JSON file with your profile, sign-ins, connected accounts, what you allowed apps, and what the audit log says about you. It has no passwords or tokens in it.
account-download-submit = Download
account-download-ready = Thank you, that is confirmed. Now press “Download”.
account-delete = Delete your account
account-delete-note = For good. The next page says what goes with it, and asks once more.
account-delete-go = Delete account …
account-delete-title = Delete your account?
account-delete-text = This takes effect at once and cannot be undone.
account-delete-goes = What goes with it
account-delete-profile = Your profile, your password, and the address, which another account may use from then on
account-delete-sessions = { $n ->
    [one] Your sign-in in this browser
   *[other] Your sign-ins in { $n } browsers
}
account-delete-apps = { $n ->
    [0] The access of apps: none has any now
    [one] The access of one app
   *[other] The access of { $n } apps
}
account-delete-links = { $n ->
    [0] Connected accounts: there are none
    [one] The connection to one account elsewhere
   *[other] The connections to { $n } accounts elsewhere
}
account-delete-stays = What stays
account-delete-stays-text = The audit log keeps what happened, under the id of your account and without your name or address. What apps stored about you is theirs: ask them to delete it.
account-delete-type = To confirm, type { $email }
account-delete-other-address = That is not the address of this account.
account-delete-submit = Delete for good
account-delete-cancel = Keep the account
account-delete-last-administrator = You are the only administrator of this server, so this account cannot be deleted. Make another account an administrator first.
account-delete-last-owner = You are the only owner of this server, so this account cannot be deleted. Make another account an owner first.
