-- What all scripts share; each is sent with this before it. ARGV[1] is the prefix of all keys, ARGV[2] the node that speaks.
-- Keys are not declared: a call touches two users and the streams of nodes that are learnt from data. A cluster of
-- Redises is refused at the start.
local P, NODE = ARGV[1], ARGV[2]
local SETTLING_MS, STREAM_MAX, RECORDS_MAX, SESSIONS_MAX, ENDS_MAX, END_MS = 5000, 50000, 200000, 32, 16, 900000
local DAY_S = 86400
local call = redis.call
local clock = call('TIME')
local NOW = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local function user(name) return P .. 'u:' .. name end
local function book(id) return P .. 'c:' .. id end
local function held(home) return P .. 'h:' .. home end
local function stream(node) return P .. 'q:' .. node end
local function alive(node) return call('HEXISTS', P .. 'nodes', node) == 1 end
local function nodeOf(session) return string.match(session, '^(.-)%.') or '' end

local function fence()
  if call('HEXISTS', P .. 'dead', NODE) == 1 then return '{"code":"buried"}' end
  if not alive(NODE) then return '{"code":"unknown"}' end
end

local function isSettling()
  return NOW < tonumber(call('HGET', P .. 'era', 'sinceMs') or '0') + SETTLING_MS
end

local function post(to, text)
  if alive(to) then call('XADD', stream(to), 'MAXLEN', '~', STREAM_MAX, '*', 'm', text) end
end

-- A hash as a table.
local function fieldsOf(key)
  local flat, fields = call('HGETALL', key), {}
  for at = 1, #flat, 2 do fields[flat[at]] = flat[at + 1] end
  return fields
end

-- The names behind a prefix among the fields of a user, in order.
local function named(fields, prefix)
  local found = {}
  for field in pairs(fields) do
    if string.sub(field, 1, #prefix) == prefix then found[#found + 1] = string.sub(field, #prefix + 1) end
  end
  table.sort(found)
  return found
end

local function hold(home, id)
  call('SADD', held(home), id)
  call('SADD', P .. 'homes', home)
end

local function letGo(home, id)
  call('SREM', held(home), id)
  if call('EXISTS', held(home)) == 0 then call('SREM', P .. 'homes', home) end
end

-- The homes of the other rings of a user who is taken are told.
local function takeRings(name, but)
  for _, id in ipairs(named(fieldsOf(user(name)), 'r:')) do
    local home = id ~= but and call('HGET', book(id), 'home')
    if home then post(home, '{"kind":"taken","callId":"' .. id .. '"}') end
  end
end

-- Frees what names this call, and nothing else.
local function release(id, c)
  for _, name in ipairs({ c.caller, c.callee }) do
    if call('HGET', user(name), 'live') == id then call('HDEL', user(name), 'live') end
    call('HDEL', user(name), 'r:' .. id)
  end
  letGo(c.home, id)
end

local function isRing(c, caller, callee)
  return c.caller == caller and c.callee == callee and c.state == 'ringing' and not c.tombstone
end

-- The session of a user's side that is away from an answered call.
local function awaySession(c, name)
  if c.state ~= 'answered' then return nil end
  local away = c.caller == name and c.callerAway or c.caller ~= name and c.calleeAway
  if away and away ~= '' then return away end
end

local function place(code, id, c)
  return { code = code, callId = id, home = c and c.home, gen = c and tonumber(c.gen) }
end

local function ok(recordId)
  return cjson.encode({ code = 'ok', recordId = recordId or nil })
end

-- While it settles, what is in the way may be a call whose end was lost, and is on its way back.
local function conflict()
  return isSettling() and '{"code":"wait"}' or '{"code":"conflict"}'
end

local function rememberEnd(name, id)
  local key = user(name)
  call('HSET', key, 'e:' .. id, NOW)
  call('EXPIRE', key, DAY_S)
  local fields = fieldsOf(key)
  local ends = named(fields, 'e:')
  local function isOlder(a, b)
    local x, y = tonumber(fields['e:' .. a]), tonumber(fields['e:' .. b])
    return x < y or (x == y and a < b)
  end
  table.sort(ends, isOlder)
  for at = 1, #ends - ENDS_MAX do call('HDEL', key, 'e:' .. ends[at]) end
end

local function finish(id, c, tombstone, record)
  release(id, c)
  local recordId
  if record ~= '' and call('XLEN', P .. 'records') < RECORDS_MAX then
    recordId = call('XADD', P .. 'records', '*', 'm', record)
    call('HSET', book(id), 'recordId', recordId)
  end
  call('HSET', book(id), 'tombstone', tombstone)
  for field in pairs(fieldsOf(book(id))) do
    if string.sub(field, 1, 2) == 'f:' then call('HDEL', book(id), field) end
  end
  call('EXPIRE', book(id), END_MS / 1000)
  rememberEnd(c.caller, id)
  rememberEnd(c.callee, id)
  return ok(recordId)
end
