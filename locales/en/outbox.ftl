# Mail, in the console.

outbox-title = Mail
outbox-intro = People are told by mail what happens to their accounts, and get back in by it.
outbox-way = How mail leaves
outbox-leaves-not = No mail leaves this server, so people cannot set a forgotten password themselves. Set it up in the section [mail] of the settings.
outbox-leaves-by-smtp = Mail leaves by a mail server.
outbox-leaves-into-console = For development: mail goes nowhere, and is shown here instead.
outbox-server = Mail server
outbox-from = Sender
outbox-count-waiting = { $n ->
    [0] Nothing waits.
    [one] One mail waits.
   *[other] { $n } mails wait.
}
outbox-count-failed = { $n ->
    [0] Nothing was given up.
    [one] One mail was given up.
   *[other] { $n } mails were given up.
}
outbox-test-to = Send a test to
outbox-test = Send a test
outbox-test-taken = The mail server took the test: { $code } { $said }
outbox-test-kept = Nothing is sent anywhere, as mail is shown here. The test could be written down.
outbox-test-refused = The test was not sent: { $code } { $said }
outbox-hint-authentication = The mail server wants another user, password or mechanism: mail.user, mail.password, mail.mechanism.
outbox-hint-address = The mail server does not take mail for this address, or from mail.from.
outbox-hint-later = The mail server asks to come back later.
outbox-hint-reach = Look at mail.host, mail.port and mail.encryption, and whether this machine may connect there.
outbox-outbox = Outbox
outbox-outbox-hint = What is sent is listed for two weeks; what it said is forgotten as soon as it was sent.
outbox-search = Address
outbox-purpose = For
outbox-any = All
outbox-waiting = waits
outbox-failed = given up
outbox-sent = sent
outbox-dropped = dropped
outbox-nothing = No mail
outbox-to = To
outbox-when = Written
outbox-together = With those that are picked:
outbox-retry = Send again
outbox-drop = Drop
outbox-ask-drop = Drop it? What it says is forgotten.
outbox-retried = What had been given up is sent again.
outbox-dropped-done = It is not sent any more.
outbox-unchanged = Nothing was changed: only mail that waits or was given up can be.
outbox-read = Show what it says
outbox-attempts = Attempts
outbox-last = Last attempt
outbox-answer = Answer
outbox-next = Next attempt
outbox-to-person = To the account
outbox-says-hint = Shown as mail goes nowhere but here.
outbox-for-test = A test
outbox-for-verification = To confirm an address
outbox-for-new-address = To confirm a new address
outbox-for-address-changed = Tells of another address
outbox-for-reset = To set a new password
outbox-for-invitation = An invitation
outbox-for-sign-up = To sign up
outbox-for-sign-in = To sign in
outbox-for-code = A code for a login
outbox-for-notice = Tells what happened
