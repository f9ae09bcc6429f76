-- Registers a boot. A store whose process is another one than the era began with begins a new era.
local runId, lastRead, secret, config, nextId = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local key = P .. 'era'
if call('HEXISTS', P .. 'dead', NODE) == 1 then return '{"code":"buried"}' end
if call('HGET', key, 'runId') ~= runId then
  call('HSET', key, 'id', runId .. '@' .. NOW, 'runId', runId, 'sinceMs', NOW)
end
-- What must be the same on all nodes is what the first of them has; where none is left it may change.
local others = call('HLEN', P .. 'nodes') - call('HEXISTS', P .. 'nodes', NODE)
if others == 0 then call('HSET', key, 'secret', secret, 'config', config) end
call('HSETNX', key, 'secret', secret)
call('HSETNX', key, 'config', config)
for _, what in ipairs({ 'secret', 'config' }) do
  if call('HGET', key, what) ~= (what == 'secret' and secret or config) then
    return '{"code":"differs","what":"' .. what .. '"}'
  end
end
call('HINCRBY', P .. 'nodes', NODE, 1)
-- What comes has ids after the last that was read, though that may be lost or of a clock that was ahead. Where the
-- stream is further on already, this is refused, as it should be.
if lastRead ~= '0-0' then redis.pcall('XADD', stream(NODE), nextId, 'm', '{"kind":"probe"}') end
return cjson.encode({ code = 'ok', era = call('HGET', key, 'id'), isSettling = isSettling(), timeMs = NOW })
