# The second step of a login, and adding an app for it.

second-step-title = Enter the code
second-step-text = Open your authenticator app and type the code that it shows for { $service }.
second-step-code = Code
second-step-code-hint = Six digits, new every 30 seconds
second-step-submit = Continue
second-step-recovery-title = Use a recovery code
second-step-recovery-text = Type one of the recovery codes that you saved when you set up two-step verification. It works once.
second-step-recovery-code = Recovery code
second-step-to-recovery = Use a recovery code instead
second-step-to-app = Use a code of the app instead
second-step-lost = No phone and no recovery codes? An administrator of this service can reset your two-step verification.
second-step-passkey-title = Confirm with your passkey
second-step-passkey-text = Your first step was right. Your account needs a second one: the passkey that you added.
second-step-hardware-text = What you are about to open asks for a passkey that is protected by hardware. Use the security key or device that you added for it.
second-step-lost-passkey = Lost your passkey? An administrator of this service can remove it.
second-step-no-passkey-title = Your passkey cannot be used here
second-step-no-passkey-text = Begin once more: you are then asked for what works here.
second-step-no-passkey-again = Begin again
second-step-no-passkey-mail = No other way to sign in? Have a link mailed to you:
second-step-no-passkey-ask = No other way to sign in? Ask an administrator of this service to set a password for your account.
second-step-trust = { $n ->
    [one] Do not ask again in this browser for one day
   *[other] Do not ask again in this browser for { $n } days
}
second-step-wrong = That code is not right, or was used already. Wait for the next one and try again.
second-step-wrong-recovery = That is none of your recovery codes, or it was used already.
second-step-wrong-new = That code is not right. Check that the app has the secret from this page and that the time of your phone is set automatically.
second-step-throttled = Too many wrong codes. Please wait { $wait } and try again, or use a recovery code. Nothing happened to the account.
second-step-add-title = Set up two-step verification
second-step-add-must = Your account needs a second step from now on: a code of an app on your phone. It takes a minute.
second-step-add-text = When you sign in, you will be asked for a code of an app on your phone as well. So nobody gets in who only knows your password.
second-step-add-must-any = Your account needs a second step from now on. It takes a minute.
second-step-add-text-any = From now on signing in takes a second step. So nobody gets in who only knows your password.
second-step-add-passkey = Your fingerprint, face or screen lock is the second step, and signs you in without a password next time.
second-step-add-passkey-only = What you are about to open asks for a passkey: nobody can trick you out of one. It takes a minute.
second-step-add-no-script = A passkey would do as well, but passkeys need JavaScript, which is switched off here. Set up an app instead.
second-step-add-by-app = Use an authenticator app
second-step-somebody-else = Not you? Sign in with another account
second-step-add-app = 1. Get an authenticator app
second-step-add-app-hint = Any will do: your password manager, Google Authenticator, Microsoft Authenticator, 2FAS, Aegis and others.
second-step-add-scan = 2. Scan this with the app
second-step-add-picture = QR code for your authenticator app
second-step-add-type = Cannot scan it? Add an account in the app by hand, and type this secret:
second-step-add-confirm = 3. Type the code that the app shows
second-step-add-submit = Turn on
second-step-name = Name of the app
second-step-name-default = Authenticator app
second-step-name-hint = So that you tell them apart, should you add another one.
second-step-full = Your account has { $max } apps, which is as many as there can be. Remove one first.
second-step-off = Two-step verification is switched off here.
second-step-needed = Your account must have two-step verification, so its last app stays. Add another one first.
second-step-cancel = Cancel
second-step-codes-title = Save your recovery codes
second-step-codes-text = Each of them works once instead of a code, should you lose your phone. They are shown only now: print them, or keep them in a password manager.
second-step-codes-file = Recovery codes for { $service }. Each works once.
second-step-codes-download = Download
second-step-codes-print = Print this page with your browser’s menu, or download the codes as a text file.
second-step-codes-go-on = I have saved them
second-step-used-title = That recovery code is used up
second-step-used-text = If your phone is gone for good, remove its app in your account and add a new one.
second-step-left = { $n ->
    [0] You have none left.
    [one] You have one left.
   *[other] You have { $n } left.
}
second-step-few = Make a new set in your account, under sign-in and security, before you run out.
second-step-go-on = Continue
