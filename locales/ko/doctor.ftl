# The doctor: what a setup's checks found, and how to mend it. The command line prints it in English.

doctor-issuer-is-address = 이름이 아닌 IP 주소예요: { $issuer }
doctor-issuer-leads = { $issuer }의 주소: { $addresses }
doctor-listen-tls-for-http = { $place }에서는 TLS를 쓰는데 발급자 주소는 http예요
doctor-listen-tls-for-http-mend = 발급자 주소를 https로 쓰거나 tls_certificate와 tls_key를 빼세요
doctor-listen-other-port = { $place }의 포트가 발급자 주소의 포트 { $port }와 달라요
doctor-listen-other-port-mend = 둘을 이어 주는 것이 없다면 server.issuer를 http://localhost:{ $port }로 설정하세요
doctor-listen-here = { $place }. 이 컴퓨터의 브라우저에서만 로그인할 수 있어요
doctor-listen-tls = { $place }, TLS 사용
doctor-listen-behind-proxy = { $place }, 이 컴퓨터에 있는 프록시 뒤
doctor-listen-plain = { $place }에서 다른 곳의 프록시와 평문 HTTP로 통신해요
doctor-listen-plain-mend = 프록시와 이 컴퓨터 사이의 네트워크를 엿들을 수 없게 하거나 tls_certificate와 tls_key를 설정하세요
doctor-files-any = 파일을 몇 개든 열 수 있어요
doctor-files = 파일을 { $limit }개까지 열 수 있어요
doctor-files-enough = 파일을 { $limit }개까지 열 수 있어요. 동시 연결 { $room }개에 충분해요
doctor-files-few = 한 프로세스가 파일을 { $limit }개까지만 열 수 있어서 연결 { $connections }개와 그 밖의 것에 모자라요
doctor-files-few-mend = 한도를 올리거나(systemd: LimitNOFILE={ $wanted }) server.max_connections를 낮추세요

doctor-clock-apart = { $of }와 { $seconds }초 차이
doctor-clock-of-database = 데이터베이스
doctor-clock-of-redis = Redis
doctor-clock-of-server = 서버
doctor-clock-mend = 두 컴퓨터 모두 NTP로 시간을 맞추세요(chrony, systemd-timesyncd)
doctor-clock-far-mend = 두 컴퓨터 모두 NTP로 시간을 맞추세요(chrony, systemd-timesyncd). { $seconds }초 넘게 벌어지면 서버가 준비되지 않은 상태가 돼요

doctor-not-a-folder = 폴더가 아니에요: { $folder }
doctor-folder-closed = 이 사용자는 폴더 { $folder }에 쓸 수 없어요
doctor-no-folder = 없는 폴더예요: { $folder }
doctor-cannot-be-made = 만들 수 없어요: { $place } ({ $why })
doctor-not-there-yet = 아직 없어요: { $place }
doctor-not-there-yet-mend = `haechi`를 시작하면 만들어져요. 서버의 폴더에 있는지도 확인하세요
doctor-read-by-others = 다른 사용자도 읽을 수 있어요: { $file } (모드 { $mode })
doctor-file-is-folder = 파일이 아니라 폴더예요: { $place }
doctor-file-is-folder-mend = 파일 이름을 쓰세요: database.url = "sqlite:haechi.db"
doctor-file-closed = 이 사용자는 { $place }에 쓸 수 없어요
doctor-file-closed-mend = 서버를 실행하는 사용자로 점검하세요. 이미 그 사용자라면 파일의 소유자를 바꾸세요(chown)
doctor-file-cannot-be-made-mend = 폴더를 만들거나, 이 사용자가 쓸 수 있게 하거나, database.url을 고치세요

doctor-guessing = 지난 15분 동안 모르는 브라우저에서 틀린 비밀번호 { $now }개
doctor-guessing-many = 지난 15분 동안 모르는 브라우저에서 틀린 비밀번호 { $now }개. { $limit }개가 넘어서 누군가 추측하고 있는 것으로 봐요
doctor-guessing-many-mend = 끝날 때까지 모르는 브라우저는 시도할 때마다 계산을 해야 해요. 언제 시작됐는지는 `haechi audit --kind guessing_seen`으로, 막는 방법은 docs/second-factors.ko.md에서 볼 수 있어요

