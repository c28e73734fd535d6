#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The works of tools/peers.py in Python. Where its collector decides when to run, it has its default settings.

usage: peer.py trees DEPTH | rings COUNT | graph OBJECTS | list NODES
"""
import gc
import sys
import time

now = time.perf_counter_ns


class Tree:
    __slots__ = ("left", "right")


class Link:
    __slots__ = ("next", "other")


class Node:
    __slots__ = ("first", "second", "third", "x", "y")


def build(depth):
    tree = Tree()
    tree.left = build(depth - 1) if depth > 0 else None
    tree.right = build(depth - 1) if depth > 0 else None
    return tree


def count(tree):
    return 1 if tree.left is None else 1 + count(tree.left) + count(tree.right)


def trees(deepest):
    begin = now()
    nodes = count(build(deepest + 1))
    stays = build(deepest)
    for depth in range(4, deepest + 1, 2):
        for _ in range(1 << (deepest - depth + 4)):
            nodes += count(build(depth))
    nodes += count(stays)
    print(now() - begin)


def rings(number):
    begin = now()
    for _ in range(number):
        one = Link()
        other = Link()
        one.next = other
        other.next = one
        one.other = other.other = None
        del one, other
    print(now() - begin)


def linked(objects):
    state = 1

    def draw(below):
        nonlocal state
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        return state % below

    nodes = [Node() for _ in range(objects)]
    order = list(range(objects))
    for i in range(objects):
        j = draw(i + 1)
        order[i], order[j] = order[j], order[i]
    for i, node in enumerate(nodes):
        nodes[order[i]].first = nodes[order[(i + 1) % objects]]
        node.second = nodes[draw(objects)]
        node.third = nodes[draw(objects)] if i % 2 else None
        node.x = node.y = 0
    return nodes[0]


def graph(objects):
    gc.disable()
    root = linked(objects)
    gc.collect()
    begin = now()
    gc.collect()
    alive = now() - begin
    begin = now()
    del root
    freed = gc.collect()
    dropped = now() - begin
    assert freed >= objects
    print(alive, dropped)


def chain(nodes):
    head = None
    for _ in range(nodes):
        node = Link()
        node.next = head
        node.other = None
        head = node
    del node
    begin = now()
    del head
    print(now() - begin)


{"trees": trees, "rings": rings, "graph": graph, "list": chain}[sys.argv[1]](int(sys.argv[2]))
