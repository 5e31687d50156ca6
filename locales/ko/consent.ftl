# Consent to what a client asks for.

consent-title = { $app }에 내 정보를 제공할까요?
consent-intro = 허용하면 { $app }에서 아래 정보와 권한을 사용해요.
consent-openid = 내 계정 확인
consent-openid-hint = 고유 식별자와 로그인한 시각
consent-profile = 프로필
consent-profile-hint = 이름과 그 밖에 입력한 정보
consent-email = 이메일 주소
consent-email-hint = { $email }
consent-address = 주소
consent-address-hint = 입력한 경우에만 제공해요
consent-phone = 전화번호
consent-phone-hint = 입력한 경우에만 제공해요
consent-groups = 내 그룹
consent-groups-hint = 여기에서 내가 속한 그룹
consent-offline-access = 앱을 쓰지 않는 동안에도 연결 유지
consent-offline-access-hint = 내 계정에서 연결을 끊을 때까지 유지돼요
consent-other = “{ $scope }” 권한 사용
consent-other-hint = { $app }에서 정한 권한이에요
consent-nothing = 계정이 있다는 사실 외에는 아무 정보도 제공하지 않아요
consent-allow = 허용
consent-deny = 허용 안 함
consent-where = 돌아갈 곳
consent-signed-in = { $email } 계정으로 로그인했어요
consent-not-you = 본인이 아닌가요?
consent-policy = 개인정보 처리방침
consent-terms = 이용약관
