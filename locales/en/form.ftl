# Fields of forms, and what is wrong with them.

form-show = Show
form-hide = Hide
form-email = E-mail address
form-password = Password
form-name = Name
form-name-optional = Name (optional)
form-name-hint = How apps address you.
form-password-new = Password
form-password-hint = At least { $min } characters. A few words in a row are easy to remember and hard to guess.
form-problem-email = That does not look like an e-mail address.
form-problem-email-taken = There is an account with this address already. Sign in instead, or use another address.
form-problem-domain = Accounts here are for addresses of other domains. Use another address, or ask an administrator for an account.
form-problem-name = Please enter a name of at most { $max } characters, without line breaks.
form-problem-password-short = Use at least { $min } characters.
form-problem-password-long = Use at most { $max } characters.
form-problem-password-common = This password is on the lists that attackers try first. Please choose another.
form-problem-password-predictable = Programs guess this password quickly: it is made of common words, names, dates or keys in a row. Please choose another.
form-problem-password-breached = This password was stolen from another service and is known to attackers. Please choose another, also wherever else you use it.
form-problem-password-identity = The password contains your name or address. Please choose another.
form-problem-password-wrong = That is not your current password.
form-problem-password-characters = The password contains characters that not every keyboard can type. Please choose another.
form-problem-throttled = Too many attempts. Please wait { $wait } and try again.
form-problem-busy = The server is busy. Please try again in a few seconds.
form-problem-summary = Please look at the marked fields.
form-copy = Copy
form-copied = Copied
