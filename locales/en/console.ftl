# The administrator's start page.

console-title = Administration
console-intro = Some of it is administered in the browser, and everything at the command line, where the server runs: “haechi --help” lists the commands.
console-steps = First steps
console-steps-note = Run the commands where the server runs. What they change counts at once.
console-done = done
console-first-app-title = Register your first app
console-first-app = An app that signs its users in here. The command asks for what it needs and prints the client ID and the secret. “haechi recipes” lists software whose settings are known.
console-second-title = Make a second administrator
console-second = So that you are not locked out when one of you is away.
console-doctor-title = Check the setup
console-doctor = Looks at the issuer, proxies, the database, keys and certificates, and says how to mend what is wrong.
console-here = In the browser
console-open = Open
console-provider-off = { $name } (off)
