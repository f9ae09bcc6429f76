-- What a home knows of a call of its own, whole, after some of it may have been lost.
local no = fence()
if no then return no end
local c = fieldsOf(book(S.id))
if c.home then
  local gen = tonumber(c.gen)
  if gen > S.gen or (gen == S.gen and c.home ~= NODE) then return '{"code":"fenced"}' end
  if gen == S.gen and tonumber(c.rev) >= S.rev then return ok(c.recordId) end
  if c.tombstone and not hasEnded then return '{"code":"fenced"}' end
end
local caller, callee = user(S.caller), user(S.callee)
if not hasEnded then
  local mine, theirs = call('HGET', caller, 'live'), call('HGET', callee, 'live')
  if mine and mine ~= S.id then return conflict() end
  if S.state == 'answered' and theirs and theirs ~= S.id then return conflict() end
  -- They have dialled the other way round meanwhile.
  if S.state == 'ringing' and theirs and isRing(fieldsOf(book(theirs)), S.callee, S.caller) then return conflict() end
end
if c.home then letGo(c.home, S.id) end
call('DEL', book(S.id))
if not hasEnded then
  hold(NODE, S.id)
  call('HSET', caller, 'live', S.id)
  if S.state == 'answered' then call('HSET', callee, 'live', S.id)
  else
    if call('HGET', callee, 'live') == S.id then call('HDEL', callee, 'live') end
    call('HSET', callee, 'r:' .. S.id, 1)
  end
  call('EXPIRE', caller, DAY_S)
  call('EXPIRE', callee, DAY_S)
end
return write(NODE)
