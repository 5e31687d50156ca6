-- Notes a state of the database, unless what is noted is of the same database and not older.
-- KEYS: the mark. ARGV: the database, how far it is, the whole value, its life in ms.
local value = redis.call('GET', KEYS[1])
if value then
  local mark, instance = string.match(value, '^(%d+) %-?%d+ (.*)$')
  if instance == ARGV[1] and tonumber(mark) >= tonumber(ARGV[2]) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
return 1
