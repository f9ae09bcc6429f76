-- A sign of life, and a probe that the node reads back if it reads.
local no = fence()
if no then return no end
call('HINCRBY', P .. 'nodes', NODE, 1)
post(NODE, '{"kind":"probe"}')
local nodes, orphaned = fieldsOf(P .. 'nodes'), {}
for _, home in ipairs(call('SMEMBERS', P .. 'homes')) do
  if not nodes[home] then orphaned[#orphaned + 1] = home end
end
table.sort(orphaned)
for node, beats in pairs(nodes) do nodes[node] = tonumber(beats) end
return cjson.encode({
  code = 'ok', nodes = nodes, orphaned = orphaned, era = call('HGET', P .. 'era', 'id'), isSettling = isSettling(),
  timeMs = NOW, waitingRecords = call('XLEN', P .. 'records'),
})
