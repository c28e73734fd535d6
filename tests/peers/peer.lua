-- SPDX-License-Identifier: MIT
-- The works of tools/peers.py in Lua. usage: peer.lua trees DEPTH | rings COUNT | graph OBJECTS | list NODES
local now = os.clock -- of the process, which has one thread

local function print_ns(...)
  local times = { ... }
  for i, seconds in ipairs(times) do times[i] = string.format("%.0f", seconds * 1e9) end
  print(table.concat(times, " "))
end

local function build(depth)
  if depth == 0 then return { false, false } end
  return { build(depth - 1), build(depth - 1) }
end

local function count(tree)
  if not tree[1] then return 1 end
  return 1 + count(tree[1]) + count(tree[2])
end

local works = {}

function works.trees(deepest)
  local begin = now()
  local nodes = count(build(deepest + 1))
  local stays = build(deepest)
  for depth = 4, deepest, 2 do
    for _ = 1, 1 << (deepest - depth + 4) do nodes = nodes + count(build(depth)) end
  end
  nodes = nodes + count(stays)
  print_ns(now() - begin)
end

function works.rings(number)
  local begin = now()
  for _ = 1, number do
    local one, other = { false, false }, { false, false }
    one[1], other[1] = other, one
  end
  print_ns(now() - begin)
end

local state = 1
local function draw(below)
  state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
  return state % below
end

local function linked(objects)
  local nodes, order = {}, {}
  for i = 1, objects do
    nodes[i] = { false, false, false, 0, 0 }
    order[i] = i
  end
  for i = 1, objects do
    local j = draw(i) + 1
    order[i], order[j] = order[j], order[i]
  end
  for i = 1, objects do
    nodes[order[i]][1] = nodes[order[i % objects + 1]]
    nodes[i][2] = nodes[draw(objects) + 1]
    if i % 2 == 0 then nodes[i][3] = nodes[draw(objects) + 1] end
  end
  return nodes[1]
end

function works.graph(objects)
  collectgarbage("stop")
  local root = linked(objects)
  collectgarbage("collect")
  local begin = now()
  collectgarbage("collect")
  local alive = now() - begin
  begin = now()
  root = nil
  collectgarbage("collect")
  print_ns(alive, now() - begin)
end

function works.list(nodes)
  local head
  for _ = 1, nodes do head = { head or false, false } end
  local begin = now()
  head = nil
  collectgarbage("collect")
  print_ns(now() - begin)
end

works[arg[1]](tonumber(arg[2]) // 1)
