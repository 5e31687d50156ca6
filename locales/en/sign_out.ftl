# Signing out.

sign-out-title = Sign out?
sign-out-ask = You are signed in as { $email }. Signing out here also ends what apps keep open with this sign-in.
sign-out-ask-app = { $app } asks to sign you out. You are signed in as { $email }.
sign-out-submit = Sign out
sign-out-stay = Stay signed in
sign-out-done-title = You are signed out
sign-out-done = It is safe to close this window. Apps may keep a session of their own for a while.
sign-out-again = Sign in again
sign-out-there = You may still be signed in at { $provider }.
sign-out-there-action = Sign out of { $provider } too
sign-out-unlinked = The connection was removed. You had signed in with it, so you are signed out here and everywhere else where you did. Sign in again in another way.
