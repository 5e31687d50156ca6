# The console: all connections to upstream providers.

connections-title = Sign-in providers
connections-where = Where you are
connections-intro = People can sign in with an account that they have elsewhere. The buttons stand in this order.
connections-empty = No provider is set up yet. People sign in with their e-mail address and password.
connections-add = Add a provider
connections-choose = Choose a provider
connections-choose-intro = If yours is not here, nearly every other one speaks OpenID Connect.
connections-new = New: { $name }
connections-create = Create
connections-create-hint = It begins switched off. Try it out first, then switch it on.
