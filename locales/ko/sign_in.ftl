# Signing in.

sign-in-title = 로그인
sign-in-for = 로그인하면 { $app } 이용을 계속할 수 있어요.
sign-in-again = 본인인지 확인해 주세요
sign-in-again-for = { $app }에서 다시 한번 로그인을 요청했어요.
sign-in-submit = 로그인
sign-in-no-account = 처음이신가요?
sign-in-to-sign-up = 회원가입
sign-in-wrong = 이메일 주소나 비밀번호가 맞지 않아요. 둘 다 확인하고 다시 시도해 주세요.
sign-in-throttled = 시도가 너무 많았어요. { $wait } 뒤에 다시 시도해 주세요. 계정에는 아무 일도 없어요.
sign-in-busy = 지금 로그인하는 사람이 많아요. 몇 초 뒤에 다시 시도해 주세요.
sign-in-disabled = 사용이 중지된 계정이에요. 잘못된 것 같다면 서비스 운영자에게 문의해 주세요.
