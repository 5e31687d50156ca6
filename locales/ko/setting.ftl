# What each setting is for.

setting-server = 해치가 어디에서 연결을 받고, 밖에서 어떤 주소로 불리는지 정해요.
setting-server-listen = 연결을 받을 주소와 포트예요.
setting-server-issuer = 발급자예요. 앱과 브라우저가 쓰는 URL이고, 끝에 슬래시를 붙이지 않아요. 모든 토큰에 들어가므로 바꾸면 이미 발급한 토큰과 클라이언트의 설정을 모두 쓸 수 없게 돼요. `http`는 `localhost`와 루프백 주소에만 쓸 수 있어요.
setting-server-tls-certificate = 인증서 체인이 든 PEM 파일이에요. `tls_key`와 함께 설정하면 앞에 프록시를 두지 않고도 TLS로 서비스해요.
setting-server-tls-key = 인증서의 개인 키가 든 PEM 파일이에요.
setting-server-header-timeout-seconds = 클라이언트가 요청의 헤더를 보내는 데, 그리고 TLS 핸드셰이크에 쓸 수 있는 시간(초)이에요.
setting-server-body-timeout-seconds = 클라이언트가 요청의 본문을 보내는 데 쓸 수 있는 시간(초)이에요.
setting-server-idle-timeout-seconds = 요청이 없는 연결을 닫기까지의 시간(초)이에요. 앞에 둔 프록시의 값보다 길게 하세요. 그래야 프록시가 닫히는 중인 연결로 요청을 보내지 않아요.
setting-server-unready-seconds = 멈추라는 요청을 받은 뒤 연결을 거절하기 전까지 `/readyz`에 503으로 답하는 시간(초)이에요. 그동안 로드 밸런서가 먼저 다른 곳으로 보낼 수 있어요.
setting-server-drain-seconds = 멈추라는 요청을 받은 뒤 처리 중인 요청이 끝나기를 기다리는 시간(초)이에요.
setting-server-max-connections = 동시에 처리하는 연결의 최대 개수예요. 그보다 많은 연결은 받아 줄 때까지 기다려요.
setting-server-worker-threads = 요청을 처리하는 스레드의 수예요. 설정하지 않으면 프로세서의 수와 같아요.

setting-database = 오래 남는 상태를 두는 곳이에요.
setting-database-url = `sqlite:PATH`는 노드 하나에, `postgres://user:password@host/name`은 노드 수와 상관없이 쓸 수 있어요. 다른 컴퓨터의 PostgreSQL은 TLS를 쓰고 자기 이름을 증명해야 해요. 직접 만든 인증 기관은 `?sslrootcert=FILE`로 적고, TLS 없이 쓰려면 `?sslmode=disable`을 붙여요.
setting-database-pool-mode = PostgreSQL에 연결하는 방식이에요. `session`이면 연결이 이어지는 동안 해치만 쓰고, `transaction`이면 풀러가 트랜잭션마다 연결을 빌려줘요(PgBouncer의 `pool_mode=transaction`, 클라우드에서 같은 방식으로 동작하는 것). `transaction`에서는 트랜잭션마다 제한을 정하고 준비된 문장을 남겨 두지 않아서 데이터베이스와 더 여러 번 주고받아요.
setting-database-migrate-on-start = 시작할 때 스키마를 최신으로 올릴지 정해요. 여러 노드가 동시에 시작해도 괜찮아요.
setting-database-max-connections = 풀의 최대 연결 수예요.
setting-database-lookup-connections = 토큰과 세션이 근거로 하는 것을 조회하는, 풀과 별개인 연결의 수예요. 연결 하나가 그 순간에 기다리는 모두의 조회를 한 번에 해요. 저장 장치나 네트워크가 느리면 늘리는 것이 도움이 되고, 그렇지 않으면 바쁜 데이터베이스에 부담이 돼요.
setting-database-commit-connections = 동시에 들어온 요청이 쓰는 것을 PostgreSQL에 커밋하는, 풀과 별개인 연결의 수예요. 커밋 한 번에 몇 밀리초가 걸린다면 늘리는 것이 도움이 돼요. SQLite는 하나만 써요.
setting-database-acquire-timeout-ms = 연결을 기다리는 시간(밀리초)이에요. 지나면 503으로 답해요.
setting-database-statement-timeout-ms = SQL 문 하나에 쓸 수 있는 시간(밀리초)이에요.

