# The page that asks for a proof before something is changed.

step-up-title = 본인인지 확인해 주세요
step-up-text = 안전을 위해 { $email } 계정을 한 번 더 확인해요. 입력한 내용은 그대로 남아 있어요.
step-up-recovery = 복구 코드도 한 번 쓸 수 있어요.
step-up-submit = 확인하고 계속하기
step-up-providers = 연결된 계정으로 한 번 더 로그인해 주세요.
step-up-unable = { $providers }에서는 방금 로그인했는지 확인할 수 없고, 이 계정에는 비밀번호도 없어요.
step-up-nothing = 이 계정에는 비밀번호가 없고, 본인인지 확인할 수 있는 로그인 방법도 없어요.
step-up-ask = 관리자에게 비밀번호를 설정해 달라고 요청해 주세요. 그 비밀번호로 여기에서 계속할 수 있어요.
step-up-cancel = 취소
step-up-done-title = 확인했어요
step-up-done-text = 아직 바뀐 것은 없어요. 하던 일을 계속해 주세요.
step-up-go-on = 계속하기
