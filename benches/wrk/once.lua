-- Posts each line of a file once as a form. Arguments: file, authorization header, and "stop" where that ends the run.
dofile((os.getenv('BENCH_WRK') or '.') .. '/common.lua')
local forms, at, stops = {}, 0, false

function init(arguments)
  for line in io.lines(arguments[1]) do forms[#forms + 1] = line end
  wrk.method = 'POST'
  wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'
  wrk.headers['Authorization'] = arguments[2]
  stops = arguments[3] == 'stop'
end

function request()
  at = at + 1
  if stops and at > #forms then wrk.thread:stop() end
  return wrk.format(nil, nil, nil, forms[at] or 'grant_type=authorization_code&code=none')
end
