# What people read. Every key is used, and is in every language: a test says so.

## Around every page
skip = Skip to the content
languages = Language
help = Get help
show = Show
hide = Hide
back-to = Back to { $app }

## Sign in
login-title = Sign in
login-for = to continue to { $app }
login-again = Please confirm that it is you
login-again-for = { $app } asks you to sign in once more.
email = E-mail address
password = Password
login-submit = Sign in
login-no-account = New here?
login-to-signup = Create an account
login-wrong = The e-mail address or the password is not right. Check both and try again.
login-throttled = Too many attempts. Please wait { $wait } and try again. Nothing happened to the account.
login-busy = Many people are signing in right now. Please try again in a few seconds.
login-disabled = This account is switched off. Ask whoever runs this service if you think that is a mistake.
wait-seconds = { $n ->
    [one] { $n } second
   *[other] { $n } seconds
}
wait-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}

## Ways in from elsewhere: the words are those that each provider's brand rules allow, so some are the same for signing up
upstream-or = or
upstream-more = More ways
upstream-google = Sign in with Google
upstream-google-sign-up = Sign up with Google
upstream-apple = Sign in with Apple
upstream-apple-sign-up = Sign up with Apple
upstream-kakao = Login with Kakao
upstream-kakao-sign-up = Login with Kakao
upstream-naver = Log in with NAVER
upstream-naver-sign-up = Log in with NAVER
upstream-line = Log in with LINE
upstream-line-sign-up = Log in with LINE
upstream-github = Sign in with GitHub
upstream-github-sign-up = Sign up with GitHub
upstream-gitlab = Sign in with GitLab
upstream-gitlab-sign-up = Sign up with GitLab
upstream-microsoft = Sign in with Microsoft
upstream-microsoft-sign-up = Sign in with Microsoft
upstream-facebook = Log in with Facebook
upstream-facebook-sign-up = Continue with Facebook
upstream-x = Sign in with X
upstream-x-sign-up = Sign up with X
upstream-linkedin = Sign in with LinkedIn
upstream-linkedin-sign-up = Sign in with LinkedIn
upstream-discord = Log in with Discord
upstream-discord-sign-up = Sign up with Discord
upstream-slack = Sign in with Slack
upstream-slack-sign-up = Sign up with Slack
upstream-twitch = Log in with Twitch
upstream-twitch-sign-up = Sign up with Twitch
upstream-other = Sign in with { $label }
upstream-other-sign-up = Sign up with { $label }

## Sign up
signup-title = Create an account
signup-for = to continue to { $app }
name = Name
name-hint = What apps will call you.
password-new = Password
password-hint = At least { $min } characters. A few words in a row are easy to remember and hard to guess.
signup-submit = Create account
signup-have = Have an account already?
signup-to-login = Sign in
signup-off-title = Sign-up is closed
signup-off = New accounts are made by an administrator here. If you have one already, sign in.
problem-email = That does not look like an e-mail address.
problem-email-taken = There is an account with this address already. Sign in instead, or use another address.
problem-name = Please enter a name of at most { $max } characters, without line breaks.
problem-password-short = Use at least { $min } characters.
problem-password-long = Use at most { $max } characters.
problem-password-common = This password is on the lists that attackers try first. Please choose another.
problem-password-identity = The password contains your name or address. Please choose another.
problem-password-wrong = That is not your current password.
problem-password-characters = The password contains characters that cannot be typed everywhere.
problem-throttled = Too many attempts. Please wait { $wait } and try again.
problem-busy = The server is busy. Please try again in a few seconds.
problem-summary = Please look at the marked fields.

