-- Makes the node the home of a call whose home is no more, or of one that is taken for its own.
local no = fence()
if no then return no end
if isSettling() then return '{"code":"wait"}' end
local id = ARGV[3]
local c = fieldsOf(book(id))
if not c.home or c.tombstone then return '{"code":"gone"}' end
if c.home ~= NODE and alive(c.home) then return cjson.encode(place('held', id, c)) end
if c.rev == '0' then
  release(id, c)
  call('DEL', book(id))
  return '{"code":"gone"}'
end
letGo(c.home, id)
hold(NODE, id)
local gen = call('HINCRBY', book(id), 'gen', 1)
call('HSET', book(id), 'home', NODE)
local told = {}
for _, other in ipairs(cjson.decode(c.nodes)) do
  if other ~= NODE and not told[other] then
    told[other] = true
    post(other, '{"kind":"adopted","callId":"' .. id .. '","home":"' .. NODE .. '","gen":' .. gen .. '}')
  end
end
local fields = {}
for _, name in ipairs(named(c, 'f:')) do fields[name] = c['f:' .. name] end
local live = call('HGET', user(c.callee), 'live')
return cjson.encode({
  code = 'adopted', gen = gen, rev = tonumber(c.rev), fields = fields, sent = c.sent,
  facts = {
    caller = c.caller, callee = c.callee, state = c.state, nodes = cjson.decode(c.nodes),
    callerAway = c.callerAway ~= '' and c.callerAway or nil, calleeAway = c.calleeAway ~= '' and c.calleeAway or nil,
  },
  isCalleeTaken = c.state == 'ringing' and live and live ~= id or false,
})
