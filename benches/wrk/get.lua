-- GETs the same document every time. Arguments: authorization header (may be empty), cookies (may be left out).
dofile((os.getenv('BENCH_WRK') or '.') .. '/common.lua')

function init(arguments)
  if arguments[1] and arguments[1] ~= '' then wrk.headers['Authorization'] = arguments[1] end
  if arguments[2] then wrk.headers['Cookie'] = arguments[2] end
end
