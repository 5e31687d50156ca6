# The console: the page that shows every component.

design-title = 디자인
design-intro = 페이지를 이루는 모든 구성 요소예요. 브라우저 설정에 따라 밝거나 어둡게 보여요.
design-colours = 색
design-type = 글자
design-buttons = 버튼
design-notes = 알림과 태그
design-fields = 입력란
design-folded = 입력란 더 보기
design-lists = 목록
design-table = 표
design-facts = 정보
design-ways = 로그인 방법
design-steps = 탭과 단계
design-charts = 차트
design-layout = 나란히 보기
design-example = 예시
design-hint = 힌트는 무엇을 뜻하는지 알려 줘요.
design-problem = 오류 안내는 어떻게 하면 되는지 알려 줘요.
design-one = 첫 번째
design-two = 두 번째
