-- Lets go of a claim whose answer came to nothing.
local id, name = ARGV[3], ARGV[4]
local c = fieldsOf(book(id))
if c.home ~= NODE or c.state ~= 'ringing' or c.caller == name then return 0 end
if call('HGET', user(name), 'live') ~= id then return 0 end
return call('HDEL', user(name), 'live')
