-- The health of a fleet's lanes: every change of it is one run of this script, on Redis' own time.
--
-- A lane's record says that it rests (until when; past that, one probe at a time, under a lease), or
-- that it serves again; no record: nobody ever had anything to say. Versions only grow, so that late
-- news is known as late. Times are milliseconds, versions microseconds, of Redis' TIME.
--
-- KEYS  1 the lane's record   2 its failures   3 the names of the lanes that rest
-- ARGV  1 operation   2 lane   3 channel for news   4 token   5 newest version the caller knows   6… more
-- Answers {state, remaining ms, version, ms that another's lease lasts, 1 when granted}.

local record, failures, index = KEYS[1], KEYS[2], KEYS[3]
local operation, lane, channel, token = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local known = tonumber(ARGV[5])
local FORGET_MS = 3600000

local time = redis.call('TIME')
local micros = tonumber(time[1]) * 1000000 + tonumber(time[2])
local now = math.floor(micros / 1000)

-- Digit by digit, in two halves: not every Lua formats integers beyond 32 bits.
local function whole(n)
  if n < 1000000 then
    return string.format('%d', n)
  end
  return string.format('%d%06d', math.floor(n / 1000000), n % 1000000)
end

if operation == 'list' then
  local all = {}
  for _, name in ipairs(redis.call('SMEMBERS', index)) do
    local found = redis.call('HMGET', ARGV[6] .. name, 'state', 'ends', 'version')
    if found[1] == 'rests' then
      all[#all + 1] = name
      all[#all + 1] = whole(math.max(0, tonumber(found[2]) - now))
      all[#all + 1] = found[3]
    else
      redis.call('SREM', index, name)
    end
  end
  return all
end

local found = redis.call('HMGET', record, 'state', 'ends', 'version', 'owner', 'lease', 'since')
local state = found[1]
local ends = tonumber(found[2] or 0)
local version = tonumber(found[3] or 0)
local owner = found[4] or ''
local lease = tonumber(found[5] or 0)
local since = tonumber(found[6] or 0)
local granted = 0

local function change(to, length)
  local keep = FORGET_MS + math.max(length, ends - since)
  version = math.max(micros, version + 1, known + 1)
  state, ends, since, owner, lease = to, now + length, now, '', 0
  redis.call('HSET', record, 'state', to, 'ends', whole(ends), 'version', whole(version),
    'owner', '', 'lease', '0', 'since', whole(now))
  redis.call('PEXPIRE', record, whole(keep))
  redis.call('DEL', failures)
  redis.call(to == 'rests' and 'SADD' or 'SREM', index, lane)
  redis.call('PUBLISH', channel, lane .. ' ' .. to .. ' ' .. whole(length) .. ' ' .. whole(version))
end

local function mine()
  return state == 'rests' and owner == token
end

if operation == 'fail' then
  -- more: failures that open it, window ms, rest ms. What rests already is not counted.
  if state ~= 'rests' then
    redis.call('ZREMRANGEBYSCORE', failures, '-inf', whole(now - tonumber(ARGV[7])))
    redis.call('ZADD', failures, whole(now), token)
    redis.call('PEXPIRE', failures, ARGV[7])
    if redis.call('ZCARD', failures) >= tonumber(ARGV[6]) then
      change('rests', tonumber(ARGV[8]))
    end
  end
elseif operation == 'rest' then
  -- more: rest ms. A longer rest stays as it is.
  if state ~= 'rests' or ends < now + tonumber(ARGV[6]) then
    change('rests', tonumber(ARGV[6]))
  end
elseif operation == 'lease' then
  -- more: lease ms. The caller knows of a rest that is over; a forgotten one is as good.
  if not state then
    change('rests', 0)
  end
  if state == 'rests' and ends <= now and (owner == '' or owner == token or lease <= now) then
    owner, lease, granted = token, now + tonumber(ARGV[6]), 1
    redis.call('HSET', record, 'owner', owner, 'lease', whole(lease))
  end
elseif operation == 'renew' then
  -- more: lease ms
  if mine() then
    lease, granted = now + tonumber(ARGV[6]), 1
    redis.call('HSET', record, 'lease', whole(lease))
  end
elseif operation == 'served' then
  if mine() then
    change('serves', 0)
    granted = 1
  end
elseif operation == 'broke' then
  -- more: rest ms
  if mine() then
    change('rests', tonumber(ARGV[6]))
    granted = 1
  end
elseif operation == 'release' then
  if mine() then
    change('rests', 0)
    granted = 1
  end
elseif operation == 'teach' then
  -- more: remaining ms, age ms, who judged so. What one process judged alone counts unless the lane
  -- has served since; what the fleet itself once said counts when the fleet has forgotten it.
  local judgedAlone = ARGV[8] == 'local'
  if not state or (state == 'serves' and judgedAlone and since < now - tonumber(ARGV[7])) then
    change('rests', tonumber(ARGV[6]))
  end
else
  return redis.error_reply('no such operation: ' .. operation)
end

local elsewhere = 0
if state == 'rests' and owner ~= '' and owner ~= token then
  elsewhere = math.max(0, lease - now)
end
return { state or 'unknown', whole(math.max(0, ends - now)), whole(version), whole(elsewhere), granted }
