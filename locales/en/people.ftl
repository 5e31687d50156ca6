# The console: people and their accounts.

people-title = People
people-intro = Everybody who has an account here.
people-add = Add a person
people-add-intro = The account can be used at once.
people-create = Create account
people-search = Name or e-mail address
people-state = Status
people-in-group = Group
people-with-role = Role in apps
people-all = All
people-active = active
people-disabled = switched off
people-state-invited = invited
people-administrators = Administrators
people-newest = Newest first
people-oldest = Oldest first
people-by-email = E-mail address
people-nothing = Nobody fits.
people-person = Person
people-roles = Roles
people-roles-hint = What this person may do in this console. Most people need none.
people-since = Since
people-updated = Last changed
people-facts = About this account
people-id = ID (sub)
people-together = With everybody chosen
people-sign-out = Sign out everywhere
people-sign-out-hint = Every session ends, and every app loses its access. The person can sign in again.
people-disable = Switch off
people-enable = Switch on
people-disable-hint = Nobody can sign in to this account, and its sessions and tokens stop working at once. Nothing is deleted.
people-enable-hint = The person can sign in again. What ended stays ended.
people-ask-sign-out = Sign everybody chosen out everywhere?
people-ask-sign-out-one = Sign this person out everywhere?
people-ask-disable = Switch off all chosen accounts? Their sessions and tokens stop working at once.
people-ask-disable-one = Switch this account off? Its sessions and tokens stop working at once.
people-several-done = { $n ->
    [0] Nothing was changed.
    [one] Done for one person.
   *[other] Done for { $n } people.
}
people-several-refused = { $n ->
    [one] One was left as it is: you may not change this account, or it is the last administrator.
   *[other] { $n } were left as they are: you may not change these accounts, or the last administrator is among them.
}
people-verified = The address is confirmed
people-verified-hint = Apps are told so. Tick it only if you know that the address is this person’s.
people-password-first = First password (optional)
people-password-first-hint = Without one the person can sign in through a provider only.
people-access = Sign-in
people-sessions = Sessions
people-sessions-none = Not signed in anywhere.
people-password-since = Set on { $when }.
people-password-none = This account has no password.
people-password-ends = Everything that was signed in with the old one ends.
people-passkey-ends = Removing one signs this person out everywhere.
people-passkey-removed = The passkey is removed, and the person is signed out everywhere.
people-links-none = No account elsewhere is connected.
people-own-app = your own app
people-locale-hint = A language tag such as ko-KR.
people-danger = Take this account away
people-delete = Delete
people-delete-hint = For good. You see first what goes with it.
people-delete-title = Delete { $name }?
people-delete-lost = The account and everything that belongs to it goes for good, at once:
people-delete-apps = { $n ->
    [0] no app has access
    [one] the access of one app
   *[other] the access of { $n } apps
}
people-delete-links = { $n ->
    [0] no account elsewhere is connected
    [one] the connection to one account elsewhere
   *[other] the connections to { $n } accounts elsewhere
}
people-delete-stays = What stays is its ID in the audit log. The address can be used for a new account.
people-done-created = The account was created.
people-done-on = The account is switched on.
people-done-off = The account is switched off.
people-done-password = The new password counts from now on.
people-done-signed-out = Signed out.
people-done-deleted = The account was deleted.
people-import = Import people
people-import-intro = Accounts from another system, with the passwords that they have there. Try it first: nothing is done then.
people-import-rows = Rows
people-import-rows-hint = A table (CSV) with a head of claim names such as email, name, email_verified, password_hash, groups, roles; or an account a line as JSON. Larger files: haechi users import.
people-import-existing = Where an address has an account
people-import-skip = leave it as it is
people-import-update = say what the row says
people-import-refuse = refuse the row
people-import-try = Try it
people-import-take = Make these accounts
people-import-tried = What would happen
people-import-done = What happened
people-import-created = Made
people-import-updated = Changed
people-import-skipped = Left as they are
people-import-refused = Refused
people-import-row = Row
people-import-why = What is wrong
people-import-what = What would be done
people-import-row-created = a new account
people-import-row-updated = the account is changed
people-import-row-skipped = left as it is
people-import-more = { $n ->
    [one] One more row is not shown.
   *[other] { $n } more rows are not shown.
}
people-import-no-column = There is no column { $name }.
people-import-no-column-near = There is no column { $name }. Did you mean { $near }?
people-import-column-missing = The column { $name } is missing.
people-import-columns = The columns that there are: { $names }.
people-import-wrong = This cannot be read: { $why }
people-export = Export people
people-export-hint = Everybody with their profile, without passwords. The audit log says that you did it.
people-export-ready = Press once more: the file is ready.
people-factors-none = No second factor.
people-codes-left = { $n ->
    [0] No recovery codes are left.
    [one] One recovery code is left.
   *[other] { $n } recovery codes are left.
}
people-factors-reset = Reset two-step verification
people-factors-reason-hint = How you know that it is the owner who asks. The audit log keeps it. All factors and recovery codes go, and the account is signed out everywhere.
people-ask-reset-factors = Reset the two-step verification of this account? Make sure first that it is the owner who asks.
people-done-factors = Two-step verification is reset, and the account is signed out everywhere.
people-invite = Invite somebody
people-invite-intro = They get an account and are mailed a link, which works for a week. Whoever uses it sets the password, and by that proves the address.
people-invite-groups-hint = One a line, by its name. They are in these from the beginning.
people-invite-roles-hint = One a line: editor of every app, shop:manager of one.
people-invite-submit = Send invitation
people-invited = The invitation is on its way.
people-invited-since = Invited { $when }. Nobody has accepted yet.
people-invite-again = Send it again
people-invite-withdraw = Withdraw
people-invite-withdrawn = The invitation is withdrawn: its link does nothing any more.
people-reset-link = A link to set a new password
people-reset-link-hint = It is mailed to the address of the account, works for 30 minutes and takes no second factor away. The audit log keeps the reason.
people-reset-reason = Reason
people-reason-hint = How you know that it is the owner who asks, or why it has to be. The audit log keeps it.
people-reset-send = Mail the link
people-reset-sent = The link is on its way.
