#!/usr/bin/env lua
--- Queues of work.
-- @module queue

local queue = {}
local log = require "queue.log"
local insert, remove = table.insert, require("queue.remove")
local join = require('queue.text').join
local LIMIT <const> = 100
require "side.effects"

--- Makes a queue.
-- @param size how long it may get
-- @return the queue
function queue.new(size, ...)
  local function helper(x) return x end
  local inside = 3
  return setmetatable({}, queue)
end

-- Puts one in.
function queue:put(item) end

--[[ Takes one out. ]]
queue.take = function(self) end

--[==[
Clears it.
]==]
function queue.admin.clear() end

queue.VERSION = "1.0"
queue["odd key"] = function() end

local function hidden(a, b) end
local callback = function(x) end
function globally() end
counter = 0

return queue
