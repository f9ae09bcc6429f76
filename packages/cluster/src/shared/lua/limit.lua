-- A window that slides: the moments of what counts, oldest first. The reply: how many count, and how long until one more
-- may. `ln:` has the keys of a limit by their last count, so that no more than so many are kept.
local what, name, who, max, window, most = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local key, index = P .. 'l:' .. name .. ':' .. who, P .. 'ln:' .. name
-- A clock that was set back leaves moments ahead of it: all of them move with it, or they would count for too long.
local ahead = tonumber(call('LINDEX', key, -1) or '0') - NOW
if ahead > 0 then
  local moments = call('LRANGE', key, 0, -1)
  call('DEL', key)
  for _, moment in ipairs(moments) do call('RPUSH', key, string.format('%d', tonumber(moment) - ahead)) end
  call('PEXPIRE', key, window)
end
while tonumber(call('LINDEX', key, 0) or NOW) <= NOW - window do call('LPOP', key) end
local count, wait = call('LLEN', key), 0
if count >= max then wait = tonumber(call('LINDEX', key, count - max)) + window - NOW end
if what == 'take' and wait <= 0 then
  call('RPUSH', key, string.format('%d', NOW))
  call('PEXPIRE', key, window)
  call('ZREMRANGEBYSCORE', index, '-inf', NOW - window)
  call('ZADD', index, NOW, who)
  call('PEXPIRE', index, window)
  if call('ZCARD', index) > most then
    local quietest = call('ZRANGE', index, 0, 0)[1]
    call('ZREM', index, quietest)
    call('DEL', P .. 'l:' .. name .. ':' .. quietest)
  end
elseif what == 'giveBack' then
  call('RPOP', key)
  if call('EXISTS', key) == 0 then call('ZREM', index, who) end
end
return { count, math.max(0, wait) }
