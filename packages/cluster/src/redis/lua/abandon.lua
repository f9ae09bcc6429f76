-- Takes a place back of which nobody was told.
local id = ARGV[3]
local c = fieldsOf(book(id))
if c.home ~= NODE or c.rev ~= '0' then return 0 end
release(id, c)
call('DEL', book(id))
return 1
