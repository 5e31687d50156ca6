# The second step of a login, and adding an app for it.

second-step-title = 코드를 입력해 주세요
second-step-text = 인증 앱을 열고 { $service }에 표시된 코드를 입력해 주세요.
second-step-code = 코드
second-step-code-hint = 여섯 자리 숫자예요. 30초마다 바뀌어요.
second-step-submit = 계속하기
second-step-recovery-title = 복구 코드로 확인하기
second-step-recovery-text = 2단계 인증을 설정할 때 저장한 복구 코드 중 하나를 입력해 주세요. 한 번만 쓸 수 있어요.
second-step-recovery-code = 복구 코드
second-step-to-recovery = 복구 코드 사용하기
second-step-to-app = 앱의 코드 사용하기
second-step-lost = 휴대폰도 복구 코드도 없나요? 서비스 관리자가 2단계 인증을 초기화해 줄 수 있어요.
second-step-passkey-title = 패스키로 확인
second-step-passkey-text = 첫 단계는 확인했어요. 이 계정에는 한 단계가 더 필요해요. 추가해 둔 패스키를 써 주세요.
second-step-hardware-text = 열려는 곳에는 하드웨어로 보호되는 패스키가 필요해요. 추가해 둔 보안 키나 기기를 써 주세요.
second-step-lost-passkey = 패스키를 잃어버렸나요? 이 서비스의 관리자에게 삭제해 달라고 하세요.
second-step-no-passkey-title = 여기에서는 패스키를 쓸 수 없어요
second-step-no-passkey-text = 처음부터 다시 하면 여기에서 쓸 수 있는 방법으로 확인해요.
second-step-no-passkey-again = 다시 시작하기
second-step-no-passkey-mail = 다른 로그인 방법이 없나요? 메일로 링크를 받을 수 있어요.
second-step-no-passkey-ask = 다른 로그인 방법이 없나요? 서비스 관리자에게 비밀번호를 설정해 달라고 요청해 주세요.
second-step-trust = { $n ->
   *[other] 이 브라우저에서는 { $n }일 동안 묻지 않기
}
second-step-wrong = 코드가 맞지 않거나 이미 사용한 코드예요. 다음 코드가 나오면 다시 입력해 주세요.
second-step-wrong-recovery = 맞지 않거나 이미 사용한 복구 코드예요.
second-step-wrong-new = 코드가 맞지 않아요. 앱에 이 페이지의 키를 등록했는지, 휴대폰 시간이 자동으로 설정되어 있는지 확인해 주세요.
second-step-throttled = 잘못된 코드를 너무 많이 입력했어요. { $wait } 뒤에 다시 시도하거나 복구 코드를 사용해 주세요. 계정에는 아무 문제가 없어요.
second-step-add-title = 2단계 인증 설정
second-step-add-must = 이제 이 계정에는 2단계 인증이 필요해요. 휴대폰 앱의 코드를 한 번 더 확인하는 거예요. 1분이면 설정할 수 있어요.
second-step-add-text = 로그인할 때 휴대폰 앱의 코드도 확인해요. 비밀번호를 알아도 코드가 없으면 로그인할 수 없어요.
second-step-add-must-any = 이제 이 계정에는 2단계 인증이 필요해요. 1분이면 설정할 수 있어요.
second-step-add-text-any = 이제 로그인할 때 한 단계를 더 확인해요. 비밀번호만 알아서는 로그인할 수 없어요.
second-step-add-passkey = 지문, 얼굴, 화면 잠금으로 확인해요. 다음부터는 비밀번호 없이 로그인할 수 있어요.
second-step-add-passkey-only = 열려는 곳에는 패스키가 필요해요. 패스키는 누가 속여서 빼낼 수 없어요. 1분이면 만들 수 있어요.
second-step-add-no-script = 패스키로도 설정할 수 있지만 패스키에는 JavaScript가 필요한데 지금 꺼져 있어요. 대신 앱을 설정해 주세요.
second-step-add-by-app = 인증 앱 사용하기
second-step-somebody-else = 본인이 아닌가요? 다른 계정으로 로그인
second-step-add-app = 1. 인증 앱 준비하기
second-step-add-app-hint = 비밀번호 관리자, Google Authenticator, Microsoft Authenticator, 2FAS, Aegis 등 어떤 앱이든 괜찮아요.
second-step-add-scan = 2. 앱으로 QR 코드 찍기
second-step-add-picture = 인증 앱에 등록할 QR 코드
second-step-add-type = QR 코드를 찍을 수 없나요? 앱에서 직접 추가하고 이 키를 입력해 주세요.
second-step-add-confirm = 3. 앱에 표시된 코드 입력하기
second-step-add-submit = 2단계 인증 켜기
second-step-name = 앱 이름
second-step-name-default = 인증 앱
second-step-name-hint = 앱을 더 등록할 때 구분하기 위한 이름이에요.
second-step-full = 앱은 { $max }개까지 등록할 수 있어요. 먼저 하나를 삭제해 주세요.
second-step-off = 이 서비스에서는 2단계 인증을 쓰지 않아요.
second-step-needed = 이 계정에는 2단계 인증이 꼭 필요해서 마지막 앱은 삭제할 수 없어요. 먼저 다른 앱을 등록해 주세요.
second-step-cancel = 취소
second-step-codes-title = 복구 코드를 저장해 주세요
second-step-codes-text = 휴대폰을 잃어버렸을 때 코드 대신 하나씩 한 번만 쓸 수 있어요. 지금만 볼 수 있으니 인쇄하거나 비밀번호 관리자에 저장해 주세요.
second-step-codes-file = { $service } 복구 코드. 하나씩 한 번만 쓸 수 있어요.
second-step-codes-download = 다운로드
second-step-codes-print = 브라우저 메뉴에서 이 페이지를 인쇄하거나 텍스트 파일로 다운로드할 수 있어요.
second-step-codes-go-on = 저장했어요
second-step-used-title = 복구 코드를 사용했어요
second-step-used-text = 휴대폰을 완전히 잃어버렸다면 내 계정에서 그 앱을 삭제하고 새 앱을 등록해 주세요.
second-step-left = { $n ->
    [0] 남은 복구 코드가 없어요.
   *[other] 복구 코드가 { $n }개 남았어요.
}
second-step-few = 다 쓰기 전에 내 계정의 로그인과 보안에서 새로 발급해 주세요.
second-step-go-on = 계속하기
