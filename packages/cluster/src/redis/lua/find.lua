-- Whose call it is now.
local id = ARGV[3]
local c = fieldsOf(book(id))
if c.home and not c.tombstone then return cjson.encode(place('held', id, c)) end
return not c.home and isSettling() and '{"code":"wait"}' or '{"code":"gone"}'
