# The console: how the server is used, and how it is.

overview-use = 이용 현황
overview-span = 기간
overview-by-day = 14일
overview-by-hour = 48시간
overview-logins = 로그인
overview-signed-in = 성공
overview-failed = 거부
overview-active = 활성 사용자
overview-refusals = 거부된 요청
overview-refused = 거부
overview-throttled = 너무 잦은 시도
overview-tokens = 앱별 토큰
overview-count = 토큰 응답
overview-others = 그 밖의 앱
overview-none = 아직 없어요.
overview-table = 표로 보기
overview-health = 상태
overview-database = 데이터베이스
overview-redis = Redis
overview-keys = 서명 키
overview-guessing = 비밀번호 추측 시도
overview-attention = 확인 필요
overview-mail = 메일
overview-good = 정상
overview-bad = 응답 없음
overview-absent = 설정 안 됨
overview-methods = 방법별 로그인
overview-method = 방법
overview-by-password = 비밀번호
overview-by-passkey = 패스키
overview-by-mail = 메일로 받은 코드나 링크
overview-by-provider = 로그인 제공자
overview-needs = 확인이 필요한 일
overview-needs-nothing = 확인할 일이 없어요.
overview-needs-mail = { $n ->
   *[other] 메일 { $n }통을 보내지 못해 포기했어요.
}
overview-needs-answers = { $n ->
   *[other] 초대 { $n }건이 이틀 넘게 답을 받지 못했어요.
}
overview-needs-app = { $n ->
   *[other] 지난 이틀 동안 { $name }의 요청이 { $n }번 거부됐어요.
}
overview-needs-secret = { $name }에서 새 시크릿과 함께 이전 시크릿도 아직 쓸 수 있어요.
overview-needs-webhook = { $name } 웹훅이 꺼져 있어서 아무것도 전달되지 않아요.
overview-needs-key = { $name } 키가 설정한 교체 주기를 넘겨 서명하고 있어요. 교체되지 않았어요.
overview-needs-owner = 소유자가 한 명뿐이에요. 로그인하지 못하게 될 때를 대비해 한 명 더 두세요.
overview-needs-production = { $n ->
   *[other] 운영에 필요한 설정 { $n }개가 빠져 있어요.
}
overview-needs-sending = 메일이 설정되지 않아서 비밀번호 재설정이나 초대 메일을 보낼 수 없어요.
