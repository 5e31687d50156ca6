# What every page of the console has.

console-confirm = Confirm that it is you
console-confirm-hint = It has been a while since you signed in here.
console-confirm-needed = Please type your password once more: it has been a while since you signed in.
console-confirm-elsewhere = It has been a while since you signed in here, and your account has no password. Sign out, sign in again, and come back.
