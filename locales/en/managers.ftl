# The console: who manages one app, or the people in one group, without a role.

managers-title = Managers
managers-app-hint = They change this app as an app manager does, without seeing any other. They do not delete it, and let it reach nothing that it does not reach today.
managers-group-hint = They look after the people in this group as a people manager does, and invite others into it. Whoever may do more here than they is out of their reach.
managers-none = Nobody manages this without a role.
managers-added = It is managed by them, too.
managers-removed = It is no longer managed by them, from this moment on.
managers-ask = Take this from them? It ends at once.
managers-too-many = There are as many managers as there can be, of this or of the person. Remove one first.
managers-service-account = service account
managers-who = E-mail address or client ID
managers-who-hint = An app that acts for itself (grant client_credentials) is named by its client ID. It then manages this by the admin API.
managers-nobody = There is neither an account of this address nor an app of this ID.
managers-no-service-account = This app gets no tokens for itself. Give it the grant client_credentials first.
