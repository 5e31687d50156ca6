# Consent to what a client asks for.

consent-title = { $app } asks for access
consent-intro = If you allow it, { $app } will be able to:
consent-openid = Know who you are
consent-openid-hint = Your user ID, and when you signed in
consent-profile = See your profile
consent-profile-hint = Your name and what else you filled in
consent-email = See your e-mail address
consent-email-hint = { $email }
consent-address = See your postal address
consent-address-hint = As far as you filled it in
consent-phone = See your phone number
consent-phone-hint = As far as you filled it in
consent-groups = See your groups
consent-groups-hint = Those that you were added to here
consent-offline-access = Stay connected while you are away
consent-offline-access-hint = Until you withdraw access in your account
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
