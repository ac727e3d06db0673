#!/usr/bin/env python3
"""Time per target of `sterna up --fleet`: N SQLite files, or N schemas of one PostgreSQL database.

  bench/fleet.py COMMAND sqlite [N]
  bench/fleet.py COMMAND postgres URL [N]     URL of a database whose role may make schemas

Prints milliseconds a target for the first run (one table each), and for a second one that finds nothing to do.
"""
import json
import pathlib
import subprocess
import sys
import tempfile


def run(command, folder, jobs):
    subprocess.run([command, "up", "--fleet", "all", "--jobs", str(jobs), "--quiet", "--report", "report.json"], cwd=folder, check=True)
    report = json.loads((folder / "report.json").read_text())
    return report["seconds"] * 1000 / len(report["targets"])


def project(folder, toml):
    (folder / "sterna.toml").write_text(toml)
    (folder / "migrations").mkdir()
    (folder / "migrations/001_users.sql").write_text("CREATE TABLE users (id integer PRIMARY KEY);\n")


def main():
    command, kind = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]
    url = sys.argv[3] if kind == "postgres" else ""
    rest = sys.argv[4:] if kind == "postgres" else sys.argv[3:]
    count = int(rest[0]) if rest else (500 if kind == "postgres" else 1000)
    for jobs in (1, 4, 16):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            names = [f"bench_{jobs}_{i}" for i in range(count)]
            (folder / "targets").write_text("\n".join(names))
            if kind == "sqlite":
                (folder / "data").mkdir()
                project(folder, '[fleet.all]\nurl = "sqlite:data/{name}.db"\nfile = "targets"\n')
            else:
                project(folder, f'url = "{url}"\n[fleet.all]\nschema = "{{name}}"\nfile = "targets"\n')
                subprocess.run(["psql", "-q", url], input="".join(f"CREATE SCHEMA {n};\n" for n in names), text=True, check=True)
            first, second = run(command, folder, jobs), run(command, folder, jobs)
            print(f"{kind}, {count} targets, {jobs} jobs: {first:.2f} ms a target, {second:.2f} ms with nothing to do")
            if kind == "postgres":
                for at in range(0, count, 50):  # one transaction holds only so many locks
                    drop = "".join(f"DROP SCHEMA {n} CASCADE;\n" for n in names[at:at + 50])
                    subprocess.run(["psql", "-q", url], input="SET client_min_messages = error;\n" + drop, text=True, check=True)


main()
