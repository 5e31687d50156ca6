# The first administrator.

claim-title = Become the administrator
claim-intro = This makes you the first administrator of this server. The link works once.
claim-submit = Become administrator
claim-spent-title = This link no longer works
claim-spent = It was used, or it has expired, or the server has an administrator already. The operator of the server can print a fresh one with “haechi claim” as long as it has no administrator.
