#!/usr/bin/env python3
"""A backfill of many rows beside the single UPDATE that it replaces: rows a second, and the longest time
that another session waits for a row while it runs.

  bench/backfill.py [--rows 2000000] [--engine postgres|mysql] [--sterna PATH]

Starts servers of its own (tests/support/servers.sh) and throws their data away."""
import argparse, os, subprocess, sys, tempfile, time
from pathlib import Path

from prober import Prober

ROOT = Path(__file__).resolve().parent.parent
SERVERS = ROOT / "tests/support/servers.sh"


def sh(command, **more):
    return subprocess.run(command, check=True, text=True, capture_output=True, stdin=subprocess.DEVNULL, **more).stdout


def urls(folder):
    text = (Path(folder) / "urls").read_text()
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


class Postgres:
    def __init__(self, url):
        self.url = url

    def run(self, sql):
        return sh(["psql", self.url, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql])

    def session(self):
        return subprocess.Popen(["psql", self.url, "-XAtq"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def fill(self, rows):
        self.run("DROP TABLE IF EXISTS sterna_migrations; DROP TABLE IF EXISTS users")
        self.run("CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, email_lower text, n int NOT NULL DEFAULT 0)")
        self.run(f"INSERT INTO users (id, email) SELECT i, 'User' || i || '@Example.COM' FROM generate_series(1, {rows}) i")
        self.run("VACUUM ANALYZE users"), self.run("CHECKPOINT")


class Mysql(Postgres):
    def __init__(self, url, arguments):
        self.url, self.arguments = url, arguments

    def run(self, sql):
        return sh(["mariadb", *self.arguments, "-N", "-B", "-e", sql])

    def session(self):
        return subprocess.Popen(["mariadb", *self.arguments, "-N", "-B", "-n"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def fill(self, rows):
        self.run("DROP TABLE IF EXISTS sterna_migrations; DROP TABLE IF EXISTS users")
        self.run("CREATE TABLE users (id bigint PRIMARY KEY, email varchar(80) NOT NULL, email_lower varchar(80), n int NOT NULL DEFAULT 0)")
        self.run(f"INSERT INTO users (id, email) SELECT seq, concat('User', seq, '@Example.COM') FROM seq_1_to_{rows}")
        self.run("ANALYZE TABLE users")


def measured(server, rows, work, probe):
    prober = Prober(server.session, rows) if probe else None
    if prober:
        prober.start()
    begun = time.perf_counter()
    work()
    took = time.perf_counter() - begun
    if prober:
        prober.ended = True
        prober.join()
    return took, sorted(prober.times) if prober else []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--engine", choices=["postgres", "mysql"], default="postgres")
    parser.add_argument("--sterna", default=str(ROOT / "build/release/src/cli/sterna"))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="sterna-backfill-")
    sh([str(SERVERS), "start", folder])
    try:
        known = urls(folder)
        if options.engine == "postgres":
            url = known["POSTGRES_URL"].strip("'\"")
            server = Postgres(url)
        else:
            from urllib.parse import urlparse, unquote
            url = known["MYSQL_URL"].strip("'\"")
            parts = urlparse(url)
            database = parts.path.strip("/") or "bench"
            arguments = ["-h", parts.hostname, "-P", str(parts.port), "-u", unquote(parts.username or "root")]
            if parts.password:
                arguments.append("-p" + unquote(parts.password))
            sh(["mariadb", *arguments, "-e", f"CREATE DATABASE IF NOT EXISTS {database}"])
            url = url if parts.path.strip("/") else url.rstrip("/") + "/" + database
            server = Mysql(url, arguments + [database])
        project = Path(folder) / "project"
        (project / "migrations").mkdir(parents=True)
        (project / "migrations/001_lower.sql").write_text(
            "-- sterna:backfill table=users\nUPDATE users SET email_lower = lower(email) WHERE email_lower IS NULL;\n")
        single = lambda: server.run("UPDATE users SET email_lower = lower(email) WHERE email_lower IS NULL")
        backfill = lambda: sh([options.sterna, "up", "--yes", "--url", url], cwd=project)
        print(f"{options.engine}, {options.rows} rows", flush=True)
        for probe in (False, True):
            for _ in range(options.rounds):
                for name, work in (("one UPDATE", single), ("backfill", backfill)):
                    server.fill(options.rows)
                    took, times = measured(server, options.rows, work, probe)
                    waits = f", another session waits at most {1000 * times[-1]:.0f} ms, 99 % {1000 * times[int(len(times) * .99)]:.0f} ms" if times else ""
                    print(f"  {name:12} {took:6.2f} s  {options.rows / took:9.0f} rows/s{waits}", flush=True)
    finally:
        sh([str(SERVERS), "stop", folder])


if __name__ == "__main__":
    sys.exit(main())
