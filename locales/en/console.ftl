# The console: what surrounds its pages, and its first page.

console-title = Administration
console-overview = Overview
console-hello = Hello, { $name }
console-intro = People, apps and sign-in providers are administered here, and everything at the command line, where the server runs: “haechi --help” lists the commands.
console-intro-roles = What you may see and do here is in the navigation.
console-intro-delegated = You look after what is listed here. The administrators of this server look after the rest.
console-delegated = What you manage
console-rooms = Administration
console-search = Search people and apps
console-me = Your account: { $name }
console-steps = First steps
console-steps-note = Run the commands where the server runs. What they change counts at once.
console-done = done
console-first-app-title = Register your first app
console-first-app = An app that signs its users in here. The command asks for what it needs and prints the client ID and the secret. “haechi recipes” lists software whose settings are known.
console-second-title = Make a second administrator
console-second = So that you are not locked out when one of you is away.
console-doctor-title = Check the setup
console-doctor = Looks at the issuer, proxies, the database, keys and certificates, and says how to mend what is wrong.
console-claimed-title = This server has its administrator
console-claimed = The claim link was used, and works no more.
console-first-login-title = Sign in to it once
console-first-login = “Try it” on the app’s page goes through its login and takes apart what the app gets.
console-backup-title = Make backups
console-backup = Of the database and of the key-encryption key, apart from each other: without the key no stored key can be read. The server cannot see whether you do.
console-production-title = Get ready for production
console-production = What is still missing before people rely on this server, and its settings as TOML and as Helm values.
console-open = Open
console-provider-off = { $name } (off)
console-found-nothing = Nothing fits.
console-document = JSON
console-document-hint = The document that the command line shows and reads. It holds no secret.
console-commands = Command line and API
console-commands-hint = The same at the command line, where the server runs, and by the API. The calls take an access token from the variable TOKEN; those with If-Match change nothing where somebody else did in between.
console-sort = Order
console-sort-key = By identifier
console-sort-name = By name
console-sort-newest = Newest first
console-show = Show
console-show-all = Show all
console-pick-one = Choose { $name }
console-pick-all = Choose all of this page
console-chosen = ({ $n })
console-pages = Pages
console-first-page = First page
console-next-page = Next page
console-arrival-title = Opening the administration
console-arrival-text = You came from outside of these pages, such as by a link in a mail. So that no other site acts here unseen, the administration opens from this page. If nothing happens, press the button.
console-arrival-go-on = Continue
console-several = With those chosen
console-several-chosen = ({ $n })
console-several-delete = { $n ->
    [one] Delete this one?
   *[other] Delete these { $n }?
}
console-several-done = { $n ->
    [0] Nothing was changed.
    [one] One was changed.
   *[other] { $n } were changed.
}
console-several-gone = { $n ->
    [one] One is gone.
   *[other] { $n } are gone.
}
console-several-forbidden = { $n ->
    [one] One was left as it is: you may not change it.
   *[other] { $n } were left as they are: you may not change them.
}
console-several-managed = { $n ->
    [one] One was left as it is: files manage it.
   *[other] { $n } were left as they are: files manage them.
}
console-several-used = { $n ->
    [one] One was left as it is: something still uses it.
   *[other] { $n } were left as they are: something still uses them.
}
console-several-incomplete = { $n ->
    [one] One was left as it is: one of its settings is missing or wrong. Open it to see which.
   *[other] { $n } were left as they are: some of their settings are missing or wrong. Open them to see which.
}
console-several-left = { $n ->
    [one] One was left as it is: it could not be changed. Open it and try again.
   *[other] { $n } were left as they are: they could not be changed. Open them and try again.
}
