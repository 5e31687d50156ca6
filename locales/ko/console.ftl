# The administrator's start page.

console-title = 관리
console-intro = 일부는 브라우저에서, 전부는 서버가 실행되는 곳에서 명령으로 관리할 수 있어요. “haechi --help”를 실행하면 명령 목록이 나와요.
console-steps = 처음 할 일
console-steps-note = 명령은 서버가 실행되는 곳에서 실행해 주세요. 바뀐 내용은 바로 적용돼요.
console-done = 완료
console-first-app-title = 첫 앱 등록하기
console-first-app = 이 서버로 사용자를 로그인시킬 앱이에요. 명령을 실행하면 필요한 것을 물어본 뒤 클라이언트 ID와 시크릿을 알려 줘요. 설정이 알려진 소프트웨어는 “haechi recipes”로 볼 수 있어요.
console-second-title = 두 번째 관리자 만들기
console-second = 한 사람이 자리를 비워도 관리할 수 있어요.
console-doctor-title = 설정 점검하기
console-doctor = 발급자 주소, 프록시, 데이터베이스, 키, 인증서를 살펴보고 고칠 방법을 알려 줘요.
console-here = 브라우저에서 관리하기
console-open = 열기
console-provider-off = { $name }(꺼짐)