setting-redis = 잠시 쓰는 상태를 두는 곳이에요. 설정하지 않으면 데이터베이스에 둬요.
setting-redis-url = `redis://[:password@]host:port/db` 형식이고, TLS를 쓰려면 `rediss://`로 시작해요.
setting-redis-authorities = `rediss://` 서버를 공개 인증 기관 대신 보증하는 인증 기관이 든 PEM 파일이에요.
setting-redis-key-prefix = 모든 키의 앞에 붙는 글자예요. 여러 서버가 Redis 하나를 함께 쓸 수 있게 해요.
setting-redis-operation-timeout-ms = 작업 하나에 쓸 수 있는 시간(밀리초)이에요.

setting-keys = 서명 키와, 서명 키를 암호화하는 키예요.
setting-keys-folder = 키 암호화 키(`key-encryption.key`, base64로 쓴 임의의 32바이트)가 있는 폴더예요. `key_encryption_key`를 설정하지 않으면 처음 시작할 때 만들어요. 이 키가 없으면 저장된 키와 세션을 하나도 읽을 수 없으니 사본을 보관하세요.
setting-keys-key-encryption-key = 환경 변수(`HAECHI_KEYS__KEY_ENCRYPTION_KEY`)로 받을 때의 키 암호화 키예요. base64로 쓴 32바이트이고, 모든 노드에 같은 키가 있어야 해요.
setting-keys-algorithms = 키를 마련해 두는 알고리즘이에요. OpenID Connect가 요구하는 RS256이 꼭 들어 있어야 해요.
setting-keys-on-request = 그 알고리즘을 쓰는 클라이언트를 등록하거나 그 키를 가져온 뒤에야 키를 갖추는 알고리즘이에요. EdDSA 키가 든 JWKS를 읽지 못하는 라이브러리가 있어서, 그 전에는 JWKS에도 메타데이터에도 나오지 않아요.
setting-keys-rotation-days = 키 하나로 서명하는 기간(일)이에요. 그다음에는 다음 키가 이어받아요.
setting-keys-jwks-max-age-seconds = 토큰을 검증하는 쪽이 JWKS를 캐시해도 되는 시간(초)이에요(`Cache-Control: max-age`). 키는 적어도 이 시간에 여유를 더한 만큼 공개한 뒤에 서명에 써요.

setting-tokens = 코드와 토큰에 관한 설정이에요.
setting-tokens-code-seconds = 인가 코드를 쓸 수 있는 시간(초)이에요.
setting-tokens-refresh-retry-seconds = 응답을 받지 못한 클라이언트가, 아직 가지고 있는 리프레시 토큰으로 다시 갱신할 수 있는 시간(초)이에요.

setting-sessions = 브라우저의 세션에 관한 설정이에요.
setting-sessions-idle-hours = 쓰지 않은 세션이 끝나기까지의 시간(시간 단위)이에요.
setting-sessions-absolute-hours = 계속 쓰는 세션도 끝나기까지의 시간(시간 단위)이에요.
setting-sessions-authorization-minutes = 사용자가 로그인하고 동의하는 데 쓸 수 있는 시간(분)이에요. 지나면 앱에서 다시 시작해야 해요.
setting-sessions-proof-minutes = 본인인지 확인한 계정을 다시 확인하지 않는 시간(분)이에요. 비밀번호로 확인했거나, 사용자가 방금 인증했다고 제공자가 알려 준 때부터예요. 이 서버를 관리할 때와 로그인 방법을 추가하거나 삭제하거나 바꿀 때 적용돼요.

