-- The rule of one live call for each user, decided over both users at once.
local no = fence()
if no then return no end
if isSettling() then return '{"code":"settling"}' end
local id, caller, callee, mayRing = ARGV[3], ARGV[4], ARGV[5], ARGV[6] == '1'
local used = fieldsOf(book(id))
if used.home then
  local reply = place('used', id, used)
  reply.hasEnded = used.tombstone ~= nil
  return cjson.encode(reply)
end
local mine = call('HGET', user(caller), 'live')
if mine then
  local c = fieldsOf(book(mine))
  return cjson.encode(place('held', mine, c.home and c))
end
local u = fieldsOf(user(callee))
local live = u.live and fieldsOf(book(u.live))
if live and isRing(live, callee, caller) then return cjson.encode(place('glare', u.live, live)) end
local away = live and awaySession(live, callee)
local devices = {}
for _, session in ipairs(named(u, 's:')) do
  if alive(nodeOf(session)) and session ~= away then
    devices[#devices + 1] = { user = callee, session = session, entry = u['s:' .. session] }
  end
end
local isCalleeLive = u.live ~= nil and (away == nil or #devices == 0)
local created = math.max(NOW, tonumber(call('HGET', P .. 'era', 'created') or '0') + 1)
call('HSET', P .. 'era', 'created', string.format('%d', created))
if not mayRing or isCalleeLive or #devices == 0 then
  return cjson.encode({ code = 'notRung', createdAtMs = created, isCalleeLive = isCalleeLive, devices = devices })
end
call('HSET', user(caller), 'live', id)
call('HSET', user(callee), 'r:' .. id, 1)
call('EXPIRE', user(caller), DAY_S)
call('EXPIRE', user(callee), DAY_S)
call('HSET', book(id), 'home', NODE, 'gen', 1, 'rev', 0, 'caller', caller, 'callee', callee, 'state', 'ringing',
  'nodes', '[]', 'sent', '{}')
hold(NODE, id)
takeRings(caller, id)
return cjson.encode({ code = 'placed', createdAtMs = created, devices = devices })
