-- GETs the same document every time. Argument: authorization header (may be empty).
dofile((os.getenv('BENCH_WRK') or '.') .. '/common.lua')

function init(arguments)
  if arguments[1] and arguments[1] ~= '' then wrk.headers['Authorization'] = arguments[1] end
end
