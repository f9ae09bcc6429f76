-- A token that was used from an address some time ago. `van:` has the addresses of a user by their last use.
local user, address, id, token, ago = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local tokensMax, addressesMax = tonumber(ARGV[7]), tonumber(ARGV[8])
local key, index = P .. 'va:' .. address .. ':' .. user, P .. 'van:' .. user
call('HSET', key, id, string.format('%d', NOW - ago) .. ' ' .. token)
call('PEXPIRE', key, DAY_MS)
if call('HLEN', key) > tokensMax then
  local flat, oldest, oldestMs = call('HGETALL', key), nil, math.huge
  for at = 1, #flat, 2 do
    local used = tonumber(string.match(flat[at + 1], '^%d+'))
    if used < oldestMs or (used == oldestMs and flat[at] ~= id) then oldest, oldestMs = flat[at], used end
  end
  call('HDEL', key, oldest)
end
call('ZADD', index, NOW, address)
call('PEXPIRE', index, DAY_MS)
if call('ZCARD', index) > addressesMax then
  local quietest = call('ZRANGE', index, 0, 0)[1]
  call('ZREM', index, quietest)
  call('DEL', P .. 'va:' .. quietest .. ':' .. user)
end
return 1
