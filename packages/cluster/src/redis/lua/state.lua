-- Reads the state of a call that commit and restore are given, and writes it.
local S = {
  id = ARGV[3], gen = tonumber(ARGV[4]), rev = tonumber(ARGV[5]), caller = ARGV[6], callee = ARGV[7], state = ARGV[8],
  callerAway = ARGV[9], calleeAway = ARGV[10], nodes = ARGV[11], sent = ARGV[12],
  tombstone = ARGV[13], record = ARGV[14],
}
local at = 15
local function list(width)
  local count, items = tonumber(ARGV[at]), {}
  at = at + 1
  for n = 1, count do
    items[n] = { ARGV[at], ARGV[at + 1] }
    at = at + width
  end
  return items
end
local fields, letters, claims = list(2), list(2), list(1)
local hasEnded = S.tombstone ~= ''

local function write(home)
  local key = book(S.id)
  call('HSET', key, 'home', home, 'gen', S.gen, 'rev', S.rev, 'caller', S.caller, 'callee', S.callee, 'state', S.state,
    'callerAway', S.callerAway, 'calleeAway', S.calleeAway, 'nodes', S.nodes, 'sent', S.sent)
  for _, field in ipairs(fields) do call('HSET', key, 'f:' .. field[1], field[2]) end
  if S.state == 'answered' then call('HDEL', user(S.callee), 'r:' .. S.id) end
  for _, letter in ipairs(letters) do post(letter[1], letter[2]) end
  for _, claim in ipairs(claims) do takeRings(claim[1], S.id) end
  if hasEnded then return finish(S.id, { home = home, caller = S.caller, callee = S.callee }, S.tombstone, S.record) end
  call('PERSIST', key)
  return ok()
end
