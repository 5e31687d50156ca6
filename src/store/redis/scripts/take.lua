-- Takes a record away: the caller whose script runs first gets it.
-- KEYS: the record. ARGV: its name in an index, what index names begin with.
local value = redis.call('GETDEL', KEYS[1])
if value then
  for _, index in ipairs(indexes(ARGV[2], value)) do redis.call('ZREM', index, ARGV[1]) end
end
return value
