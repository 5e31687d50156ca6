# 사람이 읽는 글입니다. 모든 열쇠는 쓰이고, 모든 언어에 있습니다. 시험이 이를 확인합니다.

## 모든 쪽
skip = 본문으로 건너뛰기
languages = 언어
help = 도움받기
show = 보기
hide = 숨기기
back-to = { $app } 화면으로 돌아가기

## 로그인
login-title = 로그인
login-for = 로그인하면 { $app } 이용을 계속할 수 있어요.
login-again = 본인인지 확인해 주세요
login-again-for = { $app }에서 다시 한번 로그인을 요청했어요.
email = 이메일 주소
password = 비밀번호
login-submit = 로그인
login-no-account = 처음이신가요?
login-to-signup = 회원가입
login-wrong = 이메일 주소나 비밀번호가 맞지 않아요. 둘 다 확인하고 다시 시도해 주세요.
login-throttled = 시도가 너무 많았어요. { $wait } 뒤에 다시 시도해 주세요. 계정에는 아무 일도 없어요.
login-busy = 지금 로그인하는 사람이 많아요. 몇 초 뒤에 다시 시도해 주세요.
login-disabled = 사용이 중지된 계정이에요. 잘못된 것 같다면 서비스 운영자에게 문의해 주세요.
wait-seconds = { $n }초
wait-minutes = { $n }분

## 다른 곳의 계정으로 들어오기: 제공자의 브랜드 규칙이 허용하는 문구라서, 가입할 때도 같은 것이 있습니다
upstream-or = 또는
upstream-more = 다른 방법 더 보기
upstream-google = Google 계정으로 로그인
upstream-google-sign-up = Google 계정으로 가입
upstream-apple = Apple로 로그인
upstream-apple-sign-up = Apple로 계속하기
upstream-kakao = 카카오 로그인
upstream-kakao-sign-up = 카카오 로그인
upstream-naver = 네이버 로그인
upstream-naver-sign-up = 네이버 로그인
upstream-line = LINE으로 로그인
upstream-line-sign-up = LINE으로 로그인
upstream-github = GitHub 계정으로 로그인
upstream-github-sign-up = GitHub 계정으로 가입
upstream-gitlab = GitLab 계정으로 로그인
upstream-gitlab-sign-up = GitLab 계정으로 가입
upstream-microsoft = Microsoft로 로그인
upstream-microsoft-sign-up = Microsoft로 로그인
upstream-facebook = Facebook으로 로그인
upstream-facebook-sign-up = Facebook으로 계속하기
upstream-x = X 계정으로 로그인
upstream-x-sign-up = X 계정으로 가입
upstream-linkedin = LinkedIn으로 로그인
upstream-linkedin-sign-up = LinkedIn으로 로그인
upstream-discord = Discord 계정으로 로그인
upstream-discord-sign-up = Discord 계정으로 가입
upstream-slack = Slack으로 로그인
upstream-slack-sign-up = Slack으로 가입
upstream-twitch = Twitch 계정으로 로그인
upstream-twitch-sign-up = Twitch 계정으로 가입
upstream-other = { $label } 계정으로 로그인
upstream-other-sign-up = { $label } 계정으로 가입

## 회원가입
signup-title = 회원가입
signup-for = 계정을 만들면 { $app } 이용을 계속할 수 있어요.
name = 이름
name-hint = 앱에 표시될 이름이에요.
password-new = 비밀번호
password-hint = { $min }자 이상이면 돼요. 여러 단어를 이어 쓰면 외우기 쉽고 알아맞히기는 어려워요.
signup-submit = 계정 만들기
signup-have = 이미 계정이 있으신가요?
signup-to-login = 로그인
signup-off-title = 회원가입을 받지 않고 있어요
signup-off = 이곳의 계정은 관리자가 만들어요. 이미 계정이 있다면 로그인해 주세요.
problem-email = 이메일 주소 형식이 아니에요.
problem-email-taken = 이미 가입된 주소예요. 로그인하거나 다른 주소를 써 주세요.
problem-name = 이름을 줄바꿈 없이 { $max }자 이내로 입력해 주세요.
problem-password-short = { $min }자 이상 입력해 주세요.
problem-password-long = { $max }자 이내로 입력해 주세요.
problem-password-common = 공격자가 가장 먼저 시도하는 비밀번호예요. 다른 비밀번호를 골라 주세요.
problem-password-identity = 비밀번호에 이름이나 이메일 주소가 들어 있어요. 다른 비밀번호를 골라 주세요.
problem-password-wrong = 현재 비밀번호가 맞지 않아요.
problem-password-characters = 입력하기 어려운 문자가 들어 있어요. 다른 비밀번호를 골라 주세요.
problem-throttled = 시도가 너무 많았어요. { $wait } 뒤에 다시 시도해 주세요.
problem-busy = 서버가 바빠요. 몇 초 뒤에 다시 시도해 주세요.
problem-summary = 표시된 항목을 확인해 주세요.

