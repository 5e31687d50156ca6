# The settings in the console.

settings-title = Settings
settings-intro = They are read when the server starts: a change in the file or the environment counts after a restart, on every node. Only the TLS certificate's files are read anew while it runs. What is decided in the console, such as how people sign in, counts at once. Secrets are not shown.
settings-search = Search settings
settings-nothing = No setting fits.
settings-default = default
settings-file = from { $path }
settings-variable = from { $name }
settings-default-is = The default is { $value }
settings-none = not set
