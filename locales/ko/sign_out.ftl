# Signing out.

sign-out-title = 로그아웃할까요?
sign-out-ask = { $email } 계정으로 로그인되어 있어요. 로그아웃하면 이 로그인으로 앱이 받은 권한이 없어져요. 앱을 쓰지 않는 동안에도 연결을 유지하도록 허용한 앱은 내 계정에서 연결을 끊을 때까지 유지돼요.
sign-out-ask-app = { $app }에서 로그아웃을 요청했어요. 지금 { $email } 계정으로 로그인되어 있어요.
sign-out-submit = 로그아웃
sign-out-stay = 로그인 유지하기
sign-out-done-title = 로그아웃했어요
sign-out-done = 이제 창을 닫아도 돼요. 앱에는 한동안 로그인되어 있을 수 있어요.
sign-out-again = 다시 로그인
sign-out-there = { $provider }에는 아직 로그인되어 있을 수 있어요.
sign-out-there-action = { $provider }에서도 로그아웃
sign-out-unlinked = 연결을 끊었어요. 그 계정으로 로그인한 모든 기기에서 로그아웃했어요. 다른 방법으로 다시 로그인해 주세요.
sign-out-still-title = 아직 로그인되어 있어요
sign-out-still = 이 브라우저는 { $email } 계정으로 로그인되어 있어요.
sign-out-still-unlinked = 연결을 끊었고, 그 계정으로 한 로그인은 끝났어요. 이 브라우저는 아직 { $email } 계정으로 로그인되어 있어요.
sign-out-to-account = 내 계정으로
sign-out-still-deleted = 계정을 삭제했어요. 이 브라우저는 아직 { $email } 계정으로 로그인되어 있어요.
sign-out-deleted-title = 계정을 삭제했어요
sign-out-deleted = 계정에 있던 것은 모두 없어졌어요. 이제 창을 닫아도 돼요.
