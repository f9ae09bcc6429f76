-- The newest state of one call, from its home. Again, it changes nothing.
local no = fence()
if no then return no end
local c = fieldsOf(book(S.id))
if not c.home then return '{"code":"missing"}' end
if c.home ~= NODE or tonumber(c.gen) ~= S.gen then return '{"code":"fenced"}' end
if S.rev <= tonumber(c.rev) or c.tombstone then return ok(c.recordId) end
if S.state == 'answered' and not hasEnded then
  -- A claim of before a loss of data may be gone.
  local live = call('HGET', user(S.callee), 'live')
  if live and live ~= S.id then return conflict() end
  call('HSET', user(S.callee), 'live', S.id)
end
return write(NODE)
