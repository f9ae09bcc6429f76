-- A home that leaves names its successor, which takes the call like that of a node that is no more.
if fence() then return 0 end
local id, gen, rev, to = ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local c = fieldsOf(book(id))
if c.home ~= NODE or c.gen ~= gen or c.rev ~= rev or c.tombstone or not alive(to) then return 0 end
letGo(NODE, id)
call('HSET', book(id), 'home', 'handed:' .. to)
hold('handed:' .. to, id)
post(to, '{"kind":"take","callId":"' .. id .. '"}')
return 1
