# What administrators decide for the whole server.

policy-saved = 저장했어요. 지금부터 모두에게 적용돼요.
policy-sign-in = 로그인 정책
policy-sign-in-intro = 누가 계정을 만들 수 있고 어떻게 로그인하는지 정해요. 서버 설정이 한계예요. 여기서는 더 엄격하게만 바꿀 수 있어요. 바꾼 내용은 모든 노드와 이미 로그인한 세션에 바로 적용돼요.
policy-sign-up = 새 계정
policy-sign-up-who = 가입할 수 있는 사람
policy-sign-up-hint = 회원가입 페이지와 외부 로그인에 모두 적용돼요. 관리자는 언제든지 계정을 만들 수 있어요.
policy-sign-up-open = 누구나
policy-sign-up-domains = 정해진 도메인의 이메일 주소가 있는 사람
policy-sign-up-closed = 관리자만 계정을 만들 수 있음
policy-closed = 서버 설정(accounts.sign_up)에서 회원가입을 닫아 두었어요. 여기서 무엇을 골라도 아무도 가입할 수 없어요.
policy-verification = 이메일 주소 확인
policy-verification-hint = 확인 링크를 메일로 보내요. 어떤 앱이든 로그인하기 전에 확인하게 하면, 링크를 쓸 때까지 계정이 생기지 않고 가입할 때 누가 계정이 있는지 알 수 없어요. 주소를 이미 확인한 외부 로그인으로 온 사람은 다시 확인하지 않아도 돼요.
policy-verification-not-asked = 원하는 사람만
policy-verification-when-asked-for = 앱이 주소를 요청할 때
policy-verification-before-login = 어떤 앱이든 로그인하기 전에
policy-no-mail = 이 서버에서는 메일을 보내지 않아요. 설정의 [mail] 섹션을 확인해 주세요.
policy-domains = 도메인
policy-domains-hint = example.com처럼 한 줄에 하나씩 입력해 주세요. 하위 도메인은 다른 도메인이에요.
policy-passwords = 비밀번호
policy-password-sign-in = 비밀번호로 로그인
policy-password-sign-in-hint = 끄면 패스키와 외부 로그인으로만 로그인할 수 있어요. 서버 소유자 중 한 명은 그렇게 로그인할 수 있어야 끌 수 있어요.
policy-passkey-sign-in = 패스키로 로그인
policy-passkey-sign-in-hint = 끄면 페이지에서 패스키를 권하지 않고, 패스키로 로그인할 수도 없어요. 이미 있는 패스키는 그대로 남고 삭제할 수 있어요.
policy-only-passkeys = { $n ->
   *[other] 패스키로만 로그인하는 계정이 { $n }개 있어요.
}
policy-only-passkeys-problem = { $n ->
   *[other] 계정 { $n }개에 더는 로그인할 수 없게 돼요. 그래도 괜찮으면 아래에서 확인해 주세요.
}
policy-only-passkeys-confirm = 이 계정들의 로그인을 막기
policy-only-passkeys-confirm-hint = 이 서버에서 메일을 보내면 비밀번호 설정 링크로 다시 들어올 수 있고, 패스키를 다시 켜도 돼요.
policy-by-mail = 메일로 로그인
policy-by-mail-hint = 로그인 페이지에서 링크와 여섯 자리 코드를 메일로 받을 수 있어요. 2단계 인증을 설정하지 않은 계정에는 메일을 읽을 수 있는 사람이면 로그인할 수 있어요.
policy-min-chars = 새 비밀번호의 최소 글자 수
policy-min-chars-hint = { $n }자에서 64자까지 정할 수 있어요. 비워 두면 서버 설정대로 { $n }자예요. 이미 쓰는 비밀번호는 그대로예요.
policy-factors = 2단계 인증
policy-factor = 계정의 2단계 인증
policy-factor-hint = 비밀번호나 외부 로그인에 더해 인증 앱의 코드를 확인해요. 등록한 사람에게는 항상 코드를 물어봐요. 필수로 정하면 패스키로도 되고, 둘 다 없는 사람은 다음에 로그인할 때 인증 앱을 등록해요.
policy-factor-off = 끔: 등록할 수 없음
policy-factor-offered = 선택: 원하는 사람만 등록
policy-factor-required = 필수
policy-factor-administrators = 관리자의 2단계 인증
policy-factor-administrators-hint = 모든 역할에 적용돼요. 이 설정과 위의 설정, 서버 설정(accounts.administrators_second_factor) 중에서 가장 엄격한 것을 따라요. 필수여도 첫 로그인은 그대로 할 수 있어요.
policy-trust = 브라우저를 신뢰하는 기간(일)
policy-trust-hint = 30일까지 정할 수 있고, 0이면 쓰지 않아요. 신뢰하는 브라우저에서는 코드를 묻지 않아요. 관리자에게는 항상 물어봐요.
policy-email-code = 인증 앱이 없는 사람은 메일 코드로 대신하기
policy-email-code-hint = 2단계 인증이 필수일 때 적용돼요. 메일을 읽을 수 있는 사람이면 누구나 받을 수 있는 약한 방법이라서 앱에는 2단계 인증으로 알리지 않아요. 관리자, 인증 앱이 있는 사람, 메일로 로그인한 사람에게는 쓸 수 없어요.
policy-sessions-title = 세션
policy-remember = 로그인 상태 유지 허용
policy-remember-hint = 켜면 로그인 페이지에서 물어봐요. 끄면 브라우저를 닫을 때 로그아웃돼요.
policy-idle = 쓰지 않는 세션이 끝나는 시간
policy-absolute = 모든 세션이 끝나는 시간
policy-hours-hint = { $n }시간까지 정할 수 있어요. 비워 두면 서버 설정대로 { $n }시간이에요.
policy-sessions = 한 계정에서 동시에 쓰는 세션 수
policy-sessions-hint = 1개에서 100개까지 정할 수 있어요. 넘으면 가장 먼저 시작한 세션이 끝나요. 비워 두면 제한이 없어요.
policy-narrowed = 콘솔에서 더 엄격하게 정했어요: { $value }
