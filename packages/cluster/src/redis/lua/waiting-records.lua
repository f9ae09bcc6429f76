-- The records that have waited for so long, oldest first.
local before = NOW - tonumber(ARGV[3])
return call('XRANGE', P .. 'records', '-', string.format('%d', before), 'COUNT', ARGV[4])