setting-accounts = 가입과 비밀번호에 관한 설정이에요.
setting-accounts-sign-up = 사용자가 스스로 계정을 만들 수 있는지 정해요.
setting-accounts-provider-return-proves = 사용자가 언제 인증했는지 알려 주지 않는 제공자(Google, GitHub 등)에 다녀온 것을 본인 확인으로 볼지 정해요. 켜지 않으면 그런 계정은 서버를 관리하거나 로그인 방법을 추가하고 삭제할 때 비밀번호가 필요해요. 켜면 그 제공자에 로그인해 있는 브라우저로 충분하고, 그 앞에 누가 앉아 있는지는 알 수 없어요.
setting-accounts-password-min-chars = 가장 짧은 비밀번호의 글자 수예요(NIST SP 800-63B-4의 3.1.1.2절은 비밀번호만 쓸 때 15자를 요구하고, 2단계 인증과 함께 쓸 때는 8자를 허용해요).
setting-accounts-administrators-second-factor = 이 서버를 관리하는 사람이 2단계 인증을 쓰는지 정해요: `off`, `offered`, `required`. `required`는 두 번째 로그인부터예요. 서버의 첫 관리자가 되거나 역할을 받은 뒤의 첫 로그인은 2단계 인증 없이 할 수 있어요. 관리자는 정책에서 이보다 더 요구할 수 있고, 덜 요구할 수는 없어요.
setting-accounts-argon2-memory-kib = 비밀번호 해시 하나에 쓰는 메모리(KiB)예요(argon2id의 `m`).
setting-accounts-argon2-passes = 비밀번호 해시 하나의 반복 횟수예요(argon2id의 `t`).
setting-accounts-hashing-threads = 낮은 우선순위로 비밀번호를 해시하는 스레드의 수예요. 설정하지 않으면 프로세서의 절반이고, 컨테이너(cgroup)에 허용된 메모리의 절반에 들어가는 만큼을 넘지 않아요. 스레드마다 `argon2_memory_kib`를 차지하고, 메모리에 들어가지 않는 값이면 서버가 시작하지 않아요.
setting-accounts-hashing-queue = 해시할 스레드를 기다릴 수 있는 로그인의 수예요. 그보다 많으면 나중에 다시 오라고 답해요.

setting-acr = 얼마나 강하게 로그인했는지를 앱이 요구하고 토큰이 알려 주는 등급이에요.
setting-acr-classes = 등급의 목록이에요. 앱이 요구하는 값과 그 등급에 필요한 것을 적어요(`factors`는 1이나 2, 그리고 `phishing_resistant`와 `hardware`. `hardware`는 증명(attestation)이 있어야만 확인돼요. `passkeys.attestation`이 `listed`이고 목록에 키를 하드웨어에 보관하는 인증기가 있을 때 지원한다고 알려요). 더 강하게 로그인한 사람은 낮은 등급에도 들어가요. 목록을 적으면 기본값을 모두 대신해요. `[{"{"} value = "gold", factors = 2 {"}"}, {"{"} value = "basic", factors = 1 {"}"}]`이라면 `phr`도 `urn:haechi:acr:2fa`도 없어져요.

setting-passwords = 다른 서비스에서 유출된 비밀번호에 관한 설정이에요.
setting-passwords-breached = 새 비밀번호로 쓸 수 없는, 유출된 비밀번호의 목록이에요. `haechi passwords import`가 만든 파일이에요. 목록에 없는 비밀번호도 천 개에 하나는 함께 거절돼요.
setting-passwords-breached-api = 새 비밀번호가 유출됐는지 물어보는 서비스예요. SHA-1 다이제스트의 다섯 자리에 대한 답이 이 주소 아래에 있어요. 서비스는 비밀번호도 다이제스트도 알 수 없어요. 2초 안에 답이 없으면 확인하지 않고 넘어가요.

