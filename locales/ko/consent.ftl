# Consent to what a client asks for.

consent-title = { $app }에 접근을 허용할까요?
consent-intro = 허용하면 { $app }에서 다음을 할 수 있어요.
consent-openid = 나를 알아보기
consent-openid-hint = 나를 나타내는 번호와 로그인한 시각
consent-profile = 프로필 보기
consent-profile-hint = 이름과 사진, 그 밖에 입력한 정보
consent-email = 이메일 주소 보기
consent-email-hint = { $email }
consent-address = 주소 보기
consent-address-hint = 입력해 둔 경우에만
consent-phone = 전화번호 보기
consent-phone-hint = 입력해 둔 경우에만
consent-groups = 내 그룹 보기
consent-groups-hint = 여기에서 내가 속한 그룹
consent-offline-access = 자리를 비운 동안에도 연결 유지하기
consent-offline-access-hint = 내 계정에서 철회할 때까지
consent-other = “{ $scope }” 사용하기
consent-other-hint = { $app }에서 정한 권한이에요
consent-nothing = 계정이 있다는 사실 외에는 아무것도 알 수 없어요
consent-allow = 허용
consent-deny = 허용하지 않음
consent-where = 돌아갈 곳
consent-signed-in = { $email } 계정으로 로그인했어요
consent-not-you = 본인이 아닌가요?
consent-policy = 개인정보 처리방침
consent-terms = 이용약관
