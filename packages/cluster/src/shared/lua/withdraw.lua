-- What was withdrawn, until nothing of it would be good any more. `wtn` has all of it by when, so that it is bounded.
local name, remembered, most = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
call('SET', P .. 'wt:' .. name, string.format('%d', NOW), 'PX', string.format('%d', remembered))
call('ZADD', P .. 'wtn', NOW, name)
if call('ZCARD', P .. 'wtn') > most then
  local first = call('ZRANGE', P .. 'wtn', 0, 0)[1]
  call('ZREM', P .. 'wtn', first)
  call('DEL', P .. 'wt:' .. first)
end
return 1
