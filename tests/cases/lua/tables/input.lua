local M = {
  name = "tables",
  --- Opens it.
  open = function(path) end,
  ["close"] = function() end,
  [1] = function() end,
  nested = {
    deep = function(self) end,
  },
}

M.handlers = {
  click = function(event) end,
  limit = 3,
}

if jit then
  function M.fast() end
else
  M.fast = function() end
end

do
  local scoped = 1
  function M.from_block() end
end

for i = 1, 3 do
  local step = function() end
end

---@class Reader
---@field path string
local Reader = setmetatable({}, { __index = Base })

function Reader:read(n) end

function Reader.__index(self, key) end

return {
  open = M.open,
  again = function() end,
}