setting-throttling = 추측을 늦추는 방법이에요.
setting-throttling-password-failures-per-account = 모르는 브라우저에서 한 계정의 비밀번호를 15분에 이만큼 틀리면 그다음부터 기다려야 해요.
setting-throttling-password-failures-per-address = 한 주소(IPv6은 /64)에서 15분에 틀릴 수 있는 비밀번호의 수예요.
setting-throttling-password-failures-per-network = 모르는 브라우저가 한 네트워크(IPv4는 /24, IPv6은 /56이고 /48은 네 배)에서 15분에 이만큼 비밀번호를 틀리면, 그 네트워크에서는 추측할 때마다 브라우저가 계산을 해야 해요.
setting-throttling-password-failures-everywhere = 모르는 브라우저가 모든 곳을 합해 15분에 이만큼 비밀번호를 틀리면, 모르는 브라우저는 모두 추측할 때마다 계산을 해야 해요. 평소의 세 배가 이보다 많으면 그것이 기준이에요.
setting-throttling-guesses-before-work = 한 주소나 한 브라우저에서 한 계정의 비밀번호나 코드를 15분에 이만큼 틀리면, 그다음부터 추측할 때마다 브라우저가 계산을 해야 해요.
setting-throttling-sign-ups-per-address = 한 주소(IPv6은 /64이고 /56은 두 배, /48은 여덟 배)에서 한 시간에 만들 수 있는 계정의 수예요.
setting-throttling-mails-per-account = 누가 요청해서(비밀번호를 잊었을 때, 주소를 확인할 때) 한 계정이나 한 메일 주소로 한 시간에 보내는 메일의 수예요.
setting-throttling-mails-per-address = 한 주소(IPv6은 /64이고 /56은 두 배, /48은 여덟 배)에서 한 시간에 요청할 수 있는 메일의 수예요.
setting-throttling-client-failures-per-address = 한 주소에서 한 클라이언트의 시크릿을 1분에 틀릴 수 있는 횟수예요.
setting-throttling-authorizations-per-address = 한 주소(IPv6은 /64이고 /56은 두 배, /48은 여덟 배)가 로그인하지 않은 채 1분에 시작할 수 있는 로그인의 수예요. 그 주소가 그 밖에 요청하는 것도 로그인했든 아니든 함께 세요. 메일의 링크 열기, 패스키의 응답, 추측에 계산이 필요한지 로그인 페이지가 물어보는 것이 그래요. /56이나 /48이 한도를 넘어도, 한도의 10분의 1까지만 요청한 /64는 계속할 수 있어요. 로그인한 계정 하나도 이만큼 로그인을 시작할 수 있어요.
setting-throttling-api-calls-per-caller = 호출하는 쪽 하나(클라이언트를 통한 계정, 또는 클라이언트 자신)가 1분에 할 수 있는 관리 API 호출의 수예요.

setting-audit = 감사 로그를 얼마나 보관하는지 정해요.
setting-audit-keep-days = 기록을 보관하는 기간(일)이에요.
setting-audit-keep-entries = 보관하는 기록의 최대 개수예요. 넘으면 오래된 것부터 지워요. 기록 하나는 0.5킬로바이트쯤이에요.

setting-mail = 메일을 보내는 방법이에요.
setting-mail-transport = 메일을 서버에서 내보내는 방법이에요: `smtp`, `file`(개발용: 보냈을 메일을 콘솔에서 보여 줘요), `none`. 설정하지 않으면, 발급자가 이 컴퓨터일 수밖에 없는 `http`일 때는 `file`이고 그 밖에는 `none`이에요.
setting-mail-from = 메일을 보내는 주소예요. `smtp`와 함께 설정하세요. 설정하지 않으면 어디에도 닿지 않는 주소를 써요.
setting-mail-from-name = 메일을 보내는 이름이에요. 설정하지 않으면 서비스의 이름이에요.
setting-mail-reply-to = 답장을 받을 주소예요. 설정하지 않으면 `from`이에요.
setting-mail-host = 메일 서버의 이름이에요.
setting-mail-port = 메일 서버의 포트예요. 설정하지 않으면 `starttls`는 587, `tls`는 465, `plain`은 25예요.
setting-mail-encryption = 메일 서버와의 연결을 암호화하는 방식이에요: `starttls`, `tls`, `plain`. `plain`은 이 컴퓨터의 메일 서버에만 쓸 수 있어요.
setting-mail-plain-to-others = 다른 컴퓨터에도 `plain`으로 보낼지 정해요. 가는 길에 있는 누구나 로그인되는 링크를 읽을 수 있게 돼요.
setting-mail-authorities = 공개 인증 기관과 더불어 메일 서버를 보증하는 인증 기관이 든 PEM 파일이에요.
setting-mail-user = 해치가 메일 서버에서 쓰는 사용자 이름이에요. 설정하지 않으면 인증하지 않아요.
setting-mail-password = 비밀번호예요. `xoauth2`라면 액세스 토큰이에요.
setting-mail-password-file = `password` 대신, 첫 줄에 비밀번호가 든 파일이에요. 보내기 전에 매번 읽으므로 그 안의 액세스 토큰을 갱신할 수 있어요.
setting-mail-mechanism = 해치가 인증하는 방식이에요: `plain`, `login`, `xoauth2`. 설정하지 않으면 `plain`과 `login` 가운데 서버가 아는 첫 번째를 써요.
setting-mail-timeout-seconds = 메일 서버가 응답마다 쓸 수 있는 시간(초)이에요.
setting-mail-folder = `file`이 메일을 하나씩 파일로 써 두는 폴더예요. 설정하지 않으면 메일을 콘솔에서만 보여 줘요.

