# The console: all connections to upstream providers.

connections-title = 외부 로그인
connections-where = 현재 위치
connections-intro = 다른 서비스의 계정으로 로그인할 수 있게 해요. 버튼은 이 순서대로 보여요.
connections-empty = 아직 연결한 제공자가 없어요. 지금은 이메일 주소와 비밀번호로만 로그인할 수 있어요.
connections-add = 제공자 추가
connections-choose = 제공자 선택
connections-choose-intro = 찾는 제공자가 없다면 OpenID Connect를 선택해 보세요. 대부분의 제공자가 지원해요.
connections-new = 새 연결: { $name }
connections-create = 만들기
connections-create-hint = 처음에는 꺼져 있어요. 먼저 테스트한 뒤 켜 주세요.
connections-search = 이름으로 검색
connections-ask-off = 선택한 제공자를 모두 끌까요? 아무도 이 방법으로 로그인할 수 없게 되고, 이 방법으로 로그인한 사람은 모두 로그아웃돼요.
