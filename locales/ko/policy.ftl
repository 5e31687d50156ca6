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
policy-domains = 도메인
policy-domains-hint = example.com처럼 한 줄에 하나씩 입력해 주세요. 하위 도메인은 다른 도메인이에요.
policy-passwords = 비밀번호
policy-password-sign-in = 비밀번호로 로그인
policy-password-sign-in-hint = 끄면 외부 로그인으로만 로그인할 수 있어요. 서버 소유자 중 한 명은 외부 로그인을 쓸 수 있어야 끌 수 있어요.
policy-min-chars = 새 비밀번호의 최소 글자 수
policy-min-chars-hint = { $n }자에서 64자까지 정할 수 있어요. 비워 두면 서버 설정대로 { $n }자예요. 이미 쓰는 비밀번호는 그대로예요.
policy-sessions-title = 세션
policy-remember = 로그인 상태 유지 허용
policy-remember-hint = 켜면 로그인 페이지에서 물어봐요. 끄면 브라우저를 닫을 때 로그아웃돼요.
policy-idle = 쓰지 않는 세션이 끝나는 시간
policy-absolute = 모든 세션이 끝나는 시간
policy-hours-hint = { $n }시간까지 정할 수 있어요. 비워 두면 서버 설정대로 { $n }시간이에요.
policy-sessions = 한 계정에서 동시에 쓰는 세션 수
policy-sessions-hint = 1개에서 100개까지 정할 수 있어요. 넘으면 가장 먼저 시작한 세션이 끝나요. 비워 두면 제한이 없어요.
policy-narrowed = 콘솔에서 더 엄격하게 정했어요: { $value }
