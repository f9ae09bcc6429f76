-- What the steps of the shared memory share. ARGV[1] is the prefix of all keys, and the time is that of the store alone.
local P = ARGV[1]
local DAY_MS, HOUR_MS = 86400000, 3600000
local call = redis.call
local clock = call('TIME')
local NOW = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
