# A form that was drawn for another sign-in than the one in use.

own-form-title = This page was opened in another sign-in
own-form-other = You are signed in as { $email } now, and the page that you used was opened as { $other }. Nothing was changed.
own-form-ended = You are signed in as { $email } now, and the page that you used is from an earlier sign-in. Nothing was changed.
own-form-continue = Continue as { $email }
own-form-switch = Switch to { $email }
