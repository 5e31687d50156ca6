# 콘솔: 웹훅, 무슨 일이 일어나는지 알려 줄 프로그램.

webhooks-title = 웹훅
webhooks-intro = 감사 로그의 항목을 서명한 메시지로 받는 프로그램이에요. 받을 항목은 고를 수 있어요.
webhooks-empty = 아직 아무 곳에도 알리지 않아요. 웹훅을 만들면 감사 로그의 항목을 모두, 또는 고른 종류만 원하는 주소로 보내요.
webhooks-add = 웹훅 추가
webhooks-add-intro = 추가한 뒤에 일어난 일부터 보내요. 메시지는 Standard Webhooks 방식으로 서명하고, 확인에 쓸 시크릿은 다음 페이지에서 보여 줘요.
webhooks-url = 주소
webhooks-url-hint = https여야 해요. 메시지는 JSON으로 POST하고, 2xx로 응답하면 받은 것으로 봐요.
webhooks-description = 쓰임새
webhooks-told-of = 알릴 내용
webhooks-told-of-hint = 아무것도 고르지 않으면 모두 보내요.
webhooks-everything = 모든 항목
webhooks-kinds = { $n ->
       *[other] 항목 { $n }종류
    }
webhooks-test = 테스트 보내기
webhooks-tested = 테스트 메시지를 보내고 있어요. 잠시 뒤에 페이지를 새로 고쳐 보세요.
webhooks-is-on = 지금부터 일어나는 일을 알려요.
webhooks-is-off = 이제 알리지 않아요. 그동안 일어난 일은 나중에도 보내지 않아요.
webhooks-replayed = 메시지를 다시 보내요.
webhooks-deleted = 웹훅을 삭제했어요.
webhooks-delete-title = 이 웹훅을 삭제할까요?
webhooks-delete-lost = 기다리던 메시지도 함께 사라져요. 되돌릴 수 없어요. 잠시 멈추려면 끄기만 하세요.
webhooks-too-many = 웹훅을 더 만들 수 없어요. 쓰지 않는 것을 먼저 삭제해 주세요.
webhooks-secret-once = 지금 복사하세요. 한 번만 보여 줘요. 받는 프로그램이 메시지를 확인할 때 써요.
webhooks-secrets-hint = 시크릿이 두 개인 동안에는 메시지를 둘 다로 서명해요.
webhooks-messages = 메시지
webhooks-messages-hint = 지난 일주일 동안의 메시지예요. 받지 않으면 사흘 동안 열 번까지 다시 보내고, 닷새 동안 아무것도 받지 않으면 웹훅을 꺼요.
webhooks-messages-none = 아직 알릴 일이 없었어요.
webhooks-message = 메시지
webhooks-state = 상태
webhooks-answer = 응답
webhooks-when = 만든 때
webhooks-waiting = 대기
webhooks-delivered = 전달됨
webhooks-failed = 실패
webhooks-attempts = { $n ->
       *[other] { $n }번 시도
    }
webhooks-next = 다음 시도 { $when }
webhooks-replay = 다시 보내기
webhooks-search = URL이나 설명으로 검색
webhooks-ask-off = 선택한 웹훅을 모두 끌까요? 아무것도 전달되지 않아요.
