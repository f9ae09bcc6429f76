-- Whom a user asked about on this day. The day is the store's: nobody else's clock ends it.
local asker, about, max, askersMax = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local day = math.floor(NOW / DAY_MS)
local left = (day + 1) * DAY_MS - NOW
local key, askers = P .. 'sq:' .. day .. ':' .. asker, P .. 'sqn:' .. day
local count = call('SCARD', key)
local known = call('SISMEMBER', key, about) == 1
-- To forget an asker would give it a second quota: those who begin to ask once all places are taken are refused.
local isBeginning = count == 0
local allowed = known or (count < max and not (isBeginning and tonumber(call('GET', askers) or '0') >= askersMax))
if allowed and not known then
  call('SADD', key, about)
  count = count + 1
  if isBeginning then
    call('PEXPIRE', key, left + HOUR_MS)
    call('INCR', askers)
    call('PEXPIRE', askers, left + HOUR_MS)
  end
end
return { allowed and 1 or 0, count, day, left }
