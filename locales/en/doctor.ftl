# The doctor: what a setup's checks found, and how to mend it. The command line prints it in English.

doctor-issuer-is-address = { $issuer } is an address
doctor-issuer-leads = { $issuer } leads to { $addresses }
doctor-listen-tls-for-http = { $place } speaks TLS, but the issuer is http
doctor-listen-tls-for-http-mend = write the issuer with https, or leave tls_certificate and tls_key out
doctor-listen-other-port = { $place } is not the port { $port } of the issuer
doctor-listen-other-port-mend = set server.issuer to http://localhost:{ $port }, unless something leads from one to the other
doctor-listen-here = { $place }; only browsers on this machine can sign in
doctor-listen-tls = { $place }, with TLS
doctor-listen-behind-proxy = { $place }, behind a proxy on this machine
doctor-listen-plain = { $place } speaks plain HTTP to the network, behind a proxy elsewhere
doctor-listen-plain-mend = see that the network between the proxy and this machine cannot be listened to, or set tls_certificate and tls_key
doctor-files-any = any number of files may be open
doctor-files = { $limit } files may be open
doctor-files-enough = { $limit } files may be open, enough for { $room } connections at once
doctor-files-few = a process may open { $limit } files, too few for { $connections } connections and the rest
doctor-files-few-mend = raise the limit (systemd: LimitNOFILE={ $wanted }) or lower server.max_connections

doctor-clock-apart = { $seconds } seconds from { $of }
doctor-clock-of-database = the database
doctor-clock-of-redis = Redis
doctor-clock-of-server = the server
doctor-clock-mend = let both machines keep their time by NTP (chrony, systemd-timesyncd)
doctor-clock-far-mend = let both machines keep their time by NTP (chrony, systemd-timesyncd); beyond { $seconds } seconds a server is not ready

doctor-not-a-folder = { $folder } is no folder
doctor-folder-closed = this user may not write to the folder { $folder }
doctor-no-folder = there is no folder { $folder }
doctor-cannot-be-made = { $place } cannot be made: { $why }
doctor-not-there-yet = { $place } is not there yet
doctor-not-there-yet-mend = start `haechi`, which makes it, or check that you are in the server's folder
doctor-read-by-others = { $file } can be read by others (mode { $mode })
doctor-file-is-folder = { $place } is a folder
doctor-file-is-folder-mend = name a file: database.url = "sqlite:haechi.db"
doctor-file-closed = { $place } cannot be written by this user
doctor-file-closed-mend = run the doctor as the user that runs the server; if that is who you are, chown the file to it
doctor-file-cannot-be-made-mend = make the folder, let this user write to it, or correct database.url

doctor-guessing = { $now } wrong passwords from unknown browsers in this quarter of an hour
doctor-guessing-many = { $now } wrong passwords from unknown browsers in this quarter of an hour, more than { $limit }: somebody is guessing
doctor-guessing-many-mend = unknown browsers work for each guess until it ends; `haechi audit --kind guessing_seen` says since when, and docs/second-factors.md what helps against it

doctor-mail-none = none leaves this server: people cannot set a forgotten password themselves (section [mail])
doctor-mail-file = goes nowhere and is shown in the console, for development
doctor-mail-would-leave = would leave by { $server }
doctor-mail-leaves = leaves by { $server }
doctor-mail-mend = correct the section [mail]; `haechi mail test ADDRESS` tries it

doctor-name-nowhere = the name { $name } leads nowhere
doctor-name-nowhere-mend = correct it in { $setting }, or add it to the DNS or /etc/hosts of this machine
doctor-name-slow = looking { $name } up took too long
doctor-nothing-listens = nothing listens at { $place }
doctor-nothing-listens-mend = start { $what }; if it runs, correct host and port in { $setting }
doctor-no-answer = { $place } does not answer
doctor-no-answer-mend = see that a firewall lets this machine through to { $what }, or correct { $setting }
doctor-not-reached = { $place } cannot be reached: { $why }
doctor-not-reached-mend = see that this machine reaches { $what }, or correct { $setting }
doctor-not-in-time = { $place } does not answer in time
doctor-answers = { $place } answers
doctor-at = { $place }: { $why }

doctor-authorities-mend = mend network.outgoing_authorities
doctor-server-answers-otherwise = { $url } answers { $status }
doctor-server-answers-otherwise-mend = see that the proxy leads to Haechi, with the path of the issuer
doctor-server-not-in-time-mend = look at the logs of Haechi and of the proxy in front of it
doctor-other-server = another server answers there, or one with another key-encryption key
doctor-other-server-mend = run the doctor with the settings of the server that runs
doctor-start = start `haechi`; if it runs, run the doctor with its settings
doctor-start-with-proxy = start `haechi`, and the proxy that leads to { $place }
doctor-no-tls = what answers there speaks no TLS
doctor-tls-mend = see that TLS is spoken there with a certificate for this name; network.outgoing_authorities names an authority of your own
doctor-other-program-mend = another program seems to listen there: stop it, or correct server.listen and server.issuer
doctor-somewhere = somewhere
doctor-believed = a made-up X-Forwarded-For was believed, as it came from { $peer }: any caller can choose its address
doctor-believed-mend = let the proxy replace the header ({ $directive }), or take the address out of network.trusted_proxies if no proxy has it
doctor-not-believed = nothing in between, and a made-up X-Forwarded-For is not believed
doctor-proxy-not-trusted = requests come from the proxy at { $peer }, which is not trusted: every caller seems to have its address
doctor-proxy-not-trusted-mend = have the proxy set X-Forwarded-For, and { $setting }
doctor-proxy-silent = the proxy at { $peer } does not say where requests come from
doctor-proxy-says = the proxy at { $peer } says that this request came from { $address }
doctor-came-by-proxy = came from { $address } by way of the proxy at { $peer }
doctor-came-by-silent-proxy = the proxy at { $peer } does not say where it came from
doctor-came-by-stranger = came by way of { $peer }, which is not trusted: every caller seems to have its address
doctor-came-by-stranger-mend = if that is your proxy: { $setting }
doctor-came-without-proxy = came from { $peer } without a word of a proxy, which the issuer needs
doctor-came-without-proxy-mend = have the proxy set X-Forwarded-For, and network.trusted_proxies name it
doctor-came-straight = came straight from { $address }
doctor-other-host = the proxy asks for { $host } instead of { $issuer }: pages are refused
doctor-other-host-mend = hand the name on ({ $directive })

