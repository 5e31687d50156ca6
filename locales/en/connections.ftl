# The console: all connections to upstream providers.

connections-title = Sign-in providers
connections-where = Breadcrumb
connections-intro = People can sign in with an account that they have elsewhere. The buttons appear in this order.
connections-empty = No provider is set up yet. People sign in with their e-mail address and password.
connections-add = Add a provider
connections-choose = Choose a provider
connections-choose-intro = If yours is not listed, choose OpenID Connect: nearly all others support it.
connections-new = New: { $name }
connections-create = Create
connections-create-hint = It starts switched off. Test it first, then switch it on.
connections-search = Search by name
connections-ask-off = Switch off all chosen providers? Nobody can sign in with them then, and everyone who did is signed out.
