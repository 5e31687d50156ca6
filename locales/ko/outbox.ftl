# Mail, in the console.

outbox-title = 메일
outbox-intro = 계정에 일어난 일을 메일로 알리고, 메일로 다시 로그인하게 해 줘요.
outbox-way = 메일을 보내는 방법
outbox-leaves-not = 이 서버에서는 메일을 보내지 않아요. 그래서 잊은 비밀번호를 직접 바꿀 수 없어요. 설정의 [mail] 섹션에서 설정해 주세요.
outbox-leaves-by-smtp = 메일 서버로 메일을 보내요.
outbox-leaves-into-console = 개발용이에요. 메일을 보내지 않고 여기에 보여 줘요.
outbox-server = 메일 서버
outbox-from = 보내는 주소
outbox-count-waiting = { $n ->
    [0] 기다리는 메일이 없어요.
   *[other] 메일 { $n }통이 기다리고 있어요.
}
outbox-count-failed = { $n ->
    [0] 보내지 못한 메일이 없어요.
   *[other] 메일 { $n }통을 보내지 못했어요.
}
outbox-test-to = 테스트 메일을 받을 주소
outbox-test = 테스트 메일 보내기
outbox-test-taken = 메일 서버가 테스트 메일을 받았어요: { $code } { $said }
outbox-test-kept = 메일을 여기에 보여 주는 설정이라 실제로 보내지는 않았어요. 메일은 문제없이 만들어졌어요.
outbox-test-refused = 테스트 메일을 보내지 못했어요: { $code } { $said }
outbox-hint-authentication = 메일 서버가 다른 사용자, 비밀번호, 인증 방식을 요구해요. mail.user, mail.password, mail.mechanism을 확인해 주세요.
outbox-hint-address = 메일 서버가 이 주소로 가는 메일이나 mail.from에서 보내는 메일을 받지 않아요.
outbox-hint-later = 메일 서버가 나중에 다시 보내 달라고 해요.
outbox-hint-reach = mail.host, mail.port, mail.encryption을 확인하고, 이 서버에서 연결할 수 있는지 확인해 주세요.
outbox-outbox = 보낼 메일함
outbox-outbox-hint = 보낸 메일은 2주 동안 목록에 남고, 내용은 보내는 즉시 지워져요.
outbox-search = 주소
outbox-purpose = 종류
outbox-any = 전체
outbox-waiting = 대기
outbox-failed = 실패
outbox-sent = 보냄
outbox-dropped = 취소됨
outbox-nothing = 메일이 없어요
outbox-to = 받는 사람
outbox-when = 작성 시각
outbox-together = 선택한 메일
outbox-retry = 다시 보내기
outbox-drop = 보내지 않기
outbox-ask-drop = 보내지 않을까요? 내용이 지워져요.
outbox-retried = 보내지 못한 메일을 다시 보내요.
outbox-dropped-done = 더 이상 보내지 않아요.
outbox-unchanged = 바뀐 것이 없어요. 기다리는 메일이나 보내지 못한 메일만 바꿀 수 있어요.
outbox-read = 내용 보기
outbox-attempts = 시도 횟수
outbox-last = 마지막 시도
outbox-answer = 응답
outbox-next = 다음 시도
outbox-to-person = 계정 보기
outbox-says-hint = 메일을 보내지 않는 설정이라 여기에 보여 드려요.
outbox-for-test = 테스트
outbox-for-verification = 주소 확인
outbox-for-new-address = 새 주소 확인
outbox-for-address-changed = 주소 변경 알림
outbox-for-reset = 비밀번호 재설정
outbox-for-invitation = 초대
outbox-for-sign-up = 가입
outbox-for-sign-in = 로그인
outbox-for-code = 로그인 코드
outbox-for-notice = 계정 알림
