-- Counts one more event in the window that the first of them began. The value is the count and the end of the window.
-- KEYS: the counter. ARGV: now, the length of a window in ms.
local count, ends = 0, 0
local value = redis.call('GET', KEYS[1])
if value then
  count, ends = string.match(value, '^(%d+) (%d+)$')
  count, ends = tonumber(count), tonumber(ends)
end
local now = tonumber(ARGV[1])
if ends <= now then
  count, ends = 0, now + tonumber(ARGV[2])
end
-- The value says when the window ends; Redis only sweeps up, a minute later, so that its own clock cuts no window short.
redis.call('SET', KEYS[1], string.format('%d %.0f', count + 1, ends), 'PX', string.format('%.0f', ends - now + 60000))
return count + 1
