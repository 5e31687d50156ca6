# The administrator's start page.

console-title = 관리
console-intro = 브라우저에서 관리할 수 있는 항목이에요. 나머지는 서버가 실행되는 곳에서 명령으로 관리해요.
console-connections = { $count }개 설정됨
console-open = 열기
console-steps = 처음 할 일
console-steps-note = 명령은 서버가 실행되는 곳에서 입력하고, 바로 적용돼요.
console-done = 완료
console-first-app-title = 첫 앱 등록하기
console-first-app = 사용자가 이 서버로 로그인할 앱이에요. 명령을 실행하면 클라이언트 ID와 비밀키가 나와요.
console-doctor-title = 설정 점검하기
console-doctor = 발급자 주소, 프록시, 데이터베이스, 키, 인증서를 살펴보고 고칠 방법을 알려 줘요.
console-second-title = 두 번째 관리자 만들기
console-second = 한 사람이 자리를 비워도 관리할 수 있어요.
