# Creating an account.

sign-up-title = 회원가입
sign-up-for = 계정을 만들면 { $app } 이용을 계속할 수 있어요.
sign-up-submit = 계정 만들기
sign-up-have = 이미 계정이 있으신가요?
sign-up-to-sign-in = 로그인
sign-up-off-title = 회원가입을 받지 않고 있어요
sign-up-off = 이곳의 계정은 관리자가 만들어요. 이미 계정이 있다면 로그인해 주세요.