setting-network = 앞에 둔 프록시와 밖으로 나가는 호출에 관한 설정이에요.
setting-network-trusted-proxies = 앞에 둔 프록시의 주소예요. 요청이 어디에서 왔는지 알려 주는 말은 이 주소에서 온 것만 믿어요.
setting-network-address-header = 그 프록시가 호출한 쪽의 주소를 적는 헤더예요: `x-forwarded-for` 또는 `forwarded`. 프록시는 모르는 헤더를 그대로 넘기므로 다른 하나는 무시해요.
setting-network-outgoing-allowed = 사설 주소나 루프백이라도 밖으로 나가는 호출이 닿아도 되는 주소 범위예요(예: 같은 네트워크에 있는 클라이언트의 `jwks_uri`).
setting-network-outgoing-http = `outgoing_allowed`의 범위로 가는 호출이 `http`를 써도 되는지 정해요.
setting-network-outgoing-ports = 80, 443, 8080, 8443 말고도 밖으로 나가는 호출이 쓸 수 있는 포트예요. 이 컴퓨터 자신으로 가는 호출은 모든 포트를 쓸 수 있어요.
setting-network-outgoing-authorities = 밖으로 나가는 호출이 추가로 신뢰하는 인증 기관이 든 PEM 파일이에요.
setting-network-outgoing-timeout-seconds = 밖으로 나가는 호출 하나에 쓸 수 있는 시간(초)이에요. 이름을 찾을 때부터 응답이 끝날 때까지예요.

setting-passkeys = 패스키에 관한 설정이에요.
setting-passkeys-related-origins = 이 서버의 패스키를 쓸 수 있는 다른 출처예요(예: `https://example.kr`). `/.well-known/webauthn`에서 브라우저에 알려 줘요.
setting-passkeys-attestation = 어떤 인증기로 패스키를 만들 수 있는지 정해요. `none`은 증명(attestation)을 요구하지 않고 모두 받아요. `listed`는 `allowed_aaguids`에 있고 `metadata_file`로 증명을 확인할 수 있는 것만 받아요.
setting-passkeys-metadata-file = FIDO 메타데이터 서비스의 항목이 든 JSON 파일이에요. 풀어 놓은 BLOB이거나 항목의 배열이에요.
setting-passkeys-allowed-aaguids = 패스키를 만들 수 있는 인증기의 종류예요. AAGUID로 적어요.

setting-pages = 사용자에게 보이는 것에 관한 설정이에요.
setting-pages-service-name = 사용자가 로그인하는 서비스의 이름이에요.
setting-pages-default-locale = 앱도, 계정도, 브라우저도 해치가 아는 언어를 요청하지 않을 때 쓰는 페이지의 언어예요: `en` 또는 `ko`.
setting-pages-support-url = 사용자가 도움을 요청할 수 있는 곳이에요. URL이나 `mailto:` 주소이고, 오류 페이지에 나와요.

setting-log = 로그에 남기는 것에 관한 설정이에요.
setting-log-format = 로그의 형식이에요: `text` 또는 `json`.
setting-log-filter = 어떤 이벤트를 남기는지 정해요. 수준 하나, 또는 `info,haechi=debug` 같은 지시어예요.