## Consent
consent-title = { $app } asks for access
consent-intro = If you allow it, { $app } will be able to:
consent-openid = Know that it is you
consent-openid-hint = A number that stands for you, and when you signed in
consent-profile = See your profile
consent-profile-hint = Your name, picture and what else you filled in
consent-email = See your e-mail address
consent-email-hint = { $email }
consent-address = See your postal address
consent-address-hint = As far as you filled it in
consent-phone = See your phone number
consent-phone-hint = As far as you filled it in
consent-offline_access = Stay connected while you are away
consent-offline_access-hint = Until you withdraw it in your account
consent-other = Use “{ $scope }”
consent-other-hint = A permission that { $app } defines
consent-nothing = Nothing but the fact that you have an account
consent-allow = Allow
consent-deny = Do not allow
consent-where = You will return to
consent-signed-in = Signed in as { $email }
consent-not-you = Not you?
consent-policy = Privacy policy
consent-terms = Terms of service

## Choose an account
select-title = Choose an account
select-for = to continue to { $app }
select-other = Use another account

## Sign out
logout-title = Sign out?
logout-ask = You are signed in as { $email }. Signing out here also ends what apps keep open with this sign-in.
logout-ask-app = { $app } asks to sign you out. You are signed in as { $email }.
logout-submit = Sign out
logout-stay = Stay signed in
signed-out-title = You are signed out
signed-out = It is safe to close this window. Apps may keep a session of their own for a while.
signed-out-again = Sign in again

## Account
account-title = Your account
account-profile = Profile
account-verified = confirmed
account-unverified = not confirmed
account-administrator = administrator
account-since = Member since
account-language = Language of pages and e-mail
account-save = Save
account-saved = Saved.
account-password = Password
account-password-current = Current password
account-password-new = New password
account-password-submit = Change password
account-password-note = Everywhere else you will be signed out.
account-password-changed = Your password is changed. Everywhere else you are signed out.
account-sessions = Where you are signed in
account-this-browser = this browser
account-session-since = since { $when }
account-sign-out = Sign out
account-sign-out-everywhere = Sign out everywhere
account-apps = Apps with access
account-apps-empty = No app has asked for access yet.
account-app-withdraw = Withdraw access
account-withdrawn = The access is withdrawn.

## First administrator
claim-title = Claim this server
claim-intro = You are about to become the first administrator of this server. The link works once.
claim-submit = Become administrator
claim-spent-title = This link no longer works
claim-spent = It was used, or it has expired, or the server has an administrator already. Whoever runs the server can print a fresh one with “haechi claim” while nobody has claimed it.

## Returning to the app
post-title = Returning to { $app }
post-body = If nothing happens, press the button.
post-submit = Continue

## Problems: what happened, and what to do
error-code = Error
error-request = Request
error-detail = For the app's developer
error-retry = Please try again in { $wait }.
error-go-on = Go on
error-home = To the start page
unknown-client-title = This app is not known here
unknown-client = The app that sent you here is not registered with this service, or no longer is. Go back to the app; if it happens again, tell the people who make it.
redirect-uri-title = The app asked for a wrong return address
redirect-uri = For your safety you are not sent to an address that the app did not register. Go back to the app; if it happens again, tell the people who make it.
bad-request-title = This request makes no sense
bad-request = Something in the address or the form is not as it should be. Go back to the app and begin again.
flow-gone-title = This sign-in has ended
flow-gone = It took too long, or it was finished already, perhaps in another tab. Go back to the app and begin again; what you did is not lost.
other-browser-title = This sign-in belongs to another browser
other-browser = For your safety a sign-in ends in the browser it began in. Go back to the app in this browser and begin again.
stale-form-title = This page was open for too long
stale-form = The form no longer fits this browser, for example because cookies were cleared or another site sent it. Nothing was changed. Go back, reload the page, and try again.
forbidden-title = This is not for you
forbidden = Your account may not do this.
not-found-title = There is nothing here
not-found = The address is mistyped, or the page has moved.
method-not-allowed-title = This page is not used in this way
method-not-allowed = Go back and use the page's own buttons.
timeout-title = That took too long
timeout = The connection was too slow. Please try again.
too-large-title = That was too much
too-large = What was sent is larger than anything we need. Please try again with less.
unsupported-media-type-title = This cannot be read
unsupported-media-type = What was sent is not a form. Go back and use the page's own buttons.
wrong-host-title = This is the wrong address
wrong-host = The server is reached by another name. Go back to the app and begin again.
throttled-title = Too many requests
throttled = There were too many requests from your network. Nothing is lost.
unavailable-title = We will be right back
unavailable = A part of this service is away for a moment. Nothing is lost.
internal-title = Something broke on our side
internal = It is not your fault, and it is in our log. Please try again; if it happens again, tell whoever runs this service the request number below.

