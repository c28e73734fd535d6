// SPDX-License-Identifier: MIT
// The works of tools/peers.py in JavaScript, for node --expose-gc.
// usage: peer.js trees DEPTH | rings COUNT | graph OBJECTS | list NODES
'use strict';

const now = () => Number(process.hrtime.bigint());

class Tree {
  constructor(left, right) {
    this.left = left;
    this.right = right;
  }
}

class Node {
  constructor() {
    this.first = this.second = this.third = null;
    this.x = this.y = 0;
  }
}

const build = (depth) => (depth > 0 ? new Tree(build(depth - 1), build(depth - 1)) : new Tree(null, null));
const count = (tree) => (tree.left === null ? 1 : 1 + count(tree.left) + count(tree.right));

let kept = null; // what a compiler might otherwise see to be of no use

function trees(deepest) {
  const begin = now();
  let nodes = count(build(deepest + 1));
  kept = build(deepest);
  for (let depth = 4; depth <= deepest; depth += 2) {
    for (let i = 2 ** (deepest - depth + 4); i > 0; i--) nodes += count(build(depth));
  }
  nodes += count(kept);
  console.log(now() - begin);
}

function rings(number) {
  const begin = now();
  for (let i = 0; i < number; i++) {
    const one = new Tree(null, null);
    one.left = new Tree(one, null);
    kept = one;
  }
  console.log(now() - begin);
}

let state = 1;
function draw(below) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state % below;
}

function linked(objects) {
  const nodes = Array.from({ length: objects }, () => new Node());
  const order = Array.from({ length: objects }, (_, i) => i);
  for (let i = 0; i < objects; i++) {
    const j = draw(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  for (let i = 0; i < objects; i++) {
    nodes[order[i]].first = nodes[order[(i + 1) % objects]];
    nodes[i].second = nodes[draw(objects)];
    if (i % 2) nodes[i].third = nodes[draw(objects)];
  }
  return nodes[0];
}

function collected() {
  const begin = now();
  globalThis.gc();
  return now() - begin;
}

function graph(objects) {
  kept = linked(objects);
  collected();
  const alive = collected();
  kept = null;
  console.log(alive, collected());
}

function list(nodes) {
  for (let i = 0; i < nodes; i++) kept = new Tree(kept, null);
  collected();
  kept = null;
  console.log(collected());
}

({ trees, rings, graph, list })[process.argv[2]](Number(process.argv[3]));
