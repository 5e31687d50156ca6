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
sign-up-mailed = { $email } 주소로 메일을 보냈어요. 이 브라우저에서 메일의 링크를 누르거나 여기에 코드를 입력하면 계정이 만들어져요. 한 시간 동안 쓸 수 있어요.
sign-up-no-mail = 메일이 오지 않나요? 스팸 메일함과 입력한 주소를 확인해 주세요.
sign-up-again = 다시 가입하기
sign-up-link-title = 계정을 만들까요?
sign-up-link-text = { $email } 주소가 본인 것이라고 확인하고, 이 주소로 계정을 만들어요.
sign-up-elsewhere = { $email } 주소로 계정을 만드는 링크예요. 가입하던 브라우저에서만 쓸 수 있어요.
sign-up-elsewhere-start = 이 브라우저에서 계정을 만들고 싶다면 여기에서 가입해 주세요. 직접 가입한 것이 아니라면 아무것도 하지 않아도 돼요. 아직 계정은 없어요.
sign-up-taken-title = 이미 계정이 있어요
sign-up-taken = 그사이 이 주소로 계정이 생겼어요. 그 계정으로 로그인해 주세요.
sign-up-spent-title = 더는 쓸 수 없어요
sign-up-spent = 이미 썼거나, 코드를 여러 번 잘못 입력했거나, 시간이 지났거나, 다른 브라우저의 것이에요. 이것으로 만들어진 계정은 없어요. 다시 가입하거나, 계정이 있다면 로그인해 주세요.