## Coming back from elsewhere, and connected accounts
upstream-provider = the provider
upstream-other-ways = Other ways to sign in
upstream-refused-title = You did not agree at { $provider }
upstream-refused-text = Nothing was passed on to us, and nothing has changed here. You can try again, or sign in another way.
upstream-outage-title = { $provider } is not answering
upstream-outage-text = The provider could not be reached just now. Please try again in a moment, or sign in another way.
upstream-failed-title = Signing in with { $provider } did not work
upstream-failed-text = The answer that we got could not be used, so you were not signed in. Please try again, or sign in another way.
upstream-over-title = This sign-in is over
upstream-over-text = It took too long, or its answer was used already. Please start again.
upstream-other-browser-title = This sign-in began in another browser
upstream-other-browser-text = For your safety it can only be finished where it began. Go back to that browser, or start again here.
upstream-no-connection-title = This way in is closed
upstream-no-connection-text = Signing in this way has been switched off. Please use another way.
upstream-no-account-title = There is no account here for you yet
upstream-no-account-text = { $provider } knows you, but no account here is connected to it, and none is made this way. Sign in with the account that you have, and connect the two in your account settings.
upstream-other-domain-title = This account is not allowed in here
upstream-other-domain-text = Only people with a verified address of certain organizations may sign in with { $provider }. Try another account, or another way.
upstream-disabled-title = This account is switched off
upstream-disabled-text = An administrator switched the account off. Please ask them for help.
upstream-not-the-owner-title = That is another account
upstream-not-the-owner-text = You did sign in with { $provider }, but it is not connected to the account that was asked for. Nothing was changed.
upstream-throttled-title = Too many new accounts
upstream-throttled-text = Many accounts were made from your network in a short time. Please try again later.
upstream-confirm-title = You already have an account
upstream-confirm-text = An account here uses { $email }. Prove that it is yours, and from then on you can sign in to it with { $provider } too.
upstream-confirm-password = Password of your account here
upstream-confirm-wrong = That is not the password of this account.
upstream-confirm-submit = Connect and sign in
upstream-confirm-others = A provider that is already connected to the account will do too.
upstream-email-title = What is your e-mail address?
upstream-email-text = { $provider } did not tell us your address. We need one for your new account.
upstream-email-submit = Continue
account-links = Connected accounts
account-links-note = Accounts elsewhere that you can sign in with.
account-links-empty = None is connected yet.
account-links-add = Connect another one
account-link-used = last used { $when }
account-link-remove = Remove
account-link-remove-of = Remove { $provider }
account-link-last = Your only way in
account-linked = The account is connected. You can sign in with it from now on.
account-already-linked = That account is connected to yours already.
account-linked-elsewhere = That account is connected to another account here. Nothing was changed.
account-unlinked = The connection was removed.
account-last-way-in = This is your only way to sign in, so it was kept. Connect another account or set a password first.
problem-sign-in-again = For your safety, sign out, sign in again and then set the password.
account-password-none = Your account has no password yet. With one you can sign in even when a provider is away.
account-password-set = Set password
signed-out-there = You may still be signed in at { $provider }.
signed-out-there-action = Sign out of { $provider } too

