# What a browser works for before its next guess at a password or a code.

work-password = Wrong passwords were typed often here, or somebody is guessing. Please type your password once more.
work-code = Wrong codes were typed often here. Please type the next code once more.
work-busy = Your browser does a small sum first, which keeps programs from guessing. This takes a few seconds.
work-done = Ready. You can continue.
work-wait = Your browser runs no scripts here: wait { $wait } before you continue. If you continue sooner, this page is shown again.
