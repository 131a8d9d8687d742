#!/bin/sh
# SPDX-License-Identifier: MIT
# kernel-aliases.sh FOLDER: puts the modules of Debian's current kernel package below FOLDER, with the alias table that
# depmod makes of them, and prints the folder that bench-personalities wants. Downloads one package (about 70 MB) with
# apt-get; installs nothing.
set -e
[ $# -eq 1 ] || { echo "usage: $0 FOLDER" >&2; exit 64; }
mkdir -p "$1"
cd "$1"
package=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
[ -n "$package" ] || { echo "$0: apt knows no linux-image-amd64; run apt-get update" >&2; exit 1; }
version=${package#linux-image-}
if [ ! -f "root/lib/modules/$version/modules.alias.bin" ]; then
    [ -d root ] || { apt-get -q download "$package" >&2; dpkg-deb -x "$package"_*.deb root; rm -f "$package"_*.deb; }
    PATH=$PATH:/usr/sbin:/sbin depmod -b root "$version"
fi
echo "$PWD/root/lib/modules/$version"
