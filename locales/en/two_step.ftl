# Two-step verification among the pages of an account.

two-step-title = Two-step verification
two-step-note = Beside your password you are asked for a code of an app on your phone.
two-step-none = Not set up yet. With it your account stays yours even if somebody learns your password.
two-step-set-up = Set up
two-step-add = Add another app
two-step-added = added { $when }
two-step-rename = Rename
two-step-remove = Remove
two-step-removed = The app was removed.
two-step-codes = Recovery codes
two-step-codes-note = Each stands for a code once, should you lose your phone.
two-step-codes-few = Make new ones before you run out.
two-step-codes-renew = Make new recovery codes
two-step-trusted = Browsers that you trust
two-step-trusted-note = Here you are not asked for a code when you sign in.
two-step-forget = Ask again here
two-step-forgotten = You will be asked for a code in that browser again.
