# The console: what surrounds its pages, and its first page.

console-title = 관리
console-overview = 개요
console-hello = { $name } 님, 안녕하세요
console-intro = 사용자, 앱, 외부 로그인은 여기에서, 나머지는 서버가 실행되는 곳에서 명령으로 관리할 수 있어요. “haechi --help”를 실행하면 명령 목록이 나와요.
console-intro-roles = 여기에서 보고 할 수 있는 일은 메뉴에 있어요.
console-intro-delegated = 아래 목록에 있는 것을 맡고 있어요. 나머지는 이 서버의 관리자가 맡아요.
console-delegated = 내가 맡은 것
console-rooms = 관리 메뉴
console-search = 사용자와 앱 검색
console-me = 내 계정: { $name }
console-steps = 처음 할 일
console-steps-note = 명령은 서버가 실행되는 곳에서 실행해 주세요. 바뀐 내용은 바로 적용돼요.
console-done = 완료
console-first-app-title = 첫 앱 등록하기
console-first-app = 이 서버로 사용자를 로그인시킬 앱이에요. 명령을 실행하면 필요한 것을 물어본 뒤 클라이언트 ID와 시크릿을 알려 줘요. 설정이 알려진 소프트웨어는 “haechi recipes”로 볼 수 있어요.
console-second-title = 두 번째 관리자 만들기
console-second = 한 사람이 자리를 비워도 관리할 수 있어요.
console-doctor-title = 설정 점검하기
console-doctor = 발급자 주소, 프록시, 데이터베이스, 키, 인증서를 살펴보고 고칠 방법을 알려 줘요.
console-claimed-title = 서버 관리자 등록하기
console-claimed = 관리자 등록 링크를 사용했어요. 더 이상 쓸 수 없는 링크예요.
console-first-login-title = 한 번 로그인해 보기
console-first-login = 앱 페이지의 “사용해 보기”에서 로그인을 진행하고 앱이 받는 내용을 확인할 수 있어요.
console-backup-title = 백업하기
console-backup = 데이터베이스와 키 암호화 키를 서로 다른 곳에 백업해 주세요. 키가 없으면 저장된 키를 읽을 수 없어요. 백업하고 있는지는 서버가 알 수 없어요.
console-production-title = 운영 준비하기
console-production = 실제로 운영하기 전에 더 필요한 것과, TOML과 Helm 값으로 내보낸 설정이에요.
console-open = 열기
console-provider-off = { $name }(꺼짐)
console-found-nothing = 찾은 것이 없어요.
console-document = JSON
console-document-hint = 명령줄에서 보여 주고 읽는 문서예요. 비밀 값은 들어 있지 않아요.
console-commands = 명령줄과 API
console-commands-hint = 서버가 실행되는 곳의 명령줄이나 API로 같은 일을 해요. API 호출에는 TOKEN 변수에 담긴 액세스 토큰을 써요. If-Match가 있는 호출은 그사이 다른 사람이 바꿨다면 아무것도 바꾸지 않아요.
console-sort = 정렬
console-sort-key = 식별자순
console-sort-name = 이름순
console-sort-newest = 최신순
console-show = 보기
console-show-all = 모두 보기
console-pick-one = { $name } 선택
console-pick-all = 이 페이지 모두 선택
console-chosen = ({ $n }명)
console-pages = 페이지
console-first-page = 첫 페이지
console-next-page = 다음 페이지
console-arrival-title = 관리 화면을 여는 중이에요
console-arrival-text = 메일의 링크처럼 이 사이트 밖에서 들어왔어요. 다른 사이트가 몰래 관리 화면을 조작하지 못하도록 이 화면을 거쳐서 열어요. 넘어가지 않으면 버튼을 눌러 주세요.
console-arrival-go-on = 계속하기
console-several = 선택한 항목 모두
console-several-chosen = ({ $n }개)
console-several-delete = { $n ->
   *[other] { $n }개를 삭제할까요?
}
console-several-done = { $n ->
    [0] 바뀐 것이 없어요.
   *[other] { $n }개를 바꿨어요.
}
console-several-gone = { $n ->
   *[other] { $n }개는 이미 없어졌어요.
}
console-several-forbidden = { $n ->
   *[other] { $n }개는 바꿀 권한이 없어서 그대로 두었어요.
}
console-several-managed = { $n ->
   *[other] { $n }개는 파일로 관리되고 있어서 그대로 두었어요.
}
console-several-used = { $n ->
   *[other] { $n }개는 아직 쓰이고 있어서 그대로 두었어요.
}
console-several-incomplete = { $n ->
   *[other] { $n }개는 설정이 빠졌거나 잘못되어서 그대로 두었어요. 열어서 확인해 주세요.
}
console-several-left = { $n ->
   *[other] { $n }개는 바꾸지 못해서 그대로 두었어요. 열어서 다시 시도해 주세요.
}
