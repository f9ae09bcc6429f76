-- A letter to one node, or to all others where none is named.
local no = fence()
if no then return no end
local to, text = ARGV[3], ARGV[4]
if to ~= '' then
  if not alive(to) then return '{"code":"dead"}' end
  post(to, text)
  return '{"code":"ok"}'
end
for _, other in ipairs(call('HKEYS', P .. 'nodes')) do
  if other ~= NODE then post(other, text) end
end
return '{"code":"ok"}'
