# Signing out.

sign-out-title = 로그아웃할까요?
sign-out-ask = { $email } 계정으로 로그인되어 있어요. 로그아웃하면 이 로그인으로 앱에 열려 있는 것도 끝나요.
sign-out-ask-app = { $app }에서 로그아웃을 요청했어요. 지금 { $email } 계정으로 로그인되어 있어요.
sign-out-submit = 로그아웃
sign-out-stay = 로그인 유지하기
sign-out-done-title = 로그아웃했어요
sign-out-done = 이제 창을 닫아도 안전해요. 앱에서는 한동안 로그인 상태가 남아 있을 수 있어요.
sign-out-again = 다시 로그인
sign-out-there = { $provider }에는 아직 로그인되어 있을 수 있어요.
sign-out-there-action = { $provider }에서도 로그아웃
sign-out-unlinked = 연결을 끊었어요. 그 계정으로 로그인했기 때문에 여기를 포함해 그 계정으로 로그인한 모든 곳에서 로그아웃했어요. 다른 방법으로 다시 로그인해 주세요.