doctor-mail-none = 이 서버는 메일을 보내지 않아요. 비밀번호를 잊은 사용자가 스스로 다시 설정할 수 없어요([mail] 섹션)
doctor-mail-file = 개발용이라 밖으로 보내지 않고 콘솔에서 보여 줘요
doctor-mail-would-leave = 이 메일 서버로 보낼 거예요: { $server }
doctor-mail-leaves = 이 메일 서버로 보내요: { $server }
doctor-mail-mend = [mail] 섹션을 고치세요. `haechi mail test ADDRESS`로 시험해 볼 수 있어요

doctor-name-nowhere = 이 이름의 주소를 찾을 수 없어요: { $name }
doctor-name-nowhere-mend = { $setting }에서 이름을 고치거나 DNS 또는 이 컴퓨터의 /etc/hosts에 추가하세요
doctor-name-slow = { $name }의 주소를 찾는 데 너무 오래 걸렸어요
doctor-nothing-listens = { $place }에서 실행 중인 것이 없어요
doctor-nothing-listens-mend = { $what } 서버를 시작하세요. 이미 실행 중이라면 { $setting }의 호스트와 포트를 고치세요
doctor-no-answer = { $place }에서 응답이 없어요
doctor-no-answer-mend = 방화벽이 이 컴퓨터에서 { $what } 서버로 가는 연결을 허용하는지 보거나 { $setting } 설정을 고치세요
doctor-not-reached = { $place }에 연결할 수 없어요: { $why }
doctor-not-reached-mend = 이 컴퓨터에서 { $what } 서버에 연결되는지 보거나 { $setting } 설정을 고치세요
doctor-not-in-time = { $place }의 응답이 너무 늦어요
doctor-answers = { $place }에서 응답해요
doctor-at = { $place }: { $why }

doctor-authorities-mend = network.outgoing_authorities를 고치세요
doctor-server-answers-otherwise = { $url }의 응답이 { $status }예요
doctor-server-answers-otherwise-mend = 프록시가 발급자 주소의 경로까지 그대로 해치로 넘기는지 확인하세요
doctor-server-not-in-time-mend = 해치와 그 앞에 있는 프록시의 로그를 보세요
doctor-other-server = 거기에서 다른 서버가 응답하거나, 키 암호화 키가 다른 서버가 응답해요
doctor-other-server-mend = 실행 중인 서버의 설정으로 점검하세요
doctor-start = `haechi`를 시작하세요. 이미 실행 중이라면 그 설정으로 점검하세요
doctor-start-with-proxy = `haechi`와, { $place }에 연결하는 프록시를 시작하세요
doctor-no-tls = 거기에서 응답하는 것은 TLS를 쓰지 않아요
doctor-tls-mend = 이 이름의 인증서로 TLS를 쓰는지 확인하세요. 직접 만든 인증 기관은 network.outgoing_authorities에 적어요
doctor-other-program-mend = 다른 프로그램이 그 주소를 쓰고 있는 것 같아요. 멈추거나 server.listen과 server.issuer를 고치세요
doctor-somewhere = 알 수 없는 곳
doctor-believed = { $peer }에서 온 지어낸 X-Forwarded-For를 그대로 믿었어요. 누구나 자기 주소를 마음대로 정할 수 있어요
doctor-believed-mend = 프록시가 이 헤더를 바꿔 쓰게 하거나({ $directive }), 그 주소가 프록시가 아니라면 network.trusted_proxies에서 빼세요
doctor-not-believed = 사이에 아무것도 없고, 지어낸 X-Forwarded-For는 믿지 않아요
doctor-proxy-not-trusted = 요청이 { $peer }의 프록시에서 오는데 신뢰하는 프록시가 아니에요. 모든 요청이 그 주소에서 온 것처럼 보여요
doctor-proxy-not-trusted-mend = 프록시가 X-Forwarded-For를 쓰게 하고 이렇게 설정하세요: { $setting }
doctor-proxy-silent = { $peer }의 프록시가 요청이 어디에서 왔는지 알려 주지 않아요
doctor-proxy-says = { $peer }의 프록시가 이 요청은 { $address }에서 왔다고 알려 줘요
doctor-came-by-proxy = { $address }에서 { $peer }의 프록시를 거쳐 왔어요
doctor-came-by-silent-proxy = { $peer }의 프록시가 어디에서 왔는지 알려 주지 않아요
doctor-came-by-stranger = { $peer }에서 넘겨받았는데 신뢰하는 프록시가 아니에요. 모든 요청이 그 주소에서 온 것처럼 보여요
doctor-came-by-stranger-mend = 직접 둔 프록시라면: { $setting }
doctor-came-without-proxy = 발급자 주소에는 프록시가 필요한데, 프록시를 거친 흔적 없이 { $peer }에서 왔어요
doctor-came-without-proxy-mend = 프록시가 X-Forwarded-For를 쓰게 하고 그 주소를 network.trusted_proxies에 적으세요
doctor-came-straight = { $address }에서 바로 왔어요
doctor-other-host = 프록시가 { $issuer } 대신 { $host } 이름으로 요청해서 페이지를 거절해요
doctor-other-host-mend = 이름을 그대로 넘기세요({ $directive })

