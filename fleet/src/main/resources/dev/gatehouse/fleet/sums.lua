-- The sums of a fleet: every change of them is one run of this script, on Redis' own time.
--
-- A sum is a hash of slots. Each change of one gets the next version, under which every process finds
-- what it does not know yet. The epoch tells a Redis that has forgotten from one that has not: sums
-- are not added to one that the caller does not know, but raised first to what the caller knows.
--
-- KEYS  1 epoch, version, cursor of the look for expired names   2 sums by version   3 processes
--       4 the caller's last turn
-- ARGV  1 operation   2 process   3 epoch that the caller knows   4 version that it knows   5 prefix of sums
--       6 most sums to answer   7 the caller's turn   8… per part: name, slot, amount, oldest, keep ms
-- Answers {epoch, seconds, microseconds, processes, version, 1 when more changed, then per sum: name,
-- number of slots, and per slot: number, amount}; only the first four when the epoch is another.

local meta, changed, processes, turn = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local operation, process, epoch, known = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local prefix, page = ARGV[5], tonumber(ARGV[6])
local ALIVE_S, TURN_MS = 30, 3600000

local time = redis.call('TIME')
local now = tonumber(time[1])

redis.call('ZADD', processes, time[1], process)
redis.call('ZREMRANGEBYSCORE', processes, '-inf', '(' .. tostring(now - ALIVE_S))
local alive = redis.call('ZCARD', processes)

local found = redis.call('HMGET', meta, 'epoch', 'version')
local current, version = found[1], tonumber(found[2] or 0)
if not current or (epoch == current and known > version) then
  current, version = time[1] .. '.' .. time[2], 0
  redis.call('DEL', changed)
  redis.call('HSET', meta, 'epoch', current, 'version', '0')
end
if epoch ~= current then
  return { current, time[1], time[2], alive }
end

local function part(at)
  local name, slot, amount, oldest, keep = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3]), ARGV[at + 4]
  local key = prefix .. name
  if operation == 'raise' then
    if tonumber(redis.call('HGET', key, slot) or 0) >= tonumber(amount) then
      return
    end
    redis.call('HSET', key, slot, amount)
  else
    redis.call('HINCRBY', key, slot, amount)
  end
  for _, old in ipairs(redis.call('HKEYS', key)) do
    if tonumber(old) < oldest then
      redis.call('HDEL', key, old)
    end
  end
  redis.call('PEXPIRE', key, keep)
  version = redis.call('HINCRBY', meta, 'version', 1)
  redis.call('ZADD', changed, version, name)
end

-- A turn that was taken is not taken again: its answer was lost, not the turn.
if operation == 'raise' or tonumber(redis.call('GET', turn) or 0) < tonumber(ARGV[7]) then
  for at = 8, #ARGV, 5 do
    part(at)
  end
  if operation ~= 'raise' then
    redis.call('SET', turn, ARGV[7], 'PX', TURN_MS)
  end
end

-- Sums expire by themselves; what names them is looked for a few at a time, by every caller.
local seen = redis.call('ZSCAN', changed, redis.call('HGET', meta, 'cursor') or '0', 'COUNT', 20)
redis.call('HSET', meta, 'cursor', seen[1])
for i = 1, #seen[2], 2 do
  if redis.call('EXISTS', prefix .. seen[2][i]) == 0 then
    redis.call('ZREM', changed, seen[2][i])
  end
end

local names = redis.call('ZRANGEBYSCORE', changed, '(' .. ARGV[4], '+inf', 'WITHSCORES', 'LIMIT', 0, page)
local newest = #names > 0 and names[#names] or ARGV[4]
local answer = { current, time[1], time[2], alive, newest, #names >= 2 * page and 1 or 0 }
for i = 1, #names, 2 do
  local slots = redis.call('HGETALL', prefix .. names[i])
  if #slots == 0 then
    redis.call('ZREM', changed, names[i])
  end
  answer[#answer + 1] = names[i]
  answer[#answer + 1] = #slots / 2
  for _, word in ipairs(slots) do
    answer[#answer + 1] = word
  end
end
return answer
