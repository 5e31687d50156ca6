# The console: webhooks, the programs that are told what happens.

webhooks-title = Webhooks
webhooks-intro = Programs that are told what happens, by a signed message for each entry of the audit log that they ask for.
webhooks-empty = Nobody is told what happens. A webhook sends each entry of the audit log, or those of some kinds, to an address of yours.
webhooks-add = Add a webhook
webhooks-add-intro = It is told what happens from then on. The next page shows its secret, by which it verifies messages: they are signed as Standard Webhooks says.
webhooks-url = Address
webhooks-url-hint = https. Messages are sent there by POST, as JSON; any 2xx takes one.
webhooks-description = What it is for
webhooks-told-of = What it is told of
webhooks-told-of-hint = Everything, where nothing is ticked.
webhooks-everything = everything
webhooks-kinds = { $n ->
        [one] { $n } kind of entries
       *[other] { $n } kinds of entries
    }
webhooks-test = Send a test
webhooks-tested = A test message is on its way: reload the page in a moment.
webhooks-is-on = It is told what happens from now on.
webhooks-is-off = It is told nothing now. What happens meanwhile is not sent later.
webhooks-replayed = The message is sent again.
webhooks-deleted = The webhook is deleted.
webhooks-delete-title = Delete this webhook?
webhooks-delete-lost = The messages that wait for it go, too. It cannot be undone; switching it off can.
webhooks-too-many = There are as many webhooks as there can be. Delete one that is not needed any more.
webhooks-secret-once = Copy it now: it is shown this once. The program at the address verifies messages by it.
webhooks-secrets-hint = While there are two, messages are signed with both.
webhooks-messages = Messages
webhooks-messages-hint = Those of the last week. One that is not taken is sent again up to ten times in three days; a webhook that takes nothing for five days is switched off.
webhooks-messages-none = Nothing has happened yet that it is told of.
webhooks-message = Message
webhooks-state = State
webhooks-answer = Answer
webhooks-when = Made
webhooks-waiting = waiting
webhooks-delivered = delivered
webhooks-failed = failed
webhooks-attempts = { $n ->
        [one] { $n } attempt
       *[other] { $n } attempts
    }
webhooks-next = next attempt { $when }
webhooks-replay = Send again
webhooks-search = Search by URL or description
webhooks-ask-off = Switch off all chosen webhooks? They are told nothing then.