## Console: connections to upstream providers
copy = Copy
copied = Copied
account-to-connections = Sign-in providers
admin-confirm = Confirm that it is you
admin-confirm-hint = It has been a while since you signed in here.
admin-confirm-needed = Please type your password once more: it has been a while since you signed in.
admin-confirm-elsewhere = It has been a while since you signed in here, and your account has no password. Sign out, sign in again, and come back.
connections-title = Sign-in providers
connections-where = Where you are
connections-intro = People can sign in with an account that they have elsewhere. The buttons stand in this order.
connections-empty = No provider is set up yet. People sign in with their e-mail address and password.
connections-add = Add a provider
connections-choose = Choose a provider
connections-choose-intro = If yours is not here, nearly every other one speaks OpenID Connect.
connections-new = New: { $name }
connections-create = Create
connections-create-hint = It begins switched off. Try it out first, then switch it on.
connection-created = Created, and still switched off. Try it out, then switch it on.
connection-is-on = Switched on. The button is on the sign-in page now.
connection-is-off = Switched off. Nobody signs in with it until it is on again.
connection-moved = The order is changed.
connection-rotated = The new secret is in use.
connection-deleted = The connection is deleted.
connection-on = on
connection-off = off
connection-switch-on = Switch on
connection-switch-off = Switch off
connection-signs-up = sign-up allowed
connection-login-only = login only
connection-up = Move { $name } up
connection-down = Move { $name } down
connection-not-yet = It cannot be switched on yet. Please look at the marked fields.
connection-redirect = Redirect URI
connection-redirect-hint = Enter it at the provider, to the letter. Some call it callback URL.
connection-console = Open the developer console of { $name }
connection-there = At the provider
connection-there-hint = Register an app there, and give it this redirect URI.
connection-here = What the provider gave you
connection-settings = Settings
connection-slug = Name in addresses
connection-slug-hint = Part of the redirect URI, so it never changes. Lower-case letters, digits and hyphens.
connection-client-id = Client ID
connection-secret = Client secret
connection-key = Private key (content of the .p8 file)
connection-secret-hint = Kept sealed. Nobody can see it again, not even you.
connection-secret-keep = Leave it empty to keep the one there is. It has to be entered again when an address above changes.
connection-secret-since = Set on { $when } UTC
connection-secret-old = The one before is tried too until { $when } UTC
connection-secret-none = There is none yet, so the connection cannot be switched on.
connection-rotate = Replace secret
connection-rotate-intro = Make a second secret at the provider, enter it here, and delete the old one there later. While both count, nobody notices the change.
connection-grace = The old secret is tried too
connection-grace-none = no longer, from now on
connection-grace-hours = { $n ->
    [1] for 1 hour
   *[other] for { $n } hours
}
connection-grace-days = { $n ->
    [1] for 1 day
   *[other] for { $n } days
}
connection-people = People
connection-label = Label
connection-label-hint = What the button calls the provider. Empty: its own name, worded by its brand rules.
connection-sign-up = People may make an account with it
connection-sign-up-hint = Otherwise it is only for people who have an account here and link it.
connection-allowed = Only these e-mail domains
connection-allowed-hint = Separated by spaces. Empty: everybody. Only addresses whose verification counts get through.
connection-routed = Domains that are sent here
connection-routed-hint = Who types an address of one of these domains goes to this provider at once.
connection-trust = Trust the provider's e-mail verification
connection-trust-hint = An address that the provider calls verified then counts as verified here. Tick it only where the provider checks every address itself: whoever can write any address there could otherwise pass for somebody else. It never opens an account that exists.
connection-roles = New accounts administer this server
connection-roles-hint = Only for your own organization: needs allowed domains and a trusted verification.
connection-mapping = What is asked for, and where it is found
connection-mapping-hint = Names of claims, or JSON pointers such as /account/email. Empty: where this provider has it.
connection-scopes = Scopes
connection-scopes-hint = Separated by spaces. Empty: the usual ones.
connection-advanced = More
connection-algorithms = Algorithms of ID tokens
connection-algorithms-hint = Separated by spaces. Empty: what is usual for this provider.
connection-keep = Keep the provider's tokens
connection-keep-hint = Sealed, with each link. Tick it only if something uses them.
connection-private = The provider is in a private network
connection-private-hint = Lets calls go to private and loopback addresses.
connection-cancel = Cancel
connection-delete = Delete
connection-delete-title = Delete { $name }?
connection-delete-lost = Their accounts stay. Whoever has neither a password nor another provider linked cannot sign in any more. This cannot be undone.
connection-links = { $n ->
    [0] Nobody is linked through it.
    [1] One link of a person is deleted with it.
   *[other] { $n } links of people are deleted with it.
}
connection-setting-issuer = Issuer
connection-setting-tenant = Directory (tenant) ID
connection-setting-team = Team ID
connection-setting-key = Key ID
connection-setting-authorization = Authorization endpoint
connection-setting-token = Token endpoint
connection-setting-profile = Profile endpoint
connection-field-subject = Who it is (for ever)
connection-field-tenant = Tenant
connection-field-verified = E-mail verified
connection-field-hosted = Hosted domain
connection-field-relay = Relay address
connection-field-given = Given name
connection-field-family = Family name
connection-field-picture = Picture
connection-field-locale = Language
connection-problem-missing = This is needed.
connection-problem-text = Please enter it as the provider shows it: printable characters, without spaces around them.
connection-problem-label = Please use at most 60 characters, without line breaks.
connection-problem-slug = Please use 1 to 40 lower-case letters, digits and hyphens, with no hyphen at either end.
connection-problem-slug-taken = Another connection has this name.
connection-problem-unknown = This does not belong to this provider.
connection-problem-url = Please enter a full address such as https://idp.example.com.
connection-problem-https = The address must begin with https://.
connection-problem-issuer = Please enter the issuer as the provider's discovery document writes it.
connection-problem-tenant = Please enter the ID of the directory, such as 6babcaad-604b-40ac-a9d7-9fd97c0b779f.
connection-problem-ten = It has ten letters and digits.
connection-problem-scope = A scope cannot have these characters.
connection-problem-openid = The scope openid is needed.
connection-problem-pointer = Please enter the name of a claim, or a JSON pointer such as /account/email.
connection-problem-subject = People must not be told apart by something that can change hands, such as an address.
connection-problem-domain = Please enter domains such as example.com.
connection-problem-routed = Another connection has one of these domains.
connection-problem-roles = First limit sign-up to domains of yours and trust the provider's e-mail verification.
connection-problem-algorithm = There is no algorithm { $name } here.
connection-problem-algorithms = These algorithms do not go together here.
connection-problem-many = That is too much.
connection-problem-key = That is not the content of a .p8 file with a private key.
connection-problem-again = The connection leads elsewhere now. Please enter the secret again.
connection-problem-linked = People are linked, so this cannot change. Make another connection instead.
connection-problem-stale = Somebody else changed this connection in the meantime. Reload the page and try again.
connection-test = Test
connection-tested = Test of { $name }
connection-test-again = Test again
connection-test-works = It works
connection-test-failed = It did not work
connection-test-failed-hint = Compare client ID, secret, redirect URI and addresses with what the provider has. The log has the same line.
connection-test-sign-in = This person would be signed in as { $email }.
connection-test-prove = An account with the address { $email } exists. This person would prove to own it first, and then both would be linked.
connection-test-sign-up = A new account would be made, and its address would count as verified.
connection-test-sign-up-unverified = A new account would be made. Its address would not count as verified.
connection-test-ask = There is no address: this person would be asked for one, and then a new account would be made.
connection-test-no-account = There is no account of this person, and sign-up is not allowed here: nobody would be signed in.
connection-test-domain = The address is not of an allowed domain, or its verification does not count: nobody would be signed in.
connection-test-mapped = How it is read
connection-test-field = Field
connection-test-value = Value
connection-test-place = Found at
connection-test-yes = yes
connection-test-no = no
connection-test-trusted = counts here
connection-test-untrusted = does not count here
connection-test-relay = forwards to another address
connection-test-answers = What the provider answered
connection-test-answers-hint = Nothing of it is kept.