## 동의
consent-title = { $app }에 접근을 허용할까요?
consent-intro = 허용하면 { $app }에서 다음을 할 수 있어요.
consent-openid = 나를 알아보기
consent-openid-hint = 나를 나타내는 번호와 로그인한 시각
consent-profile = 프로필 보기
consent-profile-hint = 이름과 사진, 그 밖에 입력한 정보
consent-email = 이메일 주소 보기
consent-email-hint = { $email }
consent-address = 주소 보기
consent-address-hint = 입력해 둔 경우에만
consent-phone = 전화번호 보기
consent-phone-hint = 입력해 둔 경우에만
consent-offline_access = 자리를 비운 동안에도 연결 유지하기
consent-offline_access-hint = 내 계정에서 철회할 때까지
consent-other = “{ $scope }” 사용하기
consent-other-hint = { $app }에서 정한 권한이에요
consent-nothing = 계정이 있다는 사실 외에는 아무것도 알 수 없어요
consent-allow = 허용
consent-deny = 허용하지 않음
consent-where = 돌아갈 곳
consent-signed-in = { $email } 계정으로 로그인했어요
consent-not-you = 본인이 아닌가요?
consent-policy = 개인정보 처리방침
consent-terms = 이용약관

## 계정 고르기
select-title = 계정을 골라 주세요
select-for = { $app } 이용에 쓸 계정이에요.
select-other = 다른 계정 사용하기

## 로그아웃
logout-title = 로그아웃할까요?
logout-ask = { $email } 계정으로 로그인되어 있어요. 로그아웃하면 이 로그인으로 앱에 열려 있는 것도 끝나요.
logout-ask-app = { $app }에서 로그아웃을 요청했어요. 지금 { $email } 계정으로 로그인되어 있어요.
logout-submit = 로그아웃
logout-stay = 로그인 유지하기
signed-out-title = 로그아웃했어요
signed-out = 이제 창을 닫아도 안전해요. 앱에서는 한동안 로그인 상태가 남아 있을 수 있어요.
signed-out-again = 다시 로그인

## 계정
account-title = 내 계정
account-profile = 프로필
account-verified = 확인됨
account-unverified = 확인 안 됨
account-administrator = 관리자
account-since = 가입한 날
account-language = 화면과 이메일에 쓸 언어
account-save = 저장
account-saved = 저장했어요.
account-password = 비밀번호
account-password-current = 현재 비밀번호
account-password-new = 새 비밀번호
account-password-submit = 비밀번호 바꾸기
account-password-note = 다른 곳에서는 모두 로그아웃돼요.
account-password-changed = 비밀번호를 바꿨어요. 다른 곳에서는 모두 로그아웃했어요.
account-sessions = 로그인된 곳
account-this-browser = 이 브라우저
account-session-since = { $when }부터
account-sign-out = 로그아웃
account-sign-out-everywhere = 모든 곳에서 로그아웃
account-apps = 접근을 허용한 앱
account-apps-empty = 아직 접근을 요청한 앱이 없어요.
account-app-withdraw = 접근 철회
account-withdrawn = 접근을 철회했어요.

## 첫 관리자
claim-title = 서버의 주인 되기
claim-intro = 이 서버의 첫 관리자가 돼요. 이 링크는 한 번만 쓸 수 있어요.
claim-submit = 관리자 되기
claim-spent-title = 더는 쓸 수 없는 링크예요
claim-spent = 이미 사용했거나 만료된 링크이거나, 서버에 관리자가 이미 있어요. 아직 관리자가 없다면 서버 운영자가 “haechi claim” 명령으로 새 링크를 만들 수 있어요.

