# The account and its sections.

account-title = 내 계정
account-person = { $name }님
account-profile = 프로필
account-verified = 확인됨
account-unverified = 확인 안 됨
account-since = 가입일
account-save = 저장
account-saved = 저장했어요.
account-password = 비밀번호
account-password-current = 현재 비밀번호
account-password-new = 새 비밀번호
account-password-submit = 비밀번호 변경
account-password-note = 변경하면 다른 기기에서는 모두 로그아웃돼요.
account-password-changed = 비밀번호를 변경했어요. 다른 기기에서는 모두 로그아웃했어요.
account-sessions = 로그인된 기기
account-this-browser = 지금 쓰는 브라우저
account-session-since = { $when }부터
account-session-used = 마지막 사용 { $when }
account-session-from = { $network }에서
account-browser-unknown = 이름을 밝히지 않은 프로그램
account-sign-out = 로그아웃
account-sign-out-elsewhere = 다른 기기에서 모두 로그아웃
account-sign-out-everywhere = 모든 기기에서 로그아웃
account-apps = 내 정보를 제공한 앱
account-apps-empty = 아직 내 정보를 제공한 앱이 없어요.
account-app-withdraw = 연결 끊기
account-withdrawn = 앱과의 연결을 끊었어요.
account-links = 연결된 계정
account-links-note = 이 계정들로도 로그인할 수 있어요.
account-links-empty = 아직 연결된 계정이 없어요.
account-links-add = 다른 계정 연결
account-link-used = 최근 사용 { $when }
account-link-remove = 연결 끊기
account-link-remove-of = { $provider } 연결 끊기
account-link-last = 하나뿐인 로그인 방법
account-linked = 계정을 연결했어요. 이제 그 계정으로도 로그인할 수 있어요.
account-already-linked = 이미 연결되어 있는 계정이에요.
account-linked-elsewhere = 이미 다른 계정에 연결되어 있어서 연결하지 못했어요.
account-proof-ended = 확인하는 데 시간이 너무 오래 걸렸어요. 계정을 다시 연결해 주세요.
account-unlinked = 계정 연결을 끊었어요.
account-last-way-in = 하나뿐인 로그인 방법이라 끊을 수 없어요. 먼저 다른 계정을 연결하거나 비밀번호를 설정해 주세요.
account-password-none = 아직 비밀번호가 없어요. 비밀번호를 설정하면 연결된 서비스에 문제가 있을 때도 로그인할 수 있어요.
account-password-set = 비밀번호 설정
account-unlink-title = { $provider } 연결을 끊고 로그아웃할까요?
account-unlink-text = 지금은 { $provider } 계정으로 로그인되어 있어요. 연결을 끊으면 이 기기를 포함해 { $provider } 계정으로 로그인한 모든 기기에서 로그아웃돼요. 내 계정은 그대로 남고, 다른 방법으로 로그인할 수 있어요.
account-unlink-keep = 유지하기
account-overview = 한눈에 보기
account-security = 로그인과 보안
account-language = 언어
account-data = 내 데이터
account-who = 계정 정보
account-role = 역할
account-attention = 확인이 필요해요
account-provider-off = { $provider } 연결이 꺼져 있어서 지금은 그 계정으로 로그인할 수 없어요.
account-only-administrator = 이 서버의 관리자는 나 혼자예요. 로그인하지 못하게 되면 아무도 브라우저에서 관리할 수 없으니 두 번째 관리자를 만들어 주세요.
account-only-owner = 이 서버의 소유자는 나 혼자예요. 관리 권한을 잃지 않도록 다른 관리자도 소유자로 지정해 주세요.
account-places = 바로가기
account-profile-what = 이름, 사진, 앱에 알려 줄 수 있는 정보
account-security-what = 이메일 주소, 비밀번호, 연결된 계정
account-sessions-what = 브라우저 { $n }개에서 로그인됨
account-apps-what = { $n ->
    [0] 권한을 가진 앱 없음
   *[other] 앱 { $n }개가 권한을 가짐
}
account-data-what = 내려받거나 계정을 삭제할 수 있어요
account-profile-note = 앱에는 내가 허용한 것만 알려 줘요.
account-email-note = 이 주소로 로그인해요. 주소는 관리자가 바꿀 수 있어요.
account-email-note-own = 이 주소로 로그인하고, 계정에 일어난 일을 이 주소로 알려 드려요.
account-address-verify = 확인 링크 메일로 받기
account-address-new = 다른 주소
account-address-submit = 주소 바꾸기
account-address-asked = 새 주소로 링크를 보냈어요. 링크를 누를 때까지는 이전 주소로 로그인해요.
account-address-mailed = 메일로 링크를 보냈어요. 링크를 눌러 본인 주소인지 확인해 주세요.
account-address-proved = 주소를 확인했어요.
account-address-same = 이미 쓰고 있는 주소예요.
account-language-note = 화면과 이메일의 언어예요. 앱이 요청한 언어보다 먼저 적용돼요.
account-sessions-note = 모르는 기기가 있으면 그 기기에서 로그아웃하고 비밀번호를 변경해 주세요.
account-session-device = { $system }의 { $program }
account-session-ended = 그 브라우저에서 로그아웃했어요.
account-sessions-ended = 이 브라우저를 뺀 모든 기기에서 로그아웃했어요.
account-sessions-all = 한 번에 로그아웃
account-sessions-all-note = 다른 로그인과 앱이 지금 가진 권한이 모두 없어져요. 앱에는 다시 로그인해야 해요.
account-apps-note = 연결을 끊은 앱은 바로 내 이름으로 아무것도 보거나 할 수 없어요. 앱을 다시 쓰면 동의를 다시 물어요. 자체 앱은 묻지 않을 수 있어요.
account-app-own = 자체 앱
account-app-since = { $when }부터
account-download = 내 데이터 내려받기
account-download-note = 프로필, 로그인 기록, 연결된 계정, 앱에 허용한 것, 나에 관한 감사 로그가 담긴 JSON 파일이에요. 비밀번호나 토큰은 들어 있지 않아요.
account-download-submit = 내려받기
account-download-ready = 확인했어요. 이제 “내려받기”를 눌러 주세요.
account-delete = 계정 삭제
account-delete-note = 삭제하면 되돌릴 수 없어요. 다음 화면에서 무엇이 없어지는지 알려 드리고 한 번 더 확인해요.
account-delete-go = 계정 삭제하기
account-delete-title = 계정을 삭제할까요?
account-delete-text = 바로 삭제되고 되돌릴 수 없어요.
account-delete-goes = 없어지는 것
account-delete-profile = 프로필과 비밀번호, 이메일 주소(삭제한 뒤에는 다른 계정에서 쓸 수 있어요)
account-delete-sessions = 브라우저 { $n }개의 로그인
account-delete-apps = { $n ->
    [0] 앱의 권한(지금은 없어요)
   *[other] 앱 { $n }개의 권한
}
account-delete-links = { $n ->
    [0] 연결된 계정(지금은 없어요)
   *[other] 연결된 계정 { $n }개
}
account-delete-stays = 남는 것
account-delete-stays-text = 감사 로그에는 이름과 주소 없이 계정 ID로 기록이 남아요. 앱이 저장한 내 정보는 그 앱에 삭제를 요청해 주세요.
account-delete-type = 확인을 위해 { $email } 주소를 입력해 주세요
account-delete-other-address = 이 계정의 주소가 아니에요.
account-delete-submit = 영구 삭제
account-delete-cancel = 계정 유지하기
account-delete-last-administrator = 이 서버의 관리자가 나 혼자라서 계정을 삭제할 수 없어요. 먼저 다른 계정을 관리자로 지정해 주세요.
account-delete-last-owner = 이 서버의 소유자가 나 혼자라서 계정을 삭제할 수 없어요. 먼저 다른 계정을 소유자로 지정해 주세요.
