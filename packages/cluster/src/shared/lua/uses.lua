-- The tokens that were used from an address within a day, each as how long ago and its text; the last one first.
local flat, found = call('HGETALL', P .. 'va:' .. ARGV[3] .. ':' .. ARGV[2]), {}
for at = 1, #flat, 2 do
  local used, token = string.match(flat[at + 1], '^(%d+) (.*)$')
  local ago = math.max(0, NOW - tonumber(used))
  if ago < DAY_MS then found[#found + 1] = { ago, token } end
end
table.sort(found, function(a, b) return a[1] < b[1] or (a[1] == b[1] and a[2] < b[2]) end)
return found
