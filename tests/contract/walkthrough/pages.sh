#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Holds the pages and the lists to each other. Links lead to files. Each collector has its page and its line. Each
# library that the build asks for is in the list of packages.
#
# usage: pages.sh TREE COLLECTOR...
set -uo pipefail
cd -- "$1" || exit 1
shift
. tests/contract/walkthrough/common.sh

# The targets of a page's links within the tree, one a line.
links() {
  grep -o '](\([^)]*\))' "$1" | sed -e 's/^](//' -e 's/)$//' -e 's/#.*//' -e '/^[a-z]*:/d' -e '/^$/d'
}

pages=0
while IFS= read -r -d '' page; do
  broken=
  while read -r link; do
    [ -e "$(dirname "$page")/$link" ] || broken="$broken $link"
  done < <(links "$page")
  tap_same "links:$broken" "links:" "the links of ${page#./} lead to files"
  pages=$((pages + 1))
done < <(tree_files | grep -z '\.md$')
tap_ok "$((pages > 3 ? 0 : 1))" "there are pages"

tap_ok "$(($# > 0 ? 0 : 1))" "there is a list of collectors"
for name; do
  grep -q "^| \[$name\]($name/README.md) |" collectors/README.md
  tap_ok $? "collectors/README.md has a line on $name, with a link to its page"
  grep -q "^# $name\$" "collectors/$name/README.md"
  tap_ok $? "collectors/$name/README.md has the name for its title"
done

libraries=$(tree_files | grep -z 'meson\.build$' | xargs -0 grep -ho "dependency('[^']*'" | sed "s/.*('\(.*\)'/\1/" | grep -vx threads | sort -u) # threads are the C library's
tap_ok "$([ -n "$libraries" ] && echo 0 || echo 1)" "the build asks for libraries"
for name in $libraries; do
  grep -q " module $name\$" tools/packages.list
  tap_ok $? "tools/packages.list names a package for the library $name"
done

copied=$(sed -n 's/^COPY \(.*\) [^ ]*$/\1/p' Containerfile)
for name in $copied; do
  tap_ok "$([ -e "$name" ]; echo $?)" "the image takes $name, which is there"
done
sed -n 's/^RUN //p' Containerfile | bash -n
tap_ok $? "and runs commands of a shell"
grep -q -- '-v [^ ]*:/results' Containerfile && ! grep -q -- '-v [^ ]*:/gcmatrix' Containerfile
tap_ok $? "and what is mounted lies beside the tree, and hides none of it"

marked=$(tree_files | xargs -0 grep -lE '^(<<<<<<<|>>>>>>>) ')
[ -z "$marked" ]
tap_ok $? "no file has the marks of a merge" "$marked"

tap_done
