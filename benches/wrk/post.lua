-- POSTs the same form every time. Arguments: body, authorization header (either may be empty).
dofile((os.getenv('BENCH_WRK') or '.') .. '/common.lua')

function init(arguments)
  wrk.method = 'POST'
  wrk.body = arguments[1]
  wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'
  if arguments[2] and arguments[2] ~= '' then wrk.headers['Authorization'] = arguments[2] end
end
