# What mends what was refused of an app. The command line prints it in English.

mend-unknown-client = haechi clients list로 찾아 앱의 client_id를 고치거나, haechi clients create로 앱을 등록하세요
mend-only-if-own = 이런 요청은 누구나 보낼 수 있어요. 앱이 실제로 쓰는 주소일 때만 실행하세요: { $command }
mend-redirect-uri-missing = 앱에서: 등록된 redirect_uri를 보내세요
mend-pkce = 앱에서: PKCE(S256)를 켜세요
mend-pkce-or = 앱에서: PKCE(S256)를 켜세요. 또는: { $command }
mend-nonce-or = 앱에서: nonce를 켜세요. 또는: { $command }
mend-authentication-method = 앱에서: { $registered } 방식으로 인증하세요. 또는: { $command }
mend-wrong-secret = 앱의 시크릿을 고치거나 새로 만드세요: { $command }
mend-code-redirect-uri = 앱에서: /authorize에 보낸 것과 같은 redirect_uri를 /token에도 보내세요
mend-verifier = 앱에서: code_verifier를 로그인하는 동안 세션에 두었다가 /token에 보내세요
mend-code-used = 앱에서: 코드는 한 번만 토큰으로 바꾸세요. 페이지를 두 번 열면 두 번 바꾸게 돼요
mend-refresh-token-reused = 앱에서: 가장 새로 받은 리프레시 토큰을 보관하고, 동시에 갱신하지 마세요
mend-hint-of-other-client = 앱에서: 그 앱이 받은 ID 토큰을 보내거나, client_id를 보내지 마세요
mend-connection = 콘솔에서 연결을 시험하세요: /admin/connections
