-- The callee's lock, before its answer is decided.
local no = fence()
if no then return no end
if isSettling() then return '{"code":"settling"}' end
local id, name = ARGV[3], ARGV[4]
local c = fieldsOf(book(id))
if c.home ~= NODE then return '{"code":"fenced"}' end
if c.tombstone then return '{"code":"ended"}' end
local live = call('HGET', user(name), 'live')
if live and live ~= id then
  local other = fieldsOf(book(live))
  local reply = place('locked', live, other.home and other)
  reply.isAway = other.home ~= nil and awaySession(other, name) ~= nil
  return cjson.encode(reply)
end
call('HSET', user(name), 'live', id)
call('EXPIRE', user(name), DAY_S)
takeRings(name, id)
return '{"code":"claimed"}'
