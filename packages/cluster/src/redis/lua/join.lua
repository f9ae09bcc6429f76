-- A session is there; the reply says what its user's calls are.
local no = fence()
if no then return no end
local name, session, entry = ARGV[3], ARGV[4], ARGV[5]
local key = user(name)
local u = fieldsOf(key)
local count = 0
for _, other in ipairs(named(u, 's:')) do
  if call('HEXISTS', P .. 'dead', nodeOf(other)) == 1 then call('HDEL', key, 's:' .. other)
  else count = count + 1 end
end
if not u['s:' .. session] and count >= SESSIONS_MAX then return '{"code":"full"}' end
call('HSET', key, 's:' .. session, entry)
local joins = call('HINCRBY', key, 'j', 1)
call('EXPIRE', key, DAY_S)
local reply = { code = 'ok', join = joins, rings = {}, ends = {} }
for _, id in ipairs(named(u, 'r:')) do
  local c = fieldsOf(book(id))
  if c.home then reply.rings[#reply.rings + 1] = place(nil, id, c) end
end
if u.live then
  local c = fieldsOf(book(u.live))
  reply.live = place(nil, u.live, c.home and c)
end
local ends = named(u, 'e:')
table.sort(ends, function(a, b)
  local x, y = tonumber(u['e:' .. a]), tonumber(u['e:' .. b])
  return x > y or (x == y and a > b)
end)
for _, id in ipairs(ends) do
  local tombstone = NOW - tonumber(u['e:' .. id]) <= END_MS and call('HGET', book(id), 'tombstone')
  if tombstone then reply.ends[#reply.ends + 1] = tombstone end
end
return cjson.encode(reply)
