# SPDX-License-Identifier: MIT
# The works of tools/peers.py in Nim, for --gc:orc.
# usage: peer trees DEPTH | rings COUNT | graph OBJECTS | list NODES
import std/[monotimes, os, strutils]

type
  Tree = ref object
    left, right: Tree
  Link = ref object
    next, other: Link
  Node = ref object
    first, second, third: Node
    x, y: int

proc now(): int64 = getMonoTime().ticks

proc build(depth: int): Tree =
  result = Tree()
  if depth > 0:
    result.left = build(depth - 1)
    result.right = build(depth - 1)

proc count(tree: Tree): int =
  if tree.left == nil: 1 else: 1 + count(tree.left) + count(tree.right)

proc trees(deepest: int) =
  let begin = now()
  var nodes = count(build(deepest + 1))
  let stays = build(deepest)
  for depth in countup(4, deepest, 2):
    for i in 1 .. (1 shl (deepest - depth + 4)):
      nodes += count(build(depth))
  nodes += count(stays)
  let took = now() - begin
  if nodes == 0: quit(1)
  echo took

proc ring() {.noinline.} =
  let one = Link()
  let other = Link()
  one.next = other
  other.next = one

proc rings(number: int) =
  let begin = now()
  for i in 1 .. number:
    ring()
  echo now() - begin

var state: int64 = 1

proc draw(below: int): int =
  state = (state * 1664525 + 1013904223) and 0xFFFFFFFF
  int(state mod below)

proc linked(objects: int): Node =
  var nodes = newSeq[Node](objects)
  var order = newSeq[int](objects)
  for i in 0 ..< objects:
    nodes[i] = Node()
    order[i] = i
  for i in 0 ..< objects:
    swap(order[i], order[draw(i + 1)])
  for i in 0 ..< objects:
    nodes[order[i]].first = nodes[order[(i + 1) mod objects]]
    nodes[i].second = nodes[draw(objects)]
    if i mod 2 == 1:
      nodes[i].third = nodes[draw(objects)]
  result = nodes[0]

var root: Node

# A reference that is taken and dropped, or nothing is suspect.
proc suspect() {.noinline.} =
  var other = root
  other = nil

proc graph(objects: int) =
  GC_disableOrc()
  root = linked(objects)
  GC_fullCollect()
  suspect()
  var begin = now()
  GC_fullCollect()
  let alive = now() - begin
  begin = now()
  root = nil
  GC_fullCollect()
  echo alive, " ", now() - begin

proc chain(nodes: int) =
  var head: Link
  for i in 1 .. nodes:
    head = Link(next: head)
  let begin = now()
  head = nil
  echo now() - begin

let size = parseInt(paramStr(2))
case paramStr(1)
of "trees": trees(size)
of "rings": rings(size)
of "graph": graph(size)
else: chain(size)
