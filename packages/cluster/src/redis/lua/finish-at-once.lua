-- A call that was over when it began: it takes no lock.
local no = fence()
if no then return no end
local id, caller, callee, tombstone, record = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local known = fieldsOf(book(id))
if known.home then
  return known.home == NODE and known.tombstone == tombstone and ok(known.recordId) or '{"code":"fenced"}'
end
call('HSET', book(id), 'home', NODE, 'gen', 1, 'rev', 1, 'caller', caller, 'callee', callee, 'state', 'ringing',
  'nodes', '[]', 'sent', '{}')
return finish(id, { home = NODE, caller = caller, callee = callee }, tombstone, record)
