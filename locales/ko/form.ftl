# Fields of forms, and what is wrong with them.

form-show = 보기
form-hide = 숨기기
form-email = 이메일 주소
form-password = 비밀번호
form-name = 이름
form-name-hint = 앱에 표시될 이름이에요.
form-password-new = 비밀번호
form-password-hint = { $min }자 이상이면 돼요. 여러 단어를 이어 쓰면 외우기 쉽고 알아맞히기는 어려워요.
form-problem-email = 이메일 주소 형식이 아니에요.
form-problem-email-taken = 이미 가입된 주소예요. 로그인하거나 다른 주소를 써 주세요.
form-problem-name = 이름을 줄바꿈 없이 { $max }자 이내로 입력해 주세요.
form-problem-password-short = { $min }자 이상 입력해 주세요.
form-problem-password-long = { $max }자 이내로 입력해 주세요.
form-problem-password-common = 공격자가 가장 먼저 시도하는 비밀번호예요. 다른 비밀번호를 골라 주세요.
form-problem-password-identity = 비밀번호에 이름이나 이메일 주소가 들어 있어요. 다른 비밀번호를 골라 주세요.
form-problem-password-wrong = 현재 비밀번호가 맞지 않아요.
form-problem-password-characters = 입력하기 어려운 문자가 들어 있어요. 다른 비밀번호를 골라 주세요.
form-problem-throttled = 시도가 너무 많았어요. { $wait } 뒤에 다시 시도해 주세요.
form-problem-busy = 서버가 바빠요. 몇 초 뒤에 다시 시도해 주세요.
form-problem-summary = 표시된 항목을 확인해 주세요.
form-copy = 복사
form-copied = 복사했어요
