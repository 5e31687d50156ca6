# The console: the first run, and what a server needs in production.

setup-title = 설정 점검
setup-way = 첫 로그인까지
setup-step-account = 관리자
setup-step-server = 서버
setup-step-app = 첫 앱
setup-step-login = 첫 로그인
setup-all-good = 여기에서 볼 수 있는 것은 모두 정상이에요.
setup-to-mend = { $n ->
   *[other] 살펴볼 것이 { $n }개 있어요. 나머지는 모두 정상이에요.
}
setup-ok = 정상
setup-warn = 살펴보세요
setup-fail = 고쳐야 해요
setup-again = 다시 점검
setup-later = 나중에
setup-to-app = 첫 앱 등록하기
setup-doctor = 서버가 실행되는 곳에서 같은 점검을 하는 명령:
setup-issuer = 발급자 주소
setup-listen = 수신 주소
setup-descriptors = 연결 수
setup-database = 데이터베이스
setup-redis = Redis
setup-keys = 키 암호화 키
setup-tls-key = TLS 키
setup-signing = 서명 키
setup-claimed = 관리자
setup-reached = 발급자 주소로 접속
setup-proxy = 프록시
setup-host = 호스트 이름
setup-request = 지금 이 요청
setup-clock = 시계
setup-mail = 메일
setup-expired = 만료된 데이터
setup-guessing = 비밀번호 추측
setup-production = 운영 환경 설정
setup-production-intro = 실제로 운영하기 전에 더 필요한 것과, 가져갈 수 있는 설정이에요.
setup-production-ready = 더 필요한 것이 없어요.
setup-toml-hint = 설정 파일을 읽는 서버에 쓰세요. 예시는 실제 이름으로 바꿔 주세요.
setup-helm-hint = charts/haechi의 Helm 차트에 쓰세요. 비밀 값은 여기에 적힌 Secret에 있어요.
setup-needs-issuer = https 발급자 주소
setup-needs-issuer-hint = 토큰에 적히고 앱이 비교하는 주소예요. 앱을 연결하기 전에 바뀌지 않을 이름을 정해 주세요.
setup-needs-proxies = 신뢰하는 프록시
setup-needs-proxies-hint = TLS가 이 서버 앞에서 끝나요. 프록시의 주소를 알아야 요청이 어디에서 왔는지 알 수 있어요.
setup-needs-database = PostgreSQL
setup-needs-database-hint = SQLite 파일은 노드 하나에 알맞아요. 여러 노드는 PostgreSQL을 함께 써요.
setup-needs-redis = Redis
setup-needs-redis-hint = 여러 노드가 세션과 제한을 함께 두는 곳이에요. 노드가 하나면 없어도 돼요.
setup-needs-key = 따로 보관하는 키 암호화 키
setup-needs-key-hint = 지금은 데이터베이스 옆의 파일에 있어요. 둘 다 가진 사람은 서명 키를 읽을 수 있으니, 환경 변수로 받고 사본은 다른 곳에 보관해 주세요.
setup-needs-support = 도움을 요청할 곳
setup-needs-support-hint = 오류 페이지에서 링크로 보여 줘요(pages.support_url).
setup-needs-log = 프로그램이 읽는 로그
setup-needs-log-hint = log.format = "json"으로 하면 로그 수집기가 읽을 수 있어요.
setup-download = 다운로드