doctor-key-of-settings = 키 암호화 키를 설정에서 받아요
doctor-key-folder-closed = 이 사용자는 폴더 { $folder } 안을 볼 수 없어요
doctor-key-folder-closed-mend = 서버를 실행하는 사용자로 점검하거나 폴더의 소유자를 바꾸세요(chown)
doctor-key-folder-open = 다른 사용자가 폴더 { $folder }에 다른 키를 넣을 수 있어요(모드 { $mode })
doctor-key-is-safe = { $file }: 소유자만 볼 수 있어요. 사본은 다른 곳에 보관하세요
doctor-key-cannot-be-made-mend = keys.folder에 이 사용자가 쓸 수 있는 폴더를 적거나 keys.key_encryption_key를 설정하세요
doctor-signing-broken = { $algorithm } 키로 서명한 토큰이 공개한 키로 확인되지 않아요
doctor-signing-mend = 키 암호화 키가 서버를 처음 시작할 때의 것인지 확인하세요
doctor-signing-missing = { $algorithms } 키가 아직 없어요
doctor-signing-missing-mend = 실행 중인 서버가 몇 초 안에 만들어요
doctor-signing-waits = { $algorithm } 키는 공개돼 있고 { $when }부터 서명해요
doctor-signing-good = { $algorithms } 키로 서명하고, 공개한 키로 확인돼요

