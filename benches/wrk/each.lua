-- Posts each line of a file once as a form, and ends with the last one. Arguments: file, authorization header.
dofile((os.getenv('BENCH_WRK') or '.') .. '/common.lua')
local forms, at = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do forms[#forms + 1] = line end
  wrk.method = 'POST'
  wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'
  wrk.headers['Authorization'] = arguments[2]
end

function request()
  at = at + 1
  if at > #forms then wrk.thread:stop() end
  return wrk.format(nil, nil, nil, forms[at] or 'grant_type=authorization_code&code=none')
end
