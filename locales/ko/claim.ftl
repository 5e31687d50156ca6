# The first administrator.

claim-title = 관리자 등록
claim-intro = 이 서버의 첫 관리자로 등록해요. 링크는 한 번만 쓸 수 있어요.
claim-submit = 관리자로 등록하기
claim-spent-title = 사용할 수 없는 링크예요
claim-spent = 이미 사용했거나 만료된 링크예요. 서버에 관리자가 이미 있을 수도 있어요. 아직 관리자가 없다면 서버 운영자가 “haechi claim” 명령으로 새 링크를 만들 수 있어요.
