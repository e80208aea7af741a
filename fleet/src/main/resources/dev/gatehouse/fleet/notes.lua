-- What a fleet was ordered, of one kind (stops, grants, policies): every change of it is one run of this script.
--
-- An order is a note under its id: 's' and a text while it stands, 'l' and a text from when it was
-- lifted, which nothing turns back. Each change gets the next version, under which every process
-- finds what it does not know yet; the version that a process says it knows is also its
-- confirmation. The epoch tells a Redis that has forgotten from one that has not.
--
-- KEYS  1 epoch and version   2 ids by version   3 lifted ids by version   4 notes by id
--       5 processes by when they were last heard of   6 what each process knows
-- ARGV  1 operation   2 process   3 its name   4 epoch that it knows   5 version that it knows
--       6 most notes to answer   7 channel for news   8 kind   9 liftings to remember
--       10… per note: id, 'stop' or 'lift', text; 'restop' and 'relift' take the place of a note that stands
--       there and that nobody of the fleet sealed. The script cannot tell: what is lifted stays lifted all the same.
-- look answers {epoch, version, 1 when more changed, then per note: id, version, kind and text};
-- members answers per process: process, version that it knows, name.

local meta, log, lifted, notes, seen, knows = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local operation, process, name, epoch = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local known, page, channel = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
local kind, lifted_max = ARGV[8], tonumber(ARGV[9])
local ALIVE_S = 5

local time = redis.call('TIME')
local old = '(' .. tostring(tonumber(time[1]) - ALIVE_S)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', seen, '-inf', old)) do
  redis.call('HDEL', knows, gone)
end
redis.call('ZREMRANGEBYSCORE', seen, '-inf', old)

if operation == 'members' then
  local all = {}
  for _, member in ipairs(redis.call('ZRANGE', seen, 0, -1)) do
    local said = redis.call('HGET', knows, member) or '0 '
    local blank = string.find(said, ' ', 1, true)
    all[#all + 1] = member
    all[#all + 1] = string.sub(said, 1, blank - 1)
    all[#all + 1] = string.sub(said, blank + 1)
  end
  return all
end

local found = redis.call('HMGET', meta, 'epoch', 'version')
local current, version = found[1], tonumber(found[2] or 0)
if not current or (epoch == current and known > version) then
  current, version = time[1] .. '.' .. time[2], 0
  redis.call('DEL', log, lifted, notes)
  redis.call('HSET', meta, 'epoch', current, 'version', '0')
end
if epoch ~= current then
  known = 0
end
redis.call('ZADD', seen, time[1], process)
redis.call('HSET', knows, process, tostring(known) .. ' ' .. name)

local before = version
local function write(id, note)
  version = redis.call('HINCRBY', meta, 'version', 1)
  redis.call('ZADD', log, version, id)
  redis.call('HSET', notes, id, note)
end

for at = 10, #ARGV, 3 do
  local id, text = ARGV[at], ARGV[at + 2]
  local how = ARGV[at + 1]
  local over = redis.call('ZSCORE', lifted, id)
  if how == 'relift' or (how == 'lift' and not over) then
    write(id, 'l' .. text)
    redis.call('ZADD', lifted, version, id)
  elseif not over and (how == 'restop' or (how == 'stop' and redis.call('HEXISTS', notes, id) == 0)) then
    write(id, 's' .. text)
  end
end
while redis.call('ZCARD', lifted) > lifted_max do
  local oldest = redis.call('ZRANGE', lifted, 0, 0)[1]
  redis.call('ZREM', lifted, oldest)
  redis.call('ZREM', log, oldest)
  redis.call('HDEL', notes, oldest)
end
if version > before then
  redis.call('PUBLISH', channel, kind .. ' ' .. tostring(version))
end

local ids = redis.call('ZRANGEBYSCORE', log, '(' .. tostring(known), '+inf', 'WITHSCORES', 'LIMIT', 0, page)
local more = #ids >= 2 * page
local answer = { current, tostring(more and ids[#ids] or version), more and 1 or 0 }
for i = 1, #ids, 2 do
  answer[#answer + 1] = ids[i]
  answer[#answer + 1] = ids[i + 1]
  answer[#answer + 1] = redis.call('HGET', notes, ids[i])
end
return answer
