#!/usr/bin/env python3
"""A change that MariaDB can only make by copying the table, four ways: `-- sterna:online`,
pt-online-schema-change (Debian's percona-toolkit), and the plain ALTER TABLE, which keeps writers out.

  bench/online.py [--rows 1000000] [--rounds 3] [--sterna PATH]

Starts a server of its own (tests/support/servers.sh) and throws its data away."""
import argparse, shutil, subprocess, sys, tempfile, time
from pathlib import Path
from urllib.parse import unquote, urlparse

from prober import Prober

ROOT = Path(__file__).resolve().parent.parent
SERVERS = ROOT / "tests/support/servers.sh"


def sh(command, **more):
    done = subprocess.run(command, text=True, capture_output=True, stdin=subprocess.DEVNULL, **more)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sterna", default=str(ROOT / "build/release/src/cli/sterna"))
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="sterna-online-")
    sh([str(SERVERS), "start", folder])
    try:
        known = dict(line.split("=", 1) for line in (Path(folder) / "urls").read_text().splitlines() if "=" in line)
        url = known["MYSQL_URL"].strip("'\"").rstrip("/") + "/bench"
        parts = urlparse(url)
        password = unquote(parts.password or "")
        client = ["mariadb", "-h", parts.hostname, "-P", str(parts.port), "-u", unquote(parts.username or "root")]
        client += ["-p" + password] if password else []
        sh(client + ["-e", "CREATE DATABASE bench"])
        client.append("bench")
        open_session = lambda: subprocess.Popen(client + ["-N", "-B", "-n"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        run = lambda sql: sh(client + ["-N", "-B", "-e", sql])
        project = Path(folder) / "project"
        (project / "migrations").mkdir(parents=True)
        change = "MODIFY n bigint NOT NULL DEFAULT 0"
        (project / "migrations/001_wider.sql").write_text(f"-- sterna:online\nALTER TABLE users {change};\n")

        def fill():
            run("DROP TABLE IF EXISTS sterna_migrations, users")
            run("CREATE TABLE users (id bigint PRIMARY KEY, email varchar(80) NOT NULL, n int NOT NULL DEFAULT 0)")
            run(f"INSERT INTO users (id, email) SELECT seq, concat('User', seq, '@Example.COM') FROM seq_1_to_{options.rows}")
            run("ANALYZE TABLE users")

        ways = {
            "plain ALTER": lambda: run(f"ALTER TABLE users {change}"),
            "sterna online": lambda: sh([options.sterna, "up", "--yes", "--url", url], cwd=project),
        }
        if shutil.which("pt-online-schema-change"):
            dsn = f"h={parts.hostname},P={parts.port},u={parts.username or 'root'},D=bench,t=users" + (f",p={password}" if password else "")
            ways["pt-osc"] = lambda: sh(["pt-online-schema-change", "--execute", "--alter", change, "--no-check-replication-filters",
                                         "--recursion-method=none", dsn])
        print(f"MariaDB, {options.rows} rows", flush=True)
        for probe in (False, True):
            for _ in range(options.rounds):
                for name, work in ways.items():
                    fill()
                    prober = Prober(open_session, options.rows) if probe else None
                    if prober:
                        prober.start()
                    begun = time.perf_counter()
                    work()
                    took = time.perf_counter() - begun
                    waits = ""
                    if prober:
                        prober.ended = True
                        prober.join()
                        times = sorted(prober.times)
                        waits = f", another session waits at most {1000 * times[-1]:.0f} ms, 99 % {1000 * times[int(len(times) * .99)]:.0f} ms"
                    print(f"  {name:14} {took:6.2f} s  {options.rows / took:9.0f} rows/s{waits}", flush=True)
    finally:
        sh([str(SERVERS), "stop", folder])


if __name__ == "__main__":
    sys.exit(main())
