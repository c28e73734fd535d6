#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The program of suspects.c in Python, with the collector's default settings. It prints the seconds of its steps.

usage: suspects.py NODES STEPS
"""
import sys
import time


class Node:
    __slots__ = ("first", "second")


def main():
    nodes, steps = map(int, sys.argv[1:])
    state = 1
    table = [Node() for _ in range(nodes)]
    for i, node in enumerate(table):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        node.first = table[(i + 1) % nodes]
        node.second = table[state % nodes]
    begin = time.perf_counter()
    for _ in range(steps):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        suspect = table[state % nodes]
        del suspect
        one = Node()
        other = Node()
        one.first = other
        other.first = one
        del one, other
    print(time.perf_counter() - begin)


main()
