# Two-step verification among the pages of an account.

two-step-title = 2단계 인증
two-step-note = 비밀번호에 더해 휴대폰 앱의 코드를 확인해요.
two-step-none = 아직 설정하지 않았어요. 설정하면 누가 비밀번호를 알아내도 계정을 지킬 수 있어요.
two-step-set-up = 설정하기
two-step-add = 다른 앱 추가
two-step-added = { $when } 추가
two-step-rename = 이름 변경
two-step-remove = 삭제
two-step-removed = 앱을 삭제했어요.
two-step-codes = 복구 코드
two-step-codes-note = 휴대폰을 잃어버렸을 때 코드 대신 하나씩 한 번만 쓸 수 있어요.
two-step-codes-few = 다 쓰기 전에 새로 발급해 주세요.
two-step-codes-renew = 복구 코드 새로 발급
two-step-trusted = 신뢰하는 브라우저
two-step-trusted-note = 이 브라우저에서는 로그인할 때 코드를 묻지 않아요.
two-step-forget = 다시 묻기
two-step-forgotten = 그 브라우저에서 다시 코드를 물어볼게요.
