#!/usr/bin/env python3
"""Whole commands against the floor (the engine's own client) in the same run, as a table with ratios.

    bench/commands.py STERNA SERVERS_FILE [--runs N] [--data FOLDER]

The floor and the command take turns, so that a machine whose speed drifts slows both. Medians are printed."""
import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HISTORY = "INSERT INTO floor_history VALUES ('{v}', '{v:0>64}', '2026-01-01 00:00:00');"


def timed(command, codes=(0,), **kwargs):
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **kwargs)
    _, error = process.communicate()
    took = time.perf_counter() - begun
    if process.returncode not in codes:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{error.decode()}")
    return took * 1000


def peak_memory(command):
    """Peak resident memory of one command, in MiB, read by a child of its own."""
    code = "import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL);print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    return int(subprocess.run([sys.executable, "-c", code, *map(str, command)], capture_output=True, text=True).stdout) / 1024


def write_migrations(folder, count):
    """Migrations as projects have them: 1.5 statements each, on a table of every tenth."""
    folder.mkdir(parents=True)
    for i in range(1, count + 1):
        table = f"t{(i - 1) // 10 * 10}"
        if i % 10 == 1:
            up = f"CREATE TABLE {table} (id integer PRIMARY KEY, name varchar(100) NOT NULL);\nCREATE INDEX {table}_name ON {table} (name);"
            down = f"DROP TABLE {table};"
        elif i % 2 == 0:
            up, down = f"ALTER TABLE {table} ADD COLUMN c{i} integer;", f"ALTER TABLE {table} DROP COLUMN c{i};"
        else:
            up = f"ALTER TABLE {table} ADD COLUMN c{i} integer;\nINSERT INTO {table} (id, name) VALUES ({i}, 'row {i}');"
            down = f"DELETE FROM {table} WHERE id = {i};\nALTER TABLE {table} DROP COLUMN c{i};"
        (folder / f"{20260101000000 + i}_step.sql").write_text(f"-- sterna:up\n{up}\n\n-- sterna:down\n{down}\n")


def floor_script(folder, begin):
    text = ["CREATE TABLE floor_history (version varchar(120) PRIMARY KEY, hash varchar(64), applied_at timestamp NULL);"]
    for path in sorted(folder.iterdir()):
        up = path.read_text().split("-- sterna:down")[0]
        text.append(f"{begin}\n{up}\n{HISTORY.format(v=path.stem)}\nCOMMIT;" if begin else f"{up}\n{HISTORY.format(v=path.stem)}")
    return "\n".join(text)


class Engine:
    def __init__(self, name, url):
        self.name, self.url, self.number = name, url, 0

    def fresh(self):
        self.number += 1
        name = f"bench_{os.getpid()}_{self.number}"
        if self.name == "sqlite":
            return f"sqlite:{self.url}/{name}.db"
        self.sql(f"CREATE DATABASE {name}")
        return self.url.rsplit("/", 1)[0] + "/" + name

    def client(self, url):
        if self.name == "sqlite":
            return ["sqlite3", url.split(":", 1)[1]]
        host = url.split("@")[1].split("/")[0]
        port, database = host.split(":")[1], url.rsplit("/", 1)[1]
        if self.name == "postgres":
            psql = sorted(Path("/usr/lib/postgresql").glob("*/bin/psql"))[-1]
            return [psql, "-X", "-q", "-h", "127.0.0.1", "-p", port, "-U", "sterna", "-d", database]
        return ["mariadb", "--no-defaults", "-h", "127.0.0.1", "-P", port, "-u", "sterna", database]

    def sql(self, text):
        url = self.url if self.name == "postgres" else self.url.rsplit("/", 1)[0] + "/mysql"
        subprocess.run(self.client(url), input=text.encode(), check=True, stdout=subprocess.DEVNULL)

    def drop(self, url):
        if self.name == "sqlite":
            Path(url.split(":", 1)[1]).unlink(missing_ok=True)
        else:
            self.sql(f"DROP DATABASE {url.rsplit('/', 1)[1]}")


def row(what, floor, ours, more=""):
    f, o = statistics.median(floor), statistics.median(ours)
    print(f"{what:<44} {f:9.1f} {o:9.1f} {o / f:7.2f}x  {more}", flush=True)


def bench_noop(engine, sterna, work, counts, runs):
    for count in counts:
        folder = work / f"m{count}"
        if not folder.exists():
            write_migrations(folder, count)
        url = engine.fresh()
        timed([sterna, "up", "-q", "--url", url, "--dir", folder])
        time.sleep(2.5)  # as in life, the files are older than the last run (docs/decisions/0007)
        timed([sterna, "status", "--url", url, "--dir", folder])
        query = "SELECT version, name FROM sterna_migrations ORDER BY sequence"
        client = engine.client(url)
        floor_command = client + [query] if engine.name == "sqlite" else client + (["-c", query] if engine.name == "postgres" else ["-e", query])
        floor, status, up = [], [], []
        for _ in range(runs):
            floor.append(timed(floor_command))
            status.append(timed([sterna, "status", "--url", url, "--dir", folder]))
            up.append(timed([sterna, "up", "--url", url, "--dir", folder]))
        memory = peak_memory([sterna, "status", "--url", url, "--dir", folder])
        row(f"{engine.name} status, {count} applied", floor, status, f"peak {memory:.1f} MiB")
        row(f"{engine.name} up, nothing to do, {count} applied", floor, up)
        engine.drop(url)


