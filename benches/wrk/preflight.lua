-- Asks, as browsers do, whether pages of many origins may call (CORS). Arguments: what comes before and after the number in an origin, and how many numbers there are.
dofile((os.getenv('BENCH_WRK') or '.') .. '/common.lua')
local before, after, count, at = '', '', 1, 0

function init(arguments)
  before, after, count = arguments[1], arguments[2], tonumber(arguments[3])
  wrk.method = 'OPTIONS'
  wrk.headers['Access-Control-Request-Method'] = 'POST'
end

function request()
  wrk.headers['Origin'] = before .. (at % count) .. after
  at = at + 1
  return wrk.format()
end
