-- Declares a node dead, by the count of beats that was seen to stand still, or as its own next boot.
local node, seen = ARGV[3], ARGV[4]
if call('HEXISTS', P .. 'dead', node) == 1 then return 0 end
if seen ~= 'own' and call('HGET', P .. 'nodes', node) ~= seen then return 0 end
-- One that was dead for seven days does not come back.
for other, atMs in pairs(fieldsOf(P .. 'dead')) do
  if NOW - tonumber(atMs) > 7 * 86400000 then call('HDEL', P .. 'dead', other) end
end
call('HSET', P .. 'dead', node, NOW)
call('HDEL', P .. 'nodes', node)
call('DEL', stream(node))
for _, other in ipairs(call('HKEYS', P .. 'nodes')) do post(other, '{"kind":"buried","node":"' .. node .. '"}') end
return 1
