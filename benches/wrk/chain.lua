-- Refreshes: every answer brings the token of a later request. Arguments: file with one refresh token a line (more lines than
-- connections), authorization header, fixed end of the form, file for the tokens that are left at the end (either may be left out).
dofile((os.getenv('BENCH_WRK') or '.') .. '/common.lua')
local first, last, rest, threads = 1, 0, '', {}
-- Not local: the end of a run reads them off the thread.
tokens, left = {}, ''

function setup(thread) threads[#threads + 1] = thread end

function init(arguments)
  for line in io.lines(arguments[1]) do last = last + 1; tokens[last] = line end
  wrk.method = 'POST'
  wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'
  wrk.headers['Authorization'] = arguments[2]
  rest, left = arguments[3] or '', arguments[4] or ''
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

local report = done
function done(summary, latency, requests)
  for _, thread in ipairs(threads) do
    if thread:get('left') ~= '' then
      local file = io.open(thread:get('left'), 'w')
      for _, token in pairs(thread:get('tokens')) do file:write(token, '\n') end
      file:close()
    end
  end
  report(summary, latency, requests)
end
