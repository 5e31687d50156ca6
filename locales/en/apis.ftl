# The console: APIs, which tokens are for.

apis-title = APIs
apis-intro = What tokens are for: the services that your apps call. Declaring one says what it is called, what may be done with it and what its tokens are like. One that is not declared works all the same.
apis-empty = No API is declared yet. Declare one, and people read what an app wants to do with it before they allow it.
apis-add = Declare an API
apis-search = Search by identifier, name or scope
apis-nothing = No identifier, name, scope or description contains that.
apis-no-scopes = no scopes
apis-definition = Definition
apis-scopes = Scopes
apis-resource = Identifier
apis-resource-hint = An absolute URI, such as https://orders.example/. Apps name it as resource, and tokens for it have it as aud. It never changes.
apis-name = Name
apis-name-hint = What people read. The host of the identifier, where nothing is said.
apis-name-in = Name, { $language }
apis-documentation = Documentation
apis-documentation-hint = A page for developers, with https.
apis-token-type = Type of its access tokens
apis-token-type-hint = The typ header. Some services refuse every type but JWT.
apis-token-type-client = As each app has it
apis-lifetime = Seconds that its access tokens live
apis-lifetime-hint = Empty: as each app has it. A token for several APIs lives as long as the least of them allows.
apis-scopes-hint = One a line: the scope, and what it allows in a few words: orders:read = See your orders. People read it when an app asks.
apis-scopes-in = What they allow, { $language }
apis-scopes-in-hint = The same scopes, one a line. What has no line here is read as above.
apis-apps-hint = Apps that may ask for tokens for this API. A change counts with the next token.
apis-apps-none = No app may ask for it yet.
apis-app = Client ID
apis-add-app = Let it ask
apis-remove-app = Remove
apis-no-app = There is no such app.
apis-created = It is declared. Now say what may be done with it.
apis-app-added = The app may ask for it.
apis-app-removed = The app may not ask for it any more.
apis-deleted = It is deleted.
apis-delete = Delete this API?
apis-delete-lost = Its name, the descriptions of its scopes and the settings of its tokens are deleted. Tokens that were issued are valid until they expire.
apis-delete-asked = It cannot be deleted while apps may ask for it. Remove it from each of them first.
apis-in-use = { $n ->
    [one] One app may still ask for it. Remove it there first: the tab Apps shows which.
   *[other] { $n } apps may still ask for it. Remove it from each of them first: the tab Apps shows which.
  }
apis-offered = Declared APIs and their scopes
apis-offered-hint = Copy an identifier into resources and scopes into scope, and the app may ask for them.
apis-too-many = There are as many as there can be. Delete one that is not needed any more.
apis-problem-taken = There is an API of this identifier already.
apis-problem-own = This is the server's own: it needs no declaration.
apis-problem-own-scope = This is a scope of the server's own. An API has other ones.
apis-problem-repeated = This is there twice.
apis-problem-unknown-scope = This is none of the scopes above.
apis-verify = Verify its tokens
apis-verify-hint = What a resource server is configured by. It needs no secret: the keys are public.
