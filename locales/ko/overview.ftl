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
