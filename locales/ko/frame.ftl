# Around every page.

frame-skip = 본문으로 건너뛰기
frame-languages = 언어
frame-help = 도움말
