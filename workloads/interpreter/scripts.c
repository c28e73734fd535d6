/* SPDX-License-Identifier: MIT */
#include "workloads/interpreter/scripts.h"

/* There are 3245 primes up to 30000. */
static const char sieve[] = "(def sieve (fn (n)"
                            "  (def marks (array (+ n 1)))"
                            "  (def count 0)"
                            "  (def i 2)"
                            "  (while (< i (length marks))"
                            "    (if (nil? (get marks i))"
                            "      (do (set count (+ count 1))"
                            "          (def j (* i i))"
                            "          (while (< j (length marks)) (put marks j 1) (set j (+ j i))))"
                            "      nil)"
                            "    (set i (+ i 1)))"
                            "  count))"
                            "(sieve 30000)";

static const char fib[] = "(def fib (fn (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))"
                          "(fib 22)";

/* The answer is three times the sum of the even numbers up to 10000. */
static const char lists[] =
    "(def range (fn (from to)"
    "  (def list nil)"
    "  (while (< from to) (set to (- to 1)) (set list (pair to list)))"
    "  list))"
    "(def map (fn (f list)"
    "  (if (nil? list) nil (pair (f (head list)) (map f (tail list))))))"
    "(def filter (fn (keep list)"
    "  (if (nil? list) nil"
    "    (if (keep (head list))"
    "      (pair (head list) (filter keep (tail list)))"
    "      (filter keep (tail list))))))"
    "(def fold (fn (f start list)"
    "  (while (if (nil? list) nil 1) (set start (f start (head list))) (set list (tail list)))"
    "  start))"
    "(def times (fn (k) (fn (x) (* k x))))"
    "(fold (fn (a b) (+ a b)) 0"
    "  (map (times 3) (filter (fn (x) (= (% x 2) 0)) (range 0 10001))))";

/* Each counter calls itself through the cell that it closes over: a cycle. The answer is the sum of i + 55
 * for i below 2000. */
static const char counter[] = "(def make (fn (total)"
                              "  (def count (fn (n)"
                              "    (if (= n 0) total (do (set total (+ total n)) (count (- n 1))))))"
                              "  count))"
                              "(def run (fn (n)"
                              "  (def sum 0)"
                              "  (def i 0)"
                              "  (while (< i n) (set sum (+ sum ((make i) 10))) (set i (+ i 1)))"
                              "  sum))"
                              "(run 2000)";

/* The numbers 1 to 1000 have 2893 digits, which add up to 13501. */
static const char text[] =
    "(def builder (fn ()"
    "  (def parts (array 4))"
    "  (def used 0)"
    "  (def grow (fn ()"
    "    (def more (array (* 2 (length parts))))"
    "    (def i 0)"
    "    (while (< i used) (put more i (get parts i)) (set i (+ i 1)))"
    "    (set parts more)))"
    "  (def add (fn (part)"
    "    (if (= used (length parts)) (grow) nil)"
    "    (put parts used part)"
    "    (set used (+ used 1))))"
    "  (def whole (fn ()"
    "    (def text \"\")"
    "    (def i 0)"
    "    (while (< i used) (set text (join text (get parts i))) (set i (+ i 1)))"
    "    text))"
    "  (pair add whole)))"
    "(def digits (fn (string)"
    "  (def sum 0)"
    "  (def i 0)"
    "  (while (< i (length string)) (set sum (+ sum (- (at string i) 48))) (set i (+ i 1)))"
    "  sum))"
    "(def run (fn (n)"
    "  (def made (builder))"
    "  (def i 1)"
    "  (while (< i (+ n 1)) ((head made) (text i)) (set i (+ i 1)))"
    "  (def string ((tail made)))"
    "  (+ (* 10000 (length string)) (digits string))))"
    "(run 1000)";

/* Eight queens have 92 solutions. */
static const char queens[] = "(def attacks (fn (other column rows)"
                             "  (if (= other column) 1"
                             "    (if (= other (+ column rows)) 1 (= (+ other rows) column)))))"
                             "(def safe (fn (board column rows)"
                             "  (if (nil? board) 1"
                             "    (if (attacks (head board) column rows) nil"
                             "      (safe (tail board) column (+ rows 1))))))"
                             "(def place (fn (board row size)"
                             "  (def found 0)"
                             "  (def column 0)"
                             "  (while (< column size)"
                             "    (if (safe board column 1)"
                             "      (set found (+ found"
                             "        (if (= (+ row 1) size) 1 (place (pair column board) (+ row 1) size))))"
                             "      nil)"
                             "    (set column (+ column 1)))"
                             "  found))"
                             "(place nil 0 8)";

const struct script scripts[SCRIPTS] = {
    {.name = "sieve", .answer = 3245, .text = sieve},
    {.name = "fib", .answer = 17711, .text = fib},
    {.name = "lists", .answer = 75015000, .text = lists},
    {.name = "counter", .answer = 2109000, .text = counter},
    {.name = "text", .answer = 28943501, .text = text},
    {.name = "queens", .answer = 92, .text = queens},
};
