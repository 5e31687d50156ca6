# The settings in the console.

settings-title = 설정
settings-intro = 설정은 서버가 시작할 때 읽어요. 파일이나 환경 변수를 바꾸면 모든 노드를 다시 시작해야 적용돼요. TLS 인증서 파일만 실행 중에도 다시 읽어요. 로그인 정책처럼 콘솔에서 정한 내용은 바로 적용돼요. 시크릿은 보여 주지 않아요.
settings-search = 설정 검색
settings-nothing = 맞는 설정이 없어요.
settings-default = 기본값
settings-file = { $path }에서
settings-variable = { $name }에서
settings-default-is = 기본값: { $value }
settings-none = 설정 안 함
