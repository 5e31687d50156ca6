# Signing in.

sign-in-title = 로그인
sign-in-for = 로그인하면 { $app } 화면으로 돌아가요.
sign-in-again = 본인인지 확인해 주세요
sign-in-again-for = { $app }에서 다시 로그인해 달라고 요청했어요.
sign-in-submit = 로그인
sign-in-no-account = 처음이신가요?
sign-in-to-sign-up = 회원가입
sign-in-forgotten = 비밀번호를 잊었나요?
sign-in-ask-administrator = 서비스 관리자가 새 비밀번호를 설정해 줄 수 있어요.
sign-in-wrong = 이메일 주소나 비밀번호가 맞지 않아요. 다시 확인해 주세요.
sign-in-throttled = 시도한 횟수가 너무 많아요. { $wait } 뒤에 다시 시도해 주세요. 계정에는 아무 문제가 없어요.
sign-in-busy = 지금 로그인하는 사람이 많아요. 잠시 뒤에 다시 시도해 주세요.
sign-in-disabled = 이용이 정지된 계정이에요. 문제가 있다고 생각되면 서비스 관리자에게 문의해 주세요.
sign-in-no-passwords = 이 서비스는 비밀번호 대신 외부 로그인으로 로그인해요.
sign-in-remember = 이 기기에서 로그인 상태 유지