## 앱으로 돌아가기
post-title = { $app } 화면으로 돌아가는 중
post-body = 아무 일도 일어나지 않으면 버튼을 눌러 주세요.
post-submit = 계속

## 문제: 무슨 일이 있었고 어떻게 하면 되는지
error-code = 오류
error-request = 요청 번호
error-detail = 앱 개발자를 위한 정보
error-retry = { $wait } 뒤에 다시 시도해 주세요.
error-go-on = 계속하기
error-home = 시작 화면으로
unknown-client-title = 등록되지 않은 앱이에요
unknown-client = 이곳으로 보낸 앱이 이 서비스에 등록되어 있지 않거나 등록이 끝났어요. 앱으로 돌아가 다시 시도하고, 계속되면 앱을 만든 곳에 알려 주세요.
redirect-uri-title = 앱이 요청한 돌아갈 주소가 잘못됐어요
redirect-uri = 안전을 위해 앱이 등록하지 않은 주소로는 보내지 않아요. 앱으로 돌아가 다시 시도하고, 계속되면 앱을 만든 곳에 알려 주세요.
bad-request-title = 이해할 수 없는 요청이에요
bad-request = 주소나 양식에 잘못된 부분이 있어요. 앱으로 돌아가 처음부터 다시 시도해 주세요.
flow-gone-title = 이 로그인은 끝났어요
flow-gone = 시간이 너무 오래 걸렸거나, 다른 탭 등에서 이미 마쳤어요. 앱으로 돌아가 다시 시작해 주세요. 지금까지 한 일은 사라지지 않아요.
other-browser-title = 다른 브라우저에서 시작한 로그인이에요
other-browser = 안전을 위해 로그인은 시작한 브라우저에서 마쳐야 해요. 이 브라우저에서 앱으로 돌아가 다시 시작해 주세요.
stale-form-title = 화면을 너무 오래 열어 두었어요
stale-form = 쿠키를 지웠거나 다른 사이트에서 보낸 경우처럼, 양식이 이 브라우저와 더는 맞지 않아요. 바뀐 것은 없어요. 뒤로 가서 새로 고친 다음 다시 시도해 주세요.
forbidden-title = 권한이 없어요
forbidden = 이 계정으로는 할 수 없는 일이에요.
not-found-title = 아무것도 없는 주소예요
not-found = 주소를 잘못 입력했거나 화면이 옮겨졌어요.
method-not-allowed-title = 이렇게 쓰는 화면이 아니에요
method-not-allowed = 뒤로 가서 화면에 있는 버튼을 써 주세요.
timeout-title = 시간이 너무 오래 걸렸어요
timeout = 연결이 너무 느렸어요. 다시 시도해 주세요.
too-large-title = 보낸 내용이 너무 커요
too-large = 필요한 것보다 훨씬 큰 내용이 왔어요. 줄여서 다시 시도해 주세요.
unsupported-media-type-title = 읽을 수 없는 내용이에요
unsupported-media-type = 양식이 아닌 내용이 왔어요. 뒤로 가서 화면에 있는 버튼을 써 주세요.
wrong-host-title = 잘못된 주소예요
wrong-host = 이 서버는 다른 이름으로 접속해야 해요. 앱으로 돌아가 다시 시작해 주세요.
throttled-title = 요청이 너무 많아요
throttled = 같은 네트워크에서 온 요청이 너무 많았어요. 사라진 것은 없어요.
unavailable-title = 곧 돌아올게요
unavailable = 서비스 일부가 잠시 멈췄어요. 사라진 것은 없어요.
internal-title = 저희 쪽에 문제가 생겼어요
internal = 잘못하신 것은 없고, 기록해 두었어요. 다시 시도해 보고, 계속되면 아래 요청 번호를 서비스 운영자에게 알려 주세요.

