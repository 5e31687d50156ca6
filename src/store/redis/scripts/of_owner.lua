-- The records of one owner, each preceded by its name, those that live longest first.
-- KEYS: the owner's index. ARGV: now, how many at most, what record names begin with.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
local found = {}
for _, name in ipairs(redis.call('ZREVRANGE', KEYS[1], 0, ARGV[2] - 1)) do
  local value = redis.call('GET', ARGV[3] .. name)
  if value then
    found[#found + 1] = name
    found[#found + 1] = value
  else
    -- Evicted, or gone a little before its time.
    redis.call('ZREM', KEYS[1], name)
  end
end
return found
