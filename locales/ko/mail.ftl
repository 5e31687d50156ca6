# Mail that people get.

mail-foot = { $address } 주소로 { $service } 계정이 있어서 보내 드린 메일이에요. 답장은 아무도 읽지 않아요.
mail-foot-sign-up = { $address } 주소로 { $service }에 가입하려는 요청이 있어서 보내 드린 메일이에요. 답장은 아무도 읽지 않아요.
mail-or-copy = 버튼이 눌리지 않으면 아래 주소를 브라우저에 붙여 넣어 주세요.
mail-lasts-minutes = { $n ->
   *[other] 링크는 { $n }분 동안 한 번만 쓸 수 있어요.
}
mail-lasts-hours = { $n ->
   *[other] 링크는 { $n }시간 동안 한 번만 쓸 수 있어요.
}
mail-lasts-days = { $n ->
   *[other] 링크는 { $n }일 동안 한 번만 쓸 수 있어요.
}
mail-sign-in-lasts = { $n ->
   *[other] 링크와 코드는 { $n }분 동안 한 번만 쓸 수 있어요.
}
mail-code-lasts = { $n ->
   *[other] 코드는 { $n }분 동안 한 번만 쓸 수 있어요.
}
mail-code-secret = 서비스 운영자는 이 코드를 절대 묻지 않아요. 코드를 묻는 페이지에만 입력해 주세요.
mail-code-not-me = 본인이 아니라면 누군가 비밀번호를 알고 있는 거예요. 비밀번호를 바꿔 주세요.
mail-held-back-advice = 본인이라면 15분 뒤에 다시 시도해 주세요. 본인이 아니라도 추측하기 어려운 비밀번호를 쓰고 있다면 아무것도 하지 않아도 돼요.
mail-not-me = 직접 요청하지 않았다면 아무것도 하지 않아도 돼요.
mail-ask-for-help = 예상하지 못한 일이라면 서비스 운영자에게 문의해 주세요.
mail-was-it-you = 본인이 아니라면 바로 비밀번호를 바꾸고, 어디에 로그인되어 있는지 확인해 주세요.
mail-by-administrator = 서비스 관리자가 한 일이에요.
mail-to-security = 내 계정 확인하기
mail-fact-when = 시각
mail-fact-from = 접속 주소
mail-fact-address = 새 주소
mail-test-subject = { $service }: 메일이 잘 도착해요
mail-test = { $service } 메일이 도착하는지 확인하려고 보낸 메일이에요. 잘 도착했어요.
mail-verify-subject = { $service }: 이메일 주소를 확인해 주세요
mail-verify = 이 주소가 본인 것인지 확인해 주세요. 그러면 { $service } 계정에 일어난 일을 알려 드리고, 비밀번호를 잊었을 때 다시 로그인하도록 도와드릴 수 있어요.
mail-verify-action = 주소 확인하기
mail-new-address-subject = { $service }: 새 이메일 주소를 확인해 주세요
mail-new-address = 이 주소를 { $service } 계정에 쓰겠다고 요청했어요. 본인 주소인지 확인해 주세요. 확인할 때까지는 이전 주소를 그대로 써요.
mail-new-address-action = 이 주소 쓰기
mail-address-changed-subject = { $service }: 계정의 주소가 바뀌었어요
mail-address-changed = 이제 { $service } 계정에는 이 주소가 아니라 다른 이메일 주소로 로그인해요.
mail-address-changed-action = 되돌리기
mail-address-changed-undo = { $n ->
   *[other] 본인이 바꾼 것이 아니라면 { $n }일 안에 되돌릴 수 있어요. 되돌리면 계정 주소가 이 주소로 돌아오고, 로그인된 모든 곳에서 로그아웃돼요.
}
mail-reset-subject = { $service }: 새 비밀번호를 설정해 주세요
mail-reset = { $service } 계정의 새 비밀번호를 요청하셨어요. 새 비밀번호를 설정하면 다른 곳에서는 모두 로그아웃돼요.
mail-reset-by-administrator = { $service } 관리자가 새 비밀번호를 설정할 수 있는 링크를 보냈어요. 새 비밀번호를 설정하면 다른 곳에서는 모두 로그아웃돼요.
mail-reset-action = 새 비밀번호 설정하기
mail-invitation-subject = { $service }: 초대받으셨어요
mail-invitation = { $service } 관리자가 계정을 만들어 두었어요. 로그인 방법을 정하면 바로 쓸 수 있어요.
mail-invitation-action = 초대 수락하기
mail-sign-up-subject = { $service }: 이메일 주소를 확인해 주세요
mail-sign-up = 이 주소로 { $service }에 가입하려는 요청을 받았어요. 가입한 브라우저에서 아래 링크를 누르면 계정이 만들어져요. 그전에는 계정이 없어요.
mail-sign-up-action = 주소 확인하기
mail-sign-up-code = 다른 기기에서 메일을 읽고 있나요? 가입하던 화면에 이 코드를 입력해 주세요.
mail-sign-up-taken-subject = { $service }: 이미 계정이 있어요
mail-sign-up-taken = 이 주소로 { $service }에 새로 가입하려는 요청을 받았어요. 이미 계정이 있는 주소라서 새로 만들지 않았고, 계정에서 바뀐 것도 없어요. 쓰고 있는 계정으로 로그인해 주세요.
mail-sign-up-taken-forgot = 로그인 방법이 기억나지 않으면 로그인 화면에서 새 비밀번호를 받을 수 있어요.
mail-sign-in-subject = { $service }: 로그인해 주세요
mail-sign-in = 이 주소로 { $service }에 로그인하려는 요청을 받았어요. 요청한 브라우저에서 아래 링크를 눌러 주세요.
mail-sign-in-action = 로그인하기
mail-sign-in-code = 다른 기기에서 메일을 읽고 있나요? 로그인하려는 화면에 이 코드를 입력해 주세요.
mail-code-subject = { $service }: 로그인 코드
mail-code = { $service } 로그인을 계속하려면 이 코드를 입력해 주세요.
mail-password-changed-subject = { $service }: 비밀번호가 바뀌었어요
mail-password-changed = { $service } 계정의 비밀번호가 바뀌었고, 로그인된 모든 곳에서 로그아웃됐어요.
mail-password-reset-subject = { $service }: 비밀번호를 새로 설정했어요
mail-password-reset = 이 주소로 보낸 링크로 { $service } 계정의 비밀번호를 새로 설정했고, 로그인된 모든 곳에서 로그아웃됐어요.
mail-link-added-subject = { $service }: 로그인 방법이 추가됐어요
mail-link-added = 이제 다른 서비스의 계정으로도 { $service } 계정에 로그인할 수 있어요.
mail-link-removed-subject = { $service }: 로그인 방법이 삭제됐어요
mail-link-removed = 이제 다른 서비스의 계정으로 { $service } 계정에 로그인할 수 없어요.
mail-passkey-added-subject = { $service }: 패스키가 추가됐어요
mail-passkey-added = { $service } 계정에 패스키가 추가됐어요. 이제 이 패스키로 로그인할 수 있어요.
mail-passkey-removed-subject = { $service }: 패스키가 삭제됐어요
mail-passkey-removed = { $service } 계정에서 패스키가 삭제됐고, 다른 곳에서는 모두 로그아웃됐어요.
mail-passkey-suspected-subject = { $service }: 패스키를 받아들이지 않았어요
mail-passkey-suspected = 누군가 패스키로 { $service } 계정에 로그인하려고 했지만, 그 패스키의 사본이 다른 곳에서 쓰이고 있을 수 있어서 받아들이지 않았어요. 그 패스키를 삭제하세요.
mail-factor-added-subject = { $service }: 2단계 인증이 설정됐어요
mail-factor-added = { $service } 계정에 인증 앱이 추가됐어요. 이제 로그인할 때 이 앱의 코드를 물어봐요.
mail-factor-removed-subject = { $service }: 인증 앱이 삭제됐어요
mail-factor-removed = { $service } 계정에서 인증 앱이 삭제됐어요.
mail-factors-reset-subject = { $service }: 2단계 인증이 초기화됐어요
mail-factors-reset = { $service } 계정의 2단계 인증이 초기화됐어요. 다시 설정할 때까지는 코드를 묻지 않아요.
mail-recovery-code-used-subject = { $service }: 복구 코드를 썼어요
mail-recovery-code-used = 복구 코드로 { $service } 계정에 로그인했어요.
mail-recovery-codes-renewed-subject = { $service }: 복구 코드가 새로 만들어졌어요
mail-recovery-codes-renewed = { $service } 계정의 복구 코드가 새로 만들어졌어요. 전에 있던 코드는 쓸 수 없어요.
mail-recovered-subject = { $service }: 계정이 복구됐어요
mail-recovered = 다시 로그인할 수 있도록 { $service } 운영자가 계정을 복구했어요. 비밀번호, 패스키, 2단계 인증은 새로 바뀌어요.
mail-prepared-ended-subject = { $service }: 계정에 있던 로그인 방법을 모두 없앴어요
mail-prepared-ended = 이 주소로 보낸 메일로 { $service } 계정의 주인인 것을 확인했어요. 그전에는 확인된 적이 없어서 다른 사람이 이 주소로 계정을 만들어 두었을 수도 있어요. 그래서 전에 있던 비밀번호, 패스키, 2단계 인증, 연결한 계정, 로그인을 모두 끝냈어요. 직접 설정해 둔 것이라면 내 계정에서 다시 추가해 주세요.
mail-address-restored-subject = { $service }: 계정의 주소를 되돌렸어요
mail-address-restored = { $service } 계정의 주소 변경을 되돌렸고, 로그인된 모든 곳에서 로그아웃됐어요. 다른 사람이 바꾼 것 같다면 지금 새 비밀번호를 설정해 주세요.
mail-disabled-subject = { $service }: 계정 이용이 정지됐어요
mail-disabled = 지금은 { $service } 계정에 로그인할 수 없어요.
mail-enabled-subject = { $service }: 계정을 다시 쓸 수 있어요
mail-enabled = { $service } 계정에 다시 로그인할 수 있어요.
mail-signed-out-subject = { $service }: 모든 곳에서 로그아웃됐어요
mail-signed-out = { $service } 계정에 로그인된 모든 곳에서 로그아웃됐어요. 다시 로그인할 수 있어요.
mail-new-sign-in-subject = { $service }: 새로운 로그인이 있었어요
mail-new-sign-in = 전에 쓰지 않던 브라우저에서 { $service } 계정에 로그인했어요.
mail-passwords-held-back-subject = { $service }: 비밀번호가 여러 번 틀렸어요
mail-passwords-held-back = 누군가 { $service } 계정에 틀린 비밀번호를 계속 입력해서 시도를 막아 두었어요. 계정에는 아무 문제가 없고, 평소에 쓰던 브라우저에서는 그대로 로그인할 수 있어요.
mail-codes-held-back-subject = { $service }: 코드가 여러 번 틀렸어요
mail-codes-held-back = 누군가 { $service } 계정의 2단계 인증에 틀린 코드를 계속 입력해서 시도를 막아 두었어요. 여기까지 왔다면 비밀번호나 다른 로그인 방법을 알고 있는 거예요.
mail-deleted-subject = { $service }: 계정이 삭제됐어요
mail-deleted = { $service } 계정과 저장된 정보가 모두 삭제됐어요. 되돌릴 수 없어요.
