-- Whose call it is now.
local id = ARGV[3]
local c = fieldsOf(book(id))
if c.home and not c.tombstone then return cjson.encode(place('held', id, c)) end
if c.home then return '{"code":"ended"}' end
return isSettling() and '{"code":"wait"}' or '{"code":"gone"}'
