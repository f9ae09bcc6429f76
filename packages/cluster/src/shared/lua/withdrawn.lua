-- For each name how long ago it was withdrawn; -1 for one that was not.
local ago = {}
for at = 2, #ARGV do
  local when = call('GET', P .. 'wt:' .. ARGV[at])
  ago[#ago + 1] = when and math.max(0, NOW - tonumber(when)) or -1
end
return ago
