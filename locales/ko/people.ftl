# The console: people and their accounts.

people-title = 사용자
people-intro = 이 서버에 계정이 있는 모든 사람이에요.
people-add = 사용자 추가
people-add-intro = 계정은 바로 쓸 수 있어요.
people-create = 계정 만들기
people-search = 이름 또는 이메일 주소
people-state = 상태
people-in-group = 그룹
people-with-role = 앱 역할
people-all = 전체
people-active = 사용 중
people-disabled = 꺼짐
people-state-invited = 초대됨
people-administrators = 관리자
people-newest = 최신순
people-oldest = 오래된 순
people-by-email = 이메일 주소순
people-nothing = 조건에 맞는 사용자가 없어요.
people-person = 사용자
people-roles = 역할
people-roles-hint = 이 관리 화면에서 할 수 있는 일이에요. 대부분의 사용자에게는 필요 없어요.
people-since = 가입일
people-updated = 마지막 변경
people-facts = 계정 정보
people-id = ID(sub)
people-together = 선택한 사용자 모두
people-sign-out = 모든 곳에서 로그아웃
people-sign-out-hint = 모든 세션이 끝나고 모든 앱의 접근 권한이 사라져요. 사용자는 다시 로그인할 수 있어요.
people-disable = 끄기
people-enable = 켜기
people-disable-hint = 이 계정으로 로그인할 수 없고, 세션과 토큰도 바로 멈춰요. 삭제되는 것은 없어요.
people-enable-hint = 사용자가 다시 로그인할 수 있어요. 이미 끝난 것은 되살아나지 않아요.
people-ask-sign-out = 선택한 사용자를 모든 곳에서 로그아웃할까요?
people-ask-sign-out-one = 이 사용자를 모든 곳에서 로그아웃할까요?
people-ask-disable = 선택한 계정을 모두 끌까요? 세션과 토큰이 바로 멈춰요.
people-ask-disable-one = 이 계정을 끌까요? 세션과 토큰이 바로 멈춰요.
people-several-done = { $n ->
    [0] 바뀐 것이 없어요.
   *[other] { $n }명에게 적용했어요.
}
people-several-refused = { $n ->
   *[other] { $n }명은 그대로 두었어요. 이 계정을 바꿀 권한이 없거나 마지막 관리자예요.
}
people-verified = 확인된 주소
people-verified-hint = 앱에도 그렇게 알려 줘요. 이 사용자의 주소가 맞을 때만 선택해 주세요.
people-password-first = 첫 비밀번호(선택)
people-password-first-hint = 비밀번호가 없으면 외부 로그인으로만 로그인할 수 있어요.
people-access = 로그인
people-sessions = 세션
people-sessions-none = 로그인한 곳이 없어요.
people-password-since = { $when }에 설정했어요.
people-password-none = 이 계정에는 비밀번호가 없어요.
people-password-ends = 이전 비밀번호로 로그인한 곳에서는 모두 로그아웃돼요.
people-passkey-ends = 하나를 삭제하면 이 사람은 모든 곳에서 로그아웃돼요.
people-passkey-removed = 패스키를 삭제했고, 이 사람은 모든 곳에서 로그아웃됐어요.
people-links-none = 연결된 외부 계정이 없어요.
people-own-app = 자체 앱
people-locale-hint = ko-KR 같은 언어 태그예요.
people-danger = 계정 막기
people-delete = 삭제
people-delete-hint = 되돌릴 수 없어요. 함께 사라지는 것을 먼저 보여 드려요.
people-delete-title = { $name } 계정을 삭제할까요?
people-delete-lost = 계정과 거기에 딸린 것이 모두 바로, 영원히 사라져요.
people-delete-apps = { $n ->
    [0] 접근 권한이 있는 앱이 없어요
   *[other] 앱 { $n }개의 접근 권한
}
people-delete-links = { $n ->
    [0] 연결된 외부 계정이 없어요
   *[other] 외부 계정 { $n }개와의 연결
}
people-delete-stays = 감사 기록에는 ID만 남아요. 이 주소로 새 계정을 만들 수 있어요.
people-done-created = 계정을 만들었어요.
people-done-on = 계정을 켰어요.
people-done-off = 계정을 껐어요.
people-done-password = 이제 새 비밀번호로 로그인해요.
people-done-signed-out = 로그아웃했어요.
people-done-deleted = 계정을 삭제했어요.
people-import = 사용자 가져오기
people-import-intro = 다른 시스템의 계정을 그곳의 비밀번호 그대로 가져와요. 먼저 시험해 보세요. 시험은 아무것도 바꾸지 않아요.
people-import-rows = 행
people-import-rows-hint = email, name, email_verified, password_hash, groups, roles 같은 클레임 이름이 첫 줄에 있는 표(CSV), 또는 한 줄에 계정 하나인 JSON이에요. 큰 파일은 haechi users import로 가져와 주세요.
people-import-existing = 주소의 계정이 이미 있으면
people-import-skip = 그대로 두기
people-import-update = 행의 내용으로 바꾸기
people-import-refuse = 그 행을 거절하기
people-import-try = 시험하기
people-import-take = 계정 만들기
people-import-tried = 이렇게 될 거예요
people-import-done = 이렇게 됐어요
people-import-created = 만든 계정
people-import-updated = 바꾼 계정
people-import-skipped = 그대로 둔 계정
people-import-refused = 거절한 행
people-import-row = 행
people-import-why = 문제
people-import-what = 이렇게 될 거예요
people-import-row-created = 새 계정을 만들어요
people-import-row-updated = 계정을 바꿔요
people-import-row-skipped = 그대로 둬요
people-import-more = { $n ->
   *[other] { $n }개의 행이 더 있어요.
}
people-import-no-column = { $name } 열은 없어요.
people-import-no-column-near = { $name } 열은 없어요. 혹시 { $near } 열인가요?
people-import-column-missing = { $name } 열이 빠졌어요.
people-import-columns = 쓸 수 있는 열: { $names }
people-import-wrong = 읽을 수 없어요: { $why }
people-export = 사용자 내보내기
people-export-hint = 모든 사용자의 프로필이에요. 비밀번호는 들어 있지 않고, 내보낸 일은 감사 기록에 남아요.
people-export-ready = 파일이 준비됐어요. 한 번 더 눌러 주세요.
people-factors-none = 2단계 인증을 설정하지 않았어요.
people-codes-left = { $n ->
    [0] 남은 복구 코드가 없어요.
   *[other] 복구 코드가 { $n }개 남았어요.
}
people-factors-reset = 2단계 인증 초기화
people-factors-reason-hint = 본인이 요청했다는 것을 어떻게 확인했는지 적어 주세요. 감사 로그에 남아요. 모든 앱과 복구 코드가 삭제되고, 이 계정은 모든 기기에서 로그아웃돼요.
people-ask-reset-factors = 이 계정의 2단계 인증을 초기화할까요? 본인이 요청했는지 먼저 확인해 주세요.
people-done-factors = 2단계 인증을 초기화했고, 모든 기기에서 로그아웃했어요.
people-invite = 초대하기
people-invite-intro = 계정을 만들고, 일주일 동안 쓸 수 있는 링크를 메일로 보내요. 링크로 비밀번호를 설정하면 주소도 함께 확인돼요.
people-invite-groups-hint = 이름을 한 줄에 하나씩 적어요. 처음부터 이 그룹에 속해요.
people-invite-roles-hint = 한 줄에 하나씩 적어요. editor는 모든 앱의 역할이고, shop:manager는 한 앱의 역할이에요.
people-invite-submit = 초대 보내기
people-invited = 초대를 보냈어요.
people-invited-since = { $when }에 초대했고, 아직 수락하지 않았어요.
people-invite-again = 다시 보내기
people-invite-withdraw = 초대 취소
people-invite-withdrawn = 초대를 취소했어요. 이제 링크를 쓸 수 없어요.
people-reset-link = 비밀번호 재설정 링크
people-reset-link-hint = 계정 주소로 메일을 보내고, 30분 동안 쓸 수 있어요. 2단계 인증은 없어지지 않아요. 사유는 감사 로그에 남아요.
people-reset-reason = 사유
people-reason-hint = 본인이 요청했다는 것을 어떻게 확인했는지, 또는 왜 필요한지 적어 주세요. 감사 로그에 남아요.
people-reset-send = 링크 보내기
people-reset-sent = 링크를 보냈어요.
