# Fields of forms, and what is wrong with them.

form-show = 보기
form-hide = 숨기기
form-email = 이메일 주소
form-password = 비밀번호
form-name = 이름
form-name-optional = 이름(선택)
form-name-hint = 앱에서 이 이름으로 불러 드려요.
form-password-new = 비밀번호
form-password-hint = { $min }자 이상 입력해 주세요. 여러 단어를 이어 쓰면 기억하기 쉽고 알아맞히기는 어려워요.
form-problem-email = 이메일 주소를 다시 확인해 주세요.
form-problem-email-taken = 이미 가입된 이메일 주소예요. 로그인하거나 다른 주소를 입력해 주세요.
form-problem-domain = 이 도메인의 이메일 주소로는 가입할 수 없어요. 다른 주소를 쓰거나 관리자에게 계정을 요청해 주세요.
form-problem-name = 이름을 줄바꿈 없이 { $max }자 이내로 입력해 주세요.
form-problem-password-short = { $min }자 이상 입력해 주세요.
form-problem-password-long = { $max }자 이내로 입력해 주세요.
form-problem-password-common = 많이 알려진 비밀번호라 쉽게 뚫릴 수 있어요. 다른 비밀번호를 입력해 주세요.
form-problem-password-predictable = 흔한 단어나 이름, 날짜, 나란한 키로 되어 있어 금방 알아낼 수 있는 비밀번호예요. 다른 비밀번호를 입력해 주세요.
form-problem-password-breached = 다른 서비스에서 유출되어 공격자에게 알려진 비밀번호예요. 다른 비밀번호를 입력하고, 이 비밀번호를 쓰는 다른 곳에서도 바꿔 주세요.
form-problem-password-identity = 이름이나 이메일 주소가 들어간 비밀번호는 쓸 수 없어요. 다른 비밀번호를 입력해 주세요.
form-problem-password-wrong = 현재 비밀번호가 맞지 않아요.
form-problem-password-characters = 키보드에 따라 입력하기 어려운 문자가 들어 있어요. 다른 비밀번호를 입력해 주세요.
form-problem-throttled = 시도한 횟수가 너무 많아요. { $wait } 뒤에 다시 시도해 주세요.
form-problem-busy = 지금은 이용자가 많아요. 잠시 뒤에 다시 시도해 주세요.
form-problem-summary = 표시된 항목을 확인해 주세요.
form-copy = 복사
form-copied = 복사했어요