def bench_apply(engine, sterna, work, counts, runs, libpq_floor):
    for count in counts:
        folder = work / f"m{count}"
        script = work / f"floor_{engine.name}_{count}.sql"
        script.write_text(floor_script(folder, {"postgres": "BEGIN;", "sqlite": "BEGIN IMMEDIATE;", "mysql": ""}[engine.name]))
        floor, ours, bare = [], [], []
        for _ in range(runs):
            url = engine.fresh()
            with open(script) as text:
                floor.append(timed(engine.client(url), stdin=text))
            engine.drop(url)
            if libpq_floor and engine.name == "postgres":
                url = engine.fresh()
                bare.append(timed([libpq_floor, url, folder]))
                engine.drop(url)
            url = engine.fresh()
            ours.append(timed([sterna, "up", "-q", "--url", url, "--dir", folder]))
            engine.drop(url)
        row(f"{engine.name} apply {count}", floor, ours)
        if bare:
            row(f"{engine.name} apply {count}, against bare libpq", bare, ours)


def bench_cpp(sterna, work, runs):
    project = work / "cpp"
    migrations = project / "migrations"
    migrations.mkdir(parents=True)
    body = '#include <sterna/migration.hpp>\nstruct M{n} : sterna::Migration {{\n  void up(sterna::Schema& schema) override {{ schema.create_table("t{n}", [](sterna::TableBuilder& t) {{ t.id(); t.string("name"); }}); }}\n  void down(sterna::Schema& schema) override {{ schema.drop_table("t{n}"); }}\n}};\nSTERNA_MIGRATION(M{n});\n'
    def write(n, extra=""):
        (migrations / f"{n:03}_m.cpp").write_text(body.format(n=n) + extra)
    def plan():
        return timed([sterna, "plan", "--url", "sqlite:none.db"], cwd=project)
    write(1)
    cold = plan()
    changed = []
    for i in range(runs):
        write(1, f"// {i}\n")
        changed.append(plan())
    cached = [plan() for _ in range(runs)]
    for n in range(2, 52):
        write(n)
    fifty = plan()
    print(f"{'C++: first of all, with the precompiled header':<44} {'':9} {cold:9.1f}")
    print(f"{'C++: one changed file':<44} {'':9} {statistics.median(changed):9.1f}")
    print(f"{'C++: all cached':<44} {'':9} {statistics.median(cached):9.1f}")
    print(f"{'C++: 50 new files':<44} {'':9} {fifty:9.1f}")


def bench_lint(sterna, work, runs):
    """A thousand small files, no server; 8 says that there are findings."""
    folder = work / "lint"
    write_migrations(folder, 1000)
    command = [sterna, "lint", "--dialect", "postgres", "--dir", str(folder), "--format", "json"]
    print(f"{'lint: 1000 files':<44} {'':9} {statistics.median(timed(command, (0, 8)) for _ in range(runs)):9.1f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sterna")
    parser.add_argument("servers")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--apply-runs", type=int, default=3)
    parser.add_argument("--data", help="folder for SQLite files (a tmpfs shows the work without the disk)")
    parser.add_argument("--counts", default="10,100,1000,5000")
    parser.add_argument("--libpq-floor")
    arguments = parser.parse_args()
    sterna = str(Path(arguments.sterna).resolve())
    servers = dict(line.strip().split("=", 1) for line in open(arguments.servers) if "=" in line)
    counts = [int(n) for n in arguments.counts.split(",")]
    work = Path(tempfile.mkdtemp(prefix="sterna-bench-"))
    data = Path(tempfile.mkdtemp(prefix="sterna-bench-", dir=arguments.data))
    try:
        print(f"{'medians in ms':<44} {'floor':>9} {'sterna':>9} {'ratio':>8}")
        engines = [Engine("sqlite", str(data))]
        if "POSTGRES_URL" in servers:
            engines.append(Engine("postgres", servers["POSTGRES_URL"]))
        if "MYSQL_URL" in servers:
            engines.append(Engine("mysql", servers["MYSQL_URL"]))
        for engine in engines:
            bench_noop(engine, sterna, work, counts, arguments.runs)
            bench_apply(engine, sterna, work, [n for n in counts if n in (100, 1000)], arguments.apply_runs, arguments.libpq_floor)
        bench_cpp(sterna, work, arguments.runs)
        bench_lint(sterna, work, arguments.runs)
        print(f"size of the command, stripped: {stripped_size(sterna) / 1e6:.1f} MB")
    finally:
        shutil.rmtree(work)
        shutil.rmtree(data)


def stripped_size(sterna):
    with tempfile.NamedTemporaryFile() as copy:
        subprocess.run(["strip", "-o", copy.name, sterna], check=True)
        return os.path.getsize(copy.name)


if __name__ == "__main__":
    main()
