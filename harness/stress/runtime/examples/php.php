<?php
// SPDX-License-Identifier: MIT
/*
 * PHP as a runtime under test: gcmatrix stress --runtime 'php php.php'
 *
 * Names are the elements of one array, and an object has an array of its references. So what is tested is PHP's own
 * counting and its own cyclic collector. Weak references tell which objects are alive. What a request does stands in
 * a function, whose variables end with it.
 */
final class Thing
{
    public int $number;
    public string $payload;
    public array $fields;
}

$names = []; // the names of all frames, outermost first
$frames = []; // where each frame begins in them
$born = []; // a weak reference to each object, by its number

/** The object at a path, as in 3.0.1: field 1 of field 0 of name 3. */
function find(string $path): ?Thing
{
    global $names;
    if ($path === 'null')
        return null;
    $places = explode('.', $path);
    $found = $names[(int)array_shift($places)];
    foreach ($places as $field)
        $found = $found->fields[(int)$field];
    return $found;
}

function nulls(string $count): array
{
    return $count > 0 ? array_fill(0, (int)$count, null) : [];
}

function make(string $name, string $number, string $references, string $bytes): void
{
    global $names, $born;
    $made = new Thing;
    $made->number = (int)$number;
    $made->payload = str_repeat('x', (int)$bytes);
    $made->fields = nulls($references);
    $born[$made->number] = WeakReference::create($made);
    $names[(int)$name] = $made;
}

function move(int $to, int $from): void
{
    global $names;
    $moved = $names[$from];
    $names[$from] = null;
    $names[$to] = $moved;
}

function store(string $place, string $value): void
{
    $at = strrpos($place, '.');
    $holder = find(substr($place, 0, $at));
    $holder->fields[(int)substr($place, $at + 1)] = find($value);
}

function read(string $path): string
{
    $found = find($path);
    return $found === null ? 'object null' : "object $found->number";
}

/*
 * The object has to be in a variable. Where the value of get() is compared at once, a collection may begin while that
 * value alone refers to an object on a cycle. PHP 8.2 then takes the object for alive, and drops the value without a
 * look at cycles: the cycle is never found again.
 */
function is_alive(WeakReference $reference): bool
{
    $object = $reference->get();
    return $object !== null;
}

function alive(): string
{
    global $born;
    return implode(' ', ['alive', ...array_keys(array_filter($born, 'is_alive'))]);
}

while (($line = fgets(STDIN)) !== false) {
    $words = explode(' ', rtrim($line));
    $answer = null;
    switch ($words[0]) {
        case 'gcmatrix-stress':
            $answer = 'runtime 1 PHP frees_at_once reclaims_cycles';
            break;
        case 'begin':
            $names = nulls($words[1]);
            $frames = $born = [];
            break;
        case 'enter':
            $frames[] = count($names);
            array_push($names, ...nulls($words[1]));
            break;
        case 'leave':
            array_splice($names, array_pop($frames));
            break;
        case 'new':
            make($words[1], $words[2], $words[3], $words[4]);
            break;
        case 'set':
            $names[(int)$words[1]] = find($words[2]);
            break;
        case 'move':
            move((int)$words[1], (int)$words[2]);
            break;
        case 'store':
            store($words[1], $words[2]);
            break;
        case 'collect':
            while ($words[1] === 'full' && gc_collect_cycles() > 0);
            break;
        case 'read':
            $answer = read($words[1]);
            break;
        case 'alive':
            $answer = alive();
            break;
    }
    if ($answer !== null) {
        echo $answer, "\n";
        fflush(STDOUT);
    }
}
