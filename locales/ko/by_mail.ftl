# Signing in by mail, and a mailed code as the second step.

by-mail-offer = 로그인 링크를 메일로 받기
by-mail-no-address = 계정의 이메일 주소를 입력해 주세요. 그 주소로 링크를 보내 드려요.
by-mail-title = 메일함을 확인해 주세요
by-mail-text = { $email } 주소로 된 계정이 있으면 메일을 보냈어요. 이 브라우저에서 메일의 링크를 누르거나 코드를 여기에 입력해 주세요. 둘 다 10분 동안 쓸 수 있어요.
by-mail-code = 메일로 받은 코드
by-mail-code-hint = 여섯 자리 숫자
by-mail-code-wrong = 코드가 맞지 않아요. 가장 최근에 받은 메일을 확인하고 다시 입력해 주세요.
by-mail-code-throttled = 잘못된 코드를 너무 많이 입력했어요. { $wait } 뒤에 다시 시도하거나 메일의 링크를 눌러 주세요. 계정에는 아무 문제가 없어요.
by-mail-code-spent = 이미 썼거나, 너무 여러 번 틀렸거나, 기한이 지났거나, 더 새로운 메일이 있어요. 다시 요청해 주세요.
by-mail-spent-title = 더 이상 쓸 수 없는 코드예요
by-mail-again = 메일 다시 받기
by-mail-link-title = 로그인할까요?
by-mail-link-text = { $email } 계정에 로그인해요.
by-mail-link-submit = { $email } 계정으로 로그인
by-mail-elsewhere-title = 다른 브라우저에서 요청한 링크예요
by-mail-elsewhere = { $email } 계정에 로그인하는 링크인데, 요청한 브라우저에서만 쓸 수 있어요.
by-mail-elsewhere-code = 직접 요청했다면 그 브라우저로 돌아가서 메일에 있는 여섯 자리 숫자를 입력해 주세요.
by-mail-elsewhere-start = 이 브라우저에서 로그인하고 싶다면 여기에서 링크를 다시 요청해 주세요.
by-mail-elsewhere-action = 이 브라우저에서 로그인하기
by-mail-second-text = { $email } 주소로 코드를 보냈어요. 10분 동안 쓸 수 있어요.
by-mail-to-app = 인증 앱 설정하기
by-mail-code-instead = 코드를 메일로 받기
