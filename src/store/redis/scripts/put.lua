-- Adds or replaces a record, and lists it under its owners.
-- KEYS: the record. ARGV: the value, its life in ms, now, its name in an index, what index names begin with, and 'XX' where only a record that is
-- there is replaced. Answers whether it is stored.
local old
if ARGV[6] == 'XX' then
  old = redis.call('SET', KEYS[1], ARGV[1], 'XX', 'PX', ARGV[2], 'GET')
  if not old then return 0 end
else
  old = redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'GET')
end
if old then
  for _, index in ipairs(indexes(ARGV[5], old)) do redis.call('ZREM', index, ARGV[4]) end
end
for _, index in ipairs(indexes(ARGV[5], ARGV[1])) do
  redis.call('ZREMRANGEBYSCORE', index, '-inf', ARGV[3])
  redis.call('ZADD', index, ARGV[2] + ARGV[3], ARGV[4])
  -- An index lives as long as the record in it that lives longest.
  local last = redis.call('ZREVRANGE', index, 0, 0, 'WITHSCORES')[2]
  redis.call('PEXPIRE', index, math.max(1, last - ARGV[3]))
end
return 1
