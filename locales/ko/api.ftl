# The administration API, for people.

api-title = 관리 API
api-intro = 관리자가 하는 모든 일을 프로그램으로 할 수 있어요. 액세스 토큰은 아래 리소스용이어야 하고, 토큰의 스코프가 할 수 있는 일의 범위를 정해요.
api-document = OpenAPI 문서로 보기
api-scope = 스코프
api-statuses = 응답
api-documents = 문서
api-problems = 문제가 될 수 있는 것
