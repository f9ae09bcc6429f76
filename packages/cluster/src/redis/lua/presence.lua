-- How users look to all nodes, in one order of looks; told to them where that is asked for.
local found = {}
local at = call('INCR', P .. 'looks')
for index = 4, #ARGV do
  local u = fieldsOf(user(ARGV[index]))
  local nodes, listed = {}, {}
  for _, session in ipairs(named(u, 's:')) do
    local node = nodeOf(session)
    if alive(node) and not listed[node] then
      listed[node] = true
      nodes[#nodes + 1] = node
    end
  end
  table.sort(nodes)
  found[#found + 1] = { user = ARGV[index], nodes = nodes, inCall = u.live ~= nil, at = at }
end
local text = cjson.encode(found)
if ARGV[3] == 'tell' then call('PUBLISH', P .. 'presence', text) end
return text
