# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Installs what tools/packages.list names and the machine lacks. Sourced by ./bench and ./check from the root of the
# tree; they call packages_require, and nothing else of this.

# Whether one line's probe holds. Nothing is printed.
packages_probe() {
  local kind=$1 directory
  shift
  case $kind in
    command) command -v "$1" >/dev/null ;;
    module) pkg-config --exists "$1" 2>/dev/null ;;
    file) [ -f "$1" ] ;;
    compiler) echo 'int main(void) { return 0; }' | "$@" -x c -o /dev/null - 2>/dev/null ;;
    library)
      for directory in $(packages_loader_folders); do
        compgen -G "$directory/$1" >/dev/null && return 0
      done
      return 1
      ;;
  esac
}

packages_loader_folders() {
  printf '%s\n' /usr/lib/"$(uname -m)"-linux-gnu /lib/"$(uname -m)"-linux-gnu /usr/local/lib /usr/lib64 /usr/lib
}

# The lines whose probe fails, as they stand in the list.
packages_missing() {
  local names probe
  while read -r names probe; do
    case $names in '' | '#'*) continue ;; esac
    # shellcheck disable=SC2086 # a probe is words
    packages_probe $probe || printf '%s %s\n' "$names" "$probe"
  done <tools/packages.list
}

# The major version of the clang that is here, or else of the one that `apt-get install clang` gives.
packages_clang_version() {
  if command -v clang >/dev/null; then
    clang -dumpversion | cut -d . -f 1
    return
  fi
  apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9][0-9]*\)$/\1/p' | head -n 1
}

# Of the alternatives "a|b|c" the first that apt can install; fails when it has none.
packages_choose() {
  local name clang
  clang=$(packages_clang_version)
  for name in ${1//|/ }; do
    name=${name/CLANG/$clang}
    if [[ $(apt-cache policy "$name" 2>/dev/null) == *"Candidate: "[^\(]* ]]; then
      printf '%s\n' "$name"
      return 0
    fi
  done
  return 1
}

packages_fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit 2
}

packages_confirm() {
  local answer
  if [ "${CI:-}" = true ] || [ "$packages_yes" = true ] || ! [ -t 0 ]; then
    return 0
  fi
  read -r -p "Go on? [Y/n] " answer
  case $answer in '' | [Yy]*) return 0 ;; esac
  return 1
}

# apt-get as root, as it behaves when nobody is there to answer.
packages_apt() {
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o=Dpkg::Use-Pty=0 "$@" </dev/null
}

packages_install() {
  local missing=$1 line name chosen=()
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
    packages_fail "needs root or sudo to install: $(packages_names "$missing")"
  echo "Not here yet: $(packages_names "$missing")"
  echo "To be installed by apt-get$([ "$(id -u)" -eq 0 ] || echo ', with sudo'), after apt-get update."
  packages_confirm || packages_fail "nothing installed, nothing done"
  packages_apt update || packages_fail "apt-get update failed"
  while read -r line; do
    name=$(packages_choose "${line%% *}") || packages_fail "this distribution has no package ${line%% *}"
    chosen+=("$name")
  done <<<"$missing"
  echo "apt-get install ${chosen[*]}"
  packages_apt install -y --no-install-recommends "${chosen[@]}" >/dev/null || packages_fail "apt-get install failed"
}

# The first name of each line, on one.
packages_names() {
  awk -F '[| ]' '{ printf "%s%s", (NR > 1 ? " " : ""), $1 }' <<<"$1"
}

# Returns when everything is there. Otherwise it names what is missing and exits with status 2. It installs without
# asking when $1 is `true`, when CI=true, and when standard input is no terminal.
packages_require() {
  local missing
  packages_yes=$1
  missing=$(packages_missing)
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null; then
    packages_fail "missing, by their names in Debian: $(packages_names "$missing") (see tools/packages.list)"
  fi
  packages_install "$missing"
  missing=$(packages_missing)
  [ -z "$missing" ] || packages_fail "installed, and yet not found: $missing"
}