## 다른 곳에서 돌아올 때, 그리고 연결된 계정
upstream-provider = 제공자
upstream-other-ways = 다른 방법으로 로그인
upstream-refused-title = { $provider }에서 동의하지 않았어요
upstream-refused-text = 전달받은 정보도, 여기에서 바뀐 것도 없어요. 다시 시도하거나 다른 방법으로 로그인해 주세요.
upstream-outage-title = { $provider } 쪽에서 응답이 없어요
upstream-outage-text = 지금은 제공자에 연결할 수 없어요. 잠시 뒤 다시 시도하거나 다른 방법으로 로그인해 주세요.
upstream-failed-title = { $provider } 로그인을 마치지 못했어요
upstream-failed-text = 받은 응답을 쓸 수 없어서 로그인하지 않았어요. 다시 시도하거나 다른 방법으로 로그인해 주세요.
upstream-over-title = 이미 끝난 로그인이에요
upstream-over-text = 시간이 너무 오래 걸렸거나 이미 쓰인 응답이에요. 처음부터 다시 시작해 주세요.
upstream-other-browser-title = 다른 브라우저에서 시작한 로그인이에요
upstream-other-browser-text = 안전을 위해 로그인은 시작한 브라우저에서 마쳐야 해요. 그 브라우저로 돌아가거나 여기에서 다시 시작해 주세요.
upstream-no-connection-title = 지금은 쓸 수 없는 로그인 방법이에요
upstream-no-connection-text = 이 로그인 방법은 꺼져 있어요. 다른 방법을 이용해 주세요.
upstream-no-account-title = 아직 계정이 없어요
upstream-no-account-text = { $provider } 로그인은 됐지만 이어진 계정이 여기에 없고, 이 방법으로는 가입할 수 없어요. 이미 계정이 있다면 그 계정으로 로그인한 다음 내 계정에서 연결해 주세요.
upstream-other-domain-title = 이 계정으로는 들어올 수 없어요
upstream-other-domain-text = { $provider } 로그인은 정해진 조직의 확인된 이메일 주소가 있어야 해요. 다른 계정이나 다른 방법을 이용해 주세요.
upstream-disabled-title = 사용이 중지된 계정이에요
upstream-disabled-text = 관리자가 이 계정의 사용을 중지했어요. 관리자에게 문의해 주세요.
upstream-not-the-owner-title = 다른 계정이에요
upstream-not-the-owner-text = { $provider } 로그인은 됐지만, 확인하려던 계정에 이어져 있지 않아요. 바뀐 것은 없어요.
upstream-throttled-title = 새 계정이 너무 많이 만들어졌어요
upstream-throttled-text = 같은 네트워크에서 짧은 시간에 많은 계정이 만들어졌어요. 나중에 다시 시도해 주세요.
upstream-confirm-title = 이미 계정이 있어요
upstream-confirm-text = { $email } 주소를 쓰는 계정이 있어요. 본인 계정인지 확인하면 앞으로 { $provider } 로그인으로도 들어올 수 있어요.
upstream-confirm-password = 이곳 계정의 비밀번호
upstream-confirm-submit = 연결하고 로그인
upstream-confirm-others = 그 계정에 이미 연결된 제공자로 확인해도 돼요.
upstream-email-title = 이메일 주소를 알려 주세요
upstream-email-text = { $provider }에서 이메일 주소를 받지 못했어요. 새 계정에 쓸 주소가 필요해요.
upstream-email-submit = 계속
account-links = 연결된 계정
account-links-note = 이 계정들로도 로그인할 수 있어요.
account-links-empty = 아직 연결된 계정이 없어요.
account-links-add = 다른 계정 연결하기
account-link-used = 마지막 사용 { $when }
account-link-remove = 연결 끊기
account-link-remove-of = { $provider } 연결 끊기
account-link-last = 유일한 로그인 방법
account-linked = 계정을 연결했어요. 이제 그 계정으로도 로그인할 수 있어요.
account-already-linked = 이미 연결되어 있는 계정이에요.
account-linked-elsewhere = 다른 사람의 계정에 연결되어 있는 계정이에요. 바뀐 것은 없어요.
account-unlinked = 연결을 끊었어요.
account-last-way-in = 유일한 로그인 방법이라 그대로 두었어요. 먼저 다른 계정을 연결하거나 비밀번호를 정해 주세요.
problem-sign-in-again = 안전을 위해 로그아웃했다가 다시 로그인한 다음 비밀번호를 설정해 주세요.
account-password-none = 아직 비밀번호가 없는 계정이에요. 비밀번호를 설정해 두면 외부 제공자에 문제가 있을 때도 로그인할 수 있어요.
account-password-set = 비밀번호 설정
signed-out-there = { $provider }에는 아직 로그인되어 있을 수 있어요.
signed-out-there-action = { $provider }에서도 로그아웃
