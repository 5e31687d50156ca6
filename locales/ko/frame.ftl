# Around every page.

frame-skip = 본문으로 건너뛰기
frame-languages = 언어
frame-help = 도움말
frame-unclaimed = 아직 관리자가 없는 서버예요. 서버가 실행되는 곳에서 다음 명령을 실행하면 관리자 등록 링크가 나와요:
