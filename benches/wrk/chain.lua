-- Refreshes: every answer brings the token of a later request. Arguments: file with one refresh token a line (more lines than
-- connections), authorization header, fixed end of the form.
dofile((os.getenv('BENCH_WRK') or '.') .. '/common.lua')
local tokens, first, last, rest = {}, 1, 0, ''

function init(arguments)
  for line in io.lines(arguments[1]) do last = last + 1; tokens[last] = line end
  wrk.method = 'POST'
  wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'
  wrk.headers['Authorization'] = arguments[2]
  rest = arguments[3] or ''
end

function request()
  local token = tokens[first]
  if token then tokens[first] = nil; first = first + 1 end
  return wrk.format(nil, nil, nil, 'grant_type=refresh_token&refresh_token=' .. (token or 'none') .. rest)
end

function response(status, headers, body)
  local token = body:match('"refresh_token":"([^"]+)"')
  if token then last = last + 1; tokens[last] = token end
end
