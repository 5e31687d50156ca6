-- Adds or replaces a record, and lists it under its owners.
-- KEYS: the record. ARGV: the value, its life in ms, now, its name in an index, what index names begin with, 'XX' where only a record that is
-- there is replaced, and how many an owner may have, or 0. Answers whether it is stored.
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
  if tonumber(ARGV[7]) > 0 then
    -- The others that end first go.
    local over = redis.call('ZCARD', index) - ARGV[7]
    local records = string.sub(KEYS[1], 1, #KEYS[1] - #ARGV[4])
    for _, name in ipairs(over > 0 and redis.call('ZRANGE', index, 0, over) or {}) do
      if over > 0 and name ~= ARGV[4] then
        redis.call('DEL', records .. name)
        redis.call('ZREM', index, name)
        over = over - 1
      end
    end
  end
  -- An index lives as long as the record in it that lives longest.
  local last = redis.call('ZREVRANGE', index, 0, 0, 'WITHSCORES')[2]
  redis.call('PEXPIRE', index, math.max(1, last - ARGV[3]))
end
return 1
