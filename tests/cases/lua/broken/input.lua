-- Copyright 2026 Somebody

local a = 1

function before(x)
  return x
end

function broken(
  if then

local function after() end
