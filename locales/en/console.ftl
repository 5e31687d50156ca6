# The administrator's start page.

console-title = Administration
console-intro = What can be administered in the browser. Everything else is done at the command line, where the server runs.
console-connections = { $count } set up
console-open = Open
console-steps = First steps
console-steps-note = The commands are run where the server runs, and hold at once.
console-done = done
console-first-app-title = Register your first app
console-first-app = It signs its users in here. The command prints its client ID and its secret.
console-doctor-title = Check the setup
console-doctor = Looks at the issuer, proxies, the database, keys and certificates, and says how to mend what is wrong.
console-second-title = Make a second administrator
console-second = So that you are not locked out when one of you is away.