doctor-key-of-settings = the key-encryption key comes from the settings
doctor-key-folder-closed = this user may not look into the folder { $folder }
doctor-key-folder-closed-mend = run the doctor as the user that runs the server, or chown the folder to it
doctor-key-folder-open = others can put another key into the folder { $folder } (mode { $mode })
doctor-key-is-safe = { $file } is for its owner only; keep a copy elsewhere
doctor-key-cannot-be-made-mend = let keys.folder name a folder that this user may write to, or set keys.key_encryption_key
doctor-signing-broken = a token signed with { $algorithm } does not verify by the published keys
doctor-signing-mend = see that the key-encryption key is the one the server began with
doctor-signing-missing = no key yet for { $algorithms }
doctor-signing-missing-mend = the running server makes it within seconds
doctor-signing-waits = { $algorithm } has a key that is published, and signs from { $when } on
doctor-signing-good = { $algorithms } sign, and the published keys verify them

doctor-settings-mend = see that these are the server's settings
doctor-database-not-in-time-mend = look at the log and the load of the database
doctor-commits-missing = commits are missing from the database: a later state of it was acknowledged until { $until }. Its WAL was deleted or cut, an older copy or a backup of it was put there, or a replica that lagged behind took over
doctor-other-database = the database is another one than that which was there until { $until }: that one, or its WAL, was moved or deleted
doctor-lost-mend = What was done since is undone, and what had ended since may be alive again: run `haechi sessions end-all`, which signs every account out, and bring back a backup if too much is missing. The server starts all the same, and says this no more once it did
doctor-other-issuer = the database belongs to the server { $database }, and server.issuer is { $configured }: correct server.issuer or database.url. To move the server to { $configured } for good, with what that ends, run `haechi issuer change { $configured }`
doctor-newer-database = Haechi { $newer } worked on the database, which this release ({ $ours }) is too old for: only neighbouring releases work on the same one (docs/upgrading.md). Start that release or the one before it, or bring back a backup from before it
doctor-database-refused-mend = haechi does not start on this database
doctor-schema-complete = { $place } answers; its schema is up to date
doctor-schema-open = { $n ->
    [one] one step of the schema is missing
   *[other] { $n } steps of the schema are missing
}
doctor-schema-open-mend = run `haechi migrate up`, or start `haechi`
doctor-connections = { $own } connections of this node at most (pool { $pool }, look-ups { $lookups }, commits { $commits }); PostgreSQL takes { $most }, enough for { $nodes } such nodes
doctor-connections-few = this node opens up to { $own } connections (pool { $pool }, look-ups { $lookups }, commits { $commits }), and PostgreSQL takes { $most }
doctor-connections-few-mend = raise max_connections of PostgreSQL, or lower database.max_connections, lookup_connections or commit_connections
doctor-no-postgresql = what answers there is no PostgreSQL
doctor-no-redis = what answers there is no Redis
doctor-database-broken-mend = correct database.url; if this was the database, bring back a backup
doctor-database-place-mend = correct host and port in database.url
doctor-database-user-mend = correct user and password in database.url, or let that user in (CREATE ROLE, pg_hba.conf)
doctor-database-name-mend = make the database (createdb), or correct its name in database.url
doctor-database-tls-mend = see that the database speaks TLS and proves its name; in database.url, ?sslrootcert=FILE names an authority of your own and ?sslmode=disable does without
doctor-database-mend = correct database.url; the log of the database may say more
doctor-database-first-mend = mend the database first
doctor-redis-none = not configured: sessions are in the database
doctor-redis-not-in-time-mend = look at the log and load of Redis
doctor-redis-forgets = { $place } deletes sessions when its memory is full (maxmemory-policy { $policy })
doctor-redis-forgets-mend = set maxmemory-policy noeviction; what has expired goes by itself
doctor-redis-user-mend = correct user and password in redis.url: redis://USER:PASSWORD@HOST/0, or redis://:PASSWORD@HOST/0
doctor-redis-tls-mend = see that Redis speaks TLS and proves its name; redis.authorities names an authority of your own
doctor-redis-place-mend = correct host and port in redis.url
doctor-redis-mend = correct redis.url; the log of Redis may say more
doctor-claimed = the server has an administrator
doctor-unclaimed = the server has no administrator yet
doctor-unclaimed-mend = run `haechi claim` and open the link
doctor-swept = what has expired is deleted
doctor-swept-late = some of what has expired waits for its deletion for { $minutes } minutes
doctor-swept-late-mend = the server deletes it while it runs; where it does, give the database a faster disk, and let PostgreSQL vacuum more often
