# Spans of time.

wait-seconds = { $n }초
wait-minutes = { $n }분
wait-hours = { $n }시간
