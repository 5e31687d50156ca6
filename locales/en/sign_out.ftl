# Signing out.

sign-out-title = Sign out?
sign-out-ask = You are signed in as { $email }. Signing out ends the access that apps got with this sign-in. Apps that you let stay connected while you are away keep theirs until you withdraw it in your account.
sign-out-ask-app = { $app } asks to sign you out. You are signed in as { $email }.
sign-out-submit = Sign out
sign-out-stay = Stay signed in
sign-out-done-title = You are signed out
sign-out-done = You can close this window now. Apps may stay signed in for a while.
sign-out-again = Sign in again
sign-out-there = You may still be signed in at { $provider }.
sign-out-there-action = Sign out of { $provider } too
sign-out-unlinked = The connection was removed. You had signed in with it, so you are signed out here and everywhere else where you did. Sign in again in another way.
sign-out-still-title = You are still signed in
sign-out-still = This browser is signed in as { $email }.
sign-out-still-unlinked = The connection was removed, and what you had signed in with it has ended. This browser is still signed in as { $email }.
sign-out-to-account = To your account
sign-out-still-deleted = The account is deleted. This browser is still signed in as { $email }.
sign-out-deleted-title = Your account is deleted
sign-out-deleted = Everything of it has ended. You can close this window now.