doctor-settings-mend = 서버의 설정이 맞는지 확인하세요
doctor-database-not-in-time-mend = 데이터베이스의 로그와 부하를 보세요
doctor-commits-missing = 데이터베이스에 빠진 커밋이 있어요. { $until }까지 더 나중 상태가 확인됐어요. WAL을 지우거나 잘랐거나, 예전 사본이나 백업을 가져다 놓았거나, 뒤처진 복제본이 이어받았어요
doctor-other-database = { $until }까지 있던 데이터베이스가 아니에요. 그 데이터베이스나 WAL을 옮기거나 지웠어요
doctor-lost-mend = 그 뒤에 한 일은 없던 일이 됐고, 그 뒤에 끝낸 것이 다시 살아 있을 수 있어요. `haechi sessions end-all`로 모든 계정을 로그아웃시키고, 빠진 것이 너무 많으면 백업을 되돌리세요. 서버는 그래도 시작하고, 한 번 시작한 뒤에는 다시 알리지 않아요
doctor-other-issuer = 이 데이터베이스는 다른 서버({ $database })의 것이에요. server.issuer는 { $configured } 주소로 설정되어 있어요. server.issuer나 database.url을 고치세요. 서버를 { $configured } 주소로 아주 옮기려면, 그때 끝나는 것이 있다는 점을 알고 `haechi issuer change { $configured }`를 실행하세요
doctor-newer-database = 해치 { $newer } 버전이 쓴 데이터베이스라서 이 릴리스({ $ours })로는 쓸 수 없어요. 이웃한 릴리스끼리만 같은 데이터베이스를 쓸 수 있어요(docs/upgrading.ko.md). 그 릴리스나 바로 앞 릴리스를 시작하거나, 그 전의 백업을 되돌리세요
doctor-database-refused-mend = 이 데이터베이스로는 haechi가 시작하지 않아요
doctor-schema-complete = { $place }에서 응답하고, 스키마가 최신이에요
doctor-schema-open = { $n ->
   *[other] 적용하지 않은 스키마 단계가 { $n }개 있어요
}
doctor-schema-open-mend = `haechi migrate up`을 실행하거나 `haechi`를 시작하세요
doctor-connections = 이 노드의 연결은 많아야 { $own }개예요(풀 { $pool }, 조회 { $lookups }, 커밋 { $commits }). PostgreSQL은 { $most }개를 받으니 이런 노드 { $nodes }개까지 충분해요
doctor-connections-few = 이 노드는 연결을 { $own }개까지 여는데(풀 { $pool }, 조회 { $lookups }, 커밋 { $commits }) PostgreSQL은 { $most }개만 받아요
doctor-connections-few-mend = PostgreSQL의 max_connections를 늘리거나 database.max_connections, lookup_connections, commit_connections를 줄이세요
doctor-no-postgresql = 거기에서 응답하는 것은 PostgreSQL이 아니에요
doctor-no-redis = 거기에서 응답하는 것은 Redis가 아니에요
doctor-database-broken-mend = database.url을 고치세요. 원래 이 파일이 데이터베이스였다면 백업을 되돌리세요
doctor-database-place-mend = database.url의 호스트와 포트를 고치세요
doctor-database-user-mend = database.url의 사용자와 비밀번호를 고치거나 그 사용자를 허용하세요(CREATE ROLE, pg_hba.conf)
doctor-database-name-mend = 데이터베이스를 만들거나(createdb) database.url의 이름을 고치세요
doctor-database-tls-mend = 데이터베이스가 TLS를 쓰고 이름을 증명하는지 확인하세요. database.url의 ?sslrootcert=FILE에는 직접 만든 인증 기관을 적고, ?sslmode=disable이면 TLS를 쓰지 않아요
doctor-database-mend = database.url을 고치세요. 데이터베이스의 로그에 더 자세히 나올 수 있어요
doctor-database-first-mend = 먼저 데이터베이스를 고치세요
doctor-redis-none = 설정하지 않았어요. 세션은 데이터베이스에 있어요
doctor-redis-not-in-time-mend = Redis의 로그와 부하를 보세요
doctor-redis-forgets = { $place }에서 메모리가 차면 세션을 지워요(maxmemory-policy { $policy })
doctor-redis-forgets-mend = maxmemory-policy를 noeviction으로 설정하세요. 만료된 것은 저절로 없어져요
doctor-redis-user-mend = redis.url의 사용자와 비밀번호를 고치세요: redis://USER:PASSWORD@HOST/0 또는 redis://:PASSWORD@HOST/0
doctor-redis-tls-mend = Redis가 TLS를 쓰고 이름을 증명하는지 확인하세요. 직접 만든 인증 기관은 redis.authorities에 적어요
doctor-redis-place-mend = redis.url의 호스트와 포트를 고치세요
doctor-redis-mend = redis.url을 고치세요. Redis의 로그에 더 자세히 나올 수 있어요
doctor-claimed = 서버에 관리자가 있어요
doctor-unclaimed = 서버에 아직 관리자가 없어요
doctor-unclaimed-mend = `haechi claim`을 실행하고 링크를 여세요
doctor-swept = 만료된 것을 지우고 있어요
doctor-swept-late = 만료된 것 가운데 { $minutes }분째 지워지지 않은 것이 있어요
doctor-swept-late-mend = 서버는 실행하는 동안 지워요. 실행 중이라면 데이터베이스에 더 빠른 디스크를 쓰고, PostgreSQL은 VACUUM을 더 자주 하게 하세요
