-- Puts another state, or none, in place of the one that a caller read; says whether that was still there.
-- KEYS: the mark. ARGV: what was read, what comes in its place, its life in ms.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1
