(* SPDX-License-Identifier: MIT *)
(* The works of tools/peers.py in OCaml. usage: peer trees DEPTH | rings COUNT | graph OBJECTS | list NODES *)
type tree = Leaf | Tree of { left : tree; right : tree }
type link = { mutable next : link option; mutable other : link option }

type node = {
  mutable first : node option;
  mutable second : node option;
  mutable third : node option;
  mutable x : int;
  mutable y : int;
}

let now () = Unix.gettimeofday () *. 1e9

let rec build depth =
  if depth < 0 then Leaf else Tree { left = build (depth - 1); right = build (depth - 1) }

let rec count = function Leaf -> 0 | Tree { left; right } -> 1 + count left + count right

let trees deepest =
  let start = now () in
  let nodes = ref (count (build (deepest + 1))) in
  let stays = build deepest in
  let depth = ref 4 in
  while !depth <= deepest do
    for _ = 1 to 1 lsl (deepest - !depth + 4) do
      nodes := !nodes + count (build !depth)
    done;
    depth := !depth + 2
  done;
  nodes := !nodes + count stays;
  Printf.printf "%.0f\n" (now () -. start);
  if !nodes = 0 then exit 1

let ring () =
  let one = { next = None; other = None } in
  let another = { next = Some one; other = None } in
  one.next <- Some another;
  Sys.opaque_identity one |> ignore
[@@inline never]

let rings number =
  let start = now () in
  for _ = 1 to number do
    ring ()
  done;
  Printf.printf "%.0f\n" (now () -. start)

let state = ref 1

let draw below =
  state := ((!state * 1664525) + 1013904223) land 0xFFFFFFFF;
  !state mod below

(* The options are made once, so that a reference is one edge. *)
let linked objects =
  let nodes = Array.init objects (fun _ -> Some { first = None; second = None; third = None; x = 0; y = 0 }) in
  let order = Array.init objects (fun i -> i) in
  for i = 0 to objects - 1 do
    let j = draw (i + 1) in
    let kept = order.(i) in
    order.(i) <- order.(j);
    order.(j) <- kept
  done;
  for i = 0 to objects - 1 do
    Option.iter (fun node -> node.first <- nodes.(order.((i + 1) mod objects))) nodes.(order.(i));
    Option.iter
      (fun node ->
        node.second <- nodes.(draw objects);
        if i mod 2 = 1 then node.third <- nodes.(draw objects))
      nodes.(i)
  done;
  nodes.(0)

let root = ref None

let graph objects =
  root := linked objects;
  Gc.full_major ();
  let start = now () in
  Gc.major ();
  let alive = now () -. start in
  let start = now () in
  root := None;
  Gc.major ();
  Printf.printf "%.0f %.0f\n" alive (now () -. start)

let head = ref None

let list nodes =
  for _ = 1 to nodes do
    head := Some { next = !head; other = None }
  done;
  Gc.full_major ();
  let start = now () in
  head := None;
  Gc.major ();
  Printf.printf "%.0f\n" (now () -. start)

let () =
  let size = int_of_string Sys.argv.(2) in
  match Sys.argv.(1) with
  | "trees" -> trees size
  | "rings" -> rings size
  | "graph" -> graph size
  | _ -> list size
