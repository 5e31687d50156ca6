# Proving the address of an account.

verification-title = 이메일 주소를 확인해 주세요
verification-for = { $app } 화면으로 가기 전에
verification-text = { $email } 주소로 링크를 보내 드려요. 이 브라우저나 로그인되어 있는 브라우저에서 눌러 주세요.
verification-sent = { $email } 주소로 링크를 보냈어요. 이 브라우저나 로그인되어 있는 브라우저에서 눌러 주세요.
verification-send = 링크 받기
verification-send-again = 다시 받기
verification-go-on = 확인했어요
verification-other = 주소가 다른가요? 내 계정에서 바꿀 수 있어요.
verification-link-title = 본인 주소가 맞나요?
verification-link-text = { $email } 주소가 본인 것인지 확인해 주세요.
verification-confirm = 주소 확인하기
verification-sign-in-first = 계정을 만든 본인인지 알 수 있도록 먼저 로그인해 주세요.
verification-sign-in = 로그인
verification-take-over = 이 계정을 만들지 않았거나 로그인할 수 없어요
verification-take-over-hint = 새 비밀번호를 설정해요. 다른 사람이 미리 해 둔 로그인과 다른 로그인 방법은 모두 사라져요.
verification-taken-title = 다른 계정이 쓰고 있는 주소예요
verification-taken = 그사이에 이 주소로 다른 계정이 만들어졌어요. 바뀐 것은 없어요.
verification-to-account = 내 계정으로
verification-undo-title = 주소 변경을 되돌릴까요?
verification-undo-text = 계정 주소가 다시 { $email } 주소가 돼요. 로그인된 모든 곳에서 로그아웃되고, 그 뒤에 추가된 로그인 방법은 삭제돼요. 전부터 있던 2단계 인증으로 추가한 2단계 인증은 남아요.
verification-undo-confirm = 되돌리기
verification-undone-title = 계정의 주소를 되돌렸어요
verification-undone = 모든 곳에서 로그아웃됐어요. 직접 바꾼 것이 아니라면 다른 사람이 비밀번호를 알 수도 있으니 지금 새 비밀번호를 설정해 주세요.
verification-undone-action = 새 비밀번호 설정하기
