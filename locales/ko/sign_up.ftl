# Creating an account.

sign-up-title = 회원가입
sign-up-for = 가입하면 { $app } 화면으로 돌아가요.
sign-up-submit = 가입하기
sign-up-have = 이미 계정이 있으신가요?
sign-up-to-sign-in = 로그인
sign-up-off-title = 지금은 가입할 수 없어요
sign-up-off = 이 서비스의 계정은 관리자가 만들어요. 이미 계정이 있다면 로그인해 주세요.
sign-up-signed-in-title = 이미 로그인되어 있어요
sign-up-signed-in = 이 브라우저는 { $email } 계정으로 로그인되어 있어요.
sign-up-another = 다른 계정 만들기
