-- Shared by the scripts over records: the names of the owner indexes that a stored value belongs to.
-- A value is 1 byte of version, 8 of expiry, 1 that counts the owners, 16 for each owner, then the sealed rest (see value.rs).
local function indexes(prefix, value)
  local names = {}
  for at = 11, 10 + 16 * string.byte(value, 10), 16 do
    local hex = string.gsub(string.sub(value, at, at + 15), '.', function(c)
      return string.format('%02x', string.byte(c))
    end)
    names[#names + 1] = prefix .. hex
  end
  return names
end
