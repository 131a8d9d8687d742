#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does what docs/driver-guide.md says, with its own text: every code block that names a file becomes that file, then
build.sh and run.sh are run against an installation. Prints TAP.

usage: guide.py SOURCE BUILD
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

source, build = map(os.path.abspath, sys.argv[1:3])
number = failed = 0


def check(name, good, detail=""):
    global number, failed
    number += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {number} - {name}", flush=True)
    for line in [] if good else detail.splitlines():
        print("#  ", line)
    return good


def run(name, command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    check(name, done.returncode == 0, done.stdout)
    return done.stdout




work = tempfile.mkdtemp(prefix="iokit-guide.")
try:
    root = os.path.join(work, "root")
    run("meson install", ["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", root])
    folders = {}
    for folder, _, files in os.walk(root):
        for file in files:
            folders.setdefault(file, folder)
    environment = dict(os.environ)
    environment["PKG_CONFIG_PATH"] = folders.get("iokit.pc", "")
    environment["PKG_CONFIG_SYSROOT_DIR"] = root
    environment["LD_LIBRARY_PATH"] = folders.get("libIOKit.so", root)
    environment["PATH"] = folders.get("iokitd.8", root).rsplit("/share/", 1)[0] + "/bin:" + environment["PATH"]

    with open(os.path.join(source, "docs", "driver-guide.md")) as guide:
        blocks = re.findall(r"^```\w+ (\S+)\n(.*?)^```$", guide.read(), re.M | re.S)
    for name, text in blocks:
        path = os.path.join(work, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    check("the guide has files", len(blocks) >= 6)

    folder = os.path.join(work, "greeter")
    run("build.sh", ["sh", "build.sh"], cwd=folder, env=environment)
    output = run("run.sh", ["sh", "run.sh"], cwd=folder, env=environment)
    plugged = run("plug.sh", ["sh", "plug.sh"], cwd=folder, env=environment)
    check("a board was plugged in", "Plug simple-device: 0x0" in plugged, plugged)
    check("the program was answered", "2 + 3 = 5 (result 0x0)" in output and "Hello, world (result 0x0)" in output, output)
finally:
    shutil.rmtree(work)
print(f"1..{number}")
sys.exit(failed != 0)
