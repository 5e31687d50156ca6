# The first administrator.

claim-title = 관리자 등록
claim-intro = 이 서버의 첫 관리자로 등록해요. 링크는 한 번만 쓸 수 있어요.
claim-as = { $email } 계정을 관리자로 등록하기
claim-new = 다른 계정으로 등록하기
claim-have-account = 이미 계정이 있나요?
claim-to-sign-in = 먼저 로그인하기
claim-password-wrong = 이 주소를 쓰는 계정이 있는데, 비밀번호가 맞지 않아요.
claim-submit = 관리자로 등록하기
claim-spent-title = 사용할 수 없는 링크예요
claim-spent = 만료됐거나 더 새로운 링크가 있어요. 서버가 실행되는 곳에서 “haechi claim” 명령을 실행하면 새 링크가 나와요.
claim-claimed-title = 이미 관리자가 있는 서버예요
claim-claimed = 링크를 이미 사용했거나 다른 방법으로 관리자가 등록됐어요. 관리자 계정으로 로그인해 주세요. “haechi users create --administrator” 명령으로 관리자를 더 만들 수 있어요.
claim-to-console = 관리 화면으로
