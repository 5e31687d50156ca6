# The console: how strictly an app is held.

security-grade = 보안 등급
security-grade-hint = 이 앱을 얼마나 엄격하게 다루는지 보여 줘요. 한 단계 올리면 앱이 어차피 하지 않는 것을 더 거절해요.
security-here = 현재
security-not-offered = 아직 지원하지 않아요
security-compatible = 호환
security-compatible-hint = 규격이 허용하는 것은 모두 받아서, 대부분의 소프트웨어가 자체 문서대로 동작해요.
security-baseline = 기본
security-baseline-hint = RFC 9700이 모든 앱에 권하는 수준이에요. PKCE와 한 가지 인증 방식을 써요.
security-own-key = 자체 키
security-own-key-hint = 자기 키로 서명하거나(private_key_jwt) 시크릿이 아예 없어요.
security-constrained = 발신자 제한 토큰
security-constrained-hint = 훔쳐도 쓸 수 없는 토큰이에요(DPoP, 상호 TLS).
security-fapi = FAPI 2.0
security-fapi-hint = 은행과 의료 서비스가 요구하는 수준이에요.
security-steps = 다음 단계
security-nothing = 여기서 더 할 일이 없어요.
security-seen = 최근 로그인에서 본 것
security-seen-of = { $n ->
   *[other] 최근 로그인 { $n }번을 살펴봤어요.
}
security-seen-none = 아직 이 앱에 로그인한 사람이 없어요.
security-seen-pkce = 코드 챌린지(PKCE)
security-seen-nonce = nonce
security-pkce = PKCE 없는 로그인도 받아요
security-pkce-press = PKCE 요구하기
security-nonce = nonce 없는 로그인도 받아요
security-nonce-press = nonce 요구하기
security-pin = 시크릿을 두 가지 방식으로 받아요
security-pin-hint = 모든 로그인이 같은 방식을 썼어요.
security-pin-unknown = 어떤 방식을 쓰는지 아직 몰라요. 먼저 몇 번 로그인해 보세요.
security-pin-basic-press = client_secret_basic만 받기
security-pin-post-press = client_secret_post만 받기
security-shared = 서버와 시크릿을 공유해요
security-shared-hint = 라이브러리가 자기 키로 서명할 수 있다면 자격 증명에서 private_key_jwt와 키를 설정해 주세요.
security-audience = 어서션이 엔드포인트를 대상으로 할 수 있어요
security-audience-hint = FAPI 2.0 소프트웨어는 발급자만 대상으로 해요. 앱이 그럴 때만 눌러 주세요.
security-audience-press = 발급자만 받기
security-localhost = 리다이렉트 URI에 localhost가 있어요
security-localhost-hint = 다른 소프트웨어가 그 이름으로 응답할 수 있어요. http://127.0.0.1/을 써 주세요(RFC 8252 8.3절).
security-all-had = { $n ->
   *[other] 최근 로그인 { $n }번에 모두 있었어요. 요구해도 거절되는 것이 없어요.
}
security-some-had-not = { $n ->
   *[other] 최근 로그인 중 { $n }번에는 없었어요. 요구했다면 거절됐을 거예요.
}
security-not-seen = 아직 로그인한 사람이 없어서 앱이 무엇을 보내는지 몰라요.
