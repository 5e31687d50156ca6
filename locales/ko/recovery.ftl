# Back in by mail: a forgotten password, and an invitation.

recovery-title = 비밀번호를 잊으셨나요?
recovery-text = 로그인할 때 쓰는 이메일 주소를 알려 주세요. 새 비밀번호를 설정할 수 있는 링크를 메일로 보내 드려요.
recovery-submit = 링크 받기
recovery-to-sign-in = 로그인으로 돌아가기
recovery-sent-title = 메일함을 확인해 주세요
recovery-sent = 이 주소로 된 계정이 있으면 링크를 보냈어요. 링크는 30분 동안 쓸 수 있어요. 메일이 오지 않으면 스팸 메일함을 확인하거나 나중에 다시 요청해 주세요.
recovery-off-title = 메일로 비밀번호를 바꿀 수 없어요
recovery-off = 이 서비스는 비밀번호 재설정 링크를 보내지 않아요. 서비스 운영자에게 문의해 주세요.
recovery-spent-title = 더 이상 쓸 수 없는 링크예요
recovery-spent = 이미 썼거나, 기한이 지났거나, 더 새로운 링크가 있어요. 다시 요청해 주세요.
recovery-reset-title = 새 비밀번호 설정
recovery-reset = 지금 로그인되어 있는 모든 곳에서 로그아웃돼요.
recovery-invited-title = 초대받으셨어요
recovery-invited = 비밀번호를 설정하면 바로 계정을 쓸 수 있어요.
recovery-invited-any = 비밀번호를 설정하거나 패스키를 만들면 바로 계정을 쓸 수 있어요.
recovery-invited-passkey = 패스키를 만들면 바로 계정을 쓸 수 있어요.
recovery-back-title = 다시 로그인할 수 있어요
recovery-back = 서비스 운영자가 다시 로그인할 수 있게 해 드렸어요. 패스키를 만들어 주세요. 계정에 있던 비밀번호, 패스키, 2단계 인증은 새 패스키로 바뀌어요.
recovery-reset-submit = 비밀번호 설정하기
recovery-prepared-title = 이제 나만 쓸 수 있는 계정이에요
recovery-prepared = 지금까지는 이 주소의 주인이 확인된 적이 없어서 다른 사람이 이 주소로 계정을 만들어 두었을 수도 있어요. 그래서 전에 있던 비밀번호, 패스키, 2단계 인증, 연결한 계정, 로그인을 모두 끝냈어요. 직접 설정해 둔 것이라면 내 계정에서 다시 추가해 주세요.
recovery-prepared-go-on = 계속하기
