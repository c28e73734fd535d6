<?php
// SPDX-License-Identifier: MIT
// The works of tools/peers.py in PHP. usage: peer.php trees DEPTH | rings COUNT | graph OBJECTS | list NODES
ini_set('memory_limit', '-1');

final class Tree
{
    public ?Tree $left = null;
    public ?Tree $right = null;
}

final class Link
{
    public ?Link $next = null;
    public ?Link $other = null;
}

final class Node
{
    public ?Node $first = null;
    public ?Node $second = null;
    public ?Node $third = null;
    public int $x = 0;
    public int $y = 0;
}

function build(int $depth): Tree
{
    $tree = new Tree();
    if ($depth > 0) {
        $tree->left = build($depth - 1);
        $tree->right = build($depth - 1);
    }
    return $tree;
}

function tree_count(Tree $tree): int
{
    return $tree->left === null ? 1 : 1 + tree_count($tree->left) + tree_count($tree->right);
}

function trees(int $deepest): void
{
    $begin = hrtime(true);
    $nodes = tree_count(build($deepest + 1));
    $stays = build($deepest);
    for ($depth = 4; $depth <= $deepest; $depth += 2) {
        for ($i = 1 << ($deepest - $depth + 4); $i > 0; $i--) {
            $nodes += tree_count(build($depth));
        }
    }
    $nodes += tree_count($stays);
    echo hrtime(true) - $begin, "\n";
}

function rings(int $count): void
{
    $begin = hrtime(true);
    for ($i = 0; $i < $count; $i++) {
        $one = new Link();
        $other = new Link();
        $one->next = $other;
        $other->next = $one;
        unset($one, $other);
    }
    echo hrtime(true) - $begin, "\n";
}

function draw(int $below): int
{
    static $state = 1;
    $state = ($state * 1664525 + 1013904223) & 0xFFFFFFFF;
    return $state % $below;
}

function linked(int $objects): Node
{
    $nodes = [];
    for ($i = 0; $i < $objects; $i++) {
        $nodes[] = new Node();
    }
    $order = range(0, $objects - 1);
    for ($i = 0; $i < $objects; $i++) {
        $j = draw($i + 1);
        [$order[$i], $order[$j]] = [$order[$j], $order[$i]];
    }
    for ($i = 0; $i < $objects; $i++) {
        $nodes[$order[$i]]->first = $nodes[$order[($i + 1) % $objects]];
        $nodes[$i]->second = $nodes[draw($objects)];
        $nodes[$i]->third = $i % 2 ? $nodes[draw($objects)] : null;
    }
    return $nodes[0];
}

function graph(int $objects): void
{
    gc_disable();
    $root = linked($objects);
    gc_collect_cycles();
    $suspect = $root; // a reference that is taken and dropped, or nothing is suspect
    unset($suspect);
    $begin = hrtime(true);
    gc_collect_cycles();
    $alive = hrtime(true) - $begin;
    $begin = hrtime(true);
    unset($root);
    $freed = gc_collect_cycles();
    $dropped = hrtime(true) - $begin;
    if ($freed < $objects) {
        exit(1);
    }
    echo $alive, ' ', $dropped, "\n";
}

function chain(int $nodes): void
{
    $head = null;
    for ($i = 0; $i < $nodes; $i++) {
        $node = new Link();
        $node->next = $head;
        $head = $node;
    }
    unset($node);
    $begin = hrtime(true);
    unset($head);
    echo hrtime(true) - $begin, "\n";
}

match ($argv[1]) {
    'trees' => trees((int)$argv[2]),
    'rings' => rings((int)$argv[2]),
    'graph' => graph((int)$argv[2]),
    'list' => chain((int)$argv[2]),
};
