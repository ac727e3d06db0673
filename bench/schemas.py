#!/usr/bin/env python3
"""`schema inspect` and `schema diff` of live databases against the floor: the catalog queries of what they read, through the engine's client.

    bench/schemas.py STERNA SERVERS_FILE [--runs N] [--tables 100,1000] [--engines postgres,mysql,sqlite] [--data FOLDER]

Tables have 12 columns, a key, 2 indexes, a foreign key and a check each. The diff compares two databases that differ in 10 tables; its floor is
the queries of both, one after the other. Floor and command take turns; medians are printed."""
import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from commands import Engine, peak_memory, row, timed

POSTGRES = """
SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence, c.reloptions, c.relrowsecurity FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public';
SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attcollation FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped;
SELECT conrelid, conname, contype, conkey, confrelid, confkey, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace;
SELECT x.indexrelid, x.indrelid, pg_get_indexdef(x.indexrelid), x.indisunique FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid WHERE c.relnamespace = 'public'::regnamespace;
SELECT s.*, d.refobjid, d.refobjsubid FROM pg_sequence s LEFT JOIN pg_depend d ON d.objid = s.seqrelid AND d.deptype IN ('a', 'i');
SELECT * FROM pg_description WHERE objoid >= 16384;
SELECT classid, objid, refclassid, refobjid FROM pg_depend WHERE objid >= 16384 AND refobjid >= 16384 AND deptype = 'n';
SELECT oid, proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind <> 'a';
SELECT tgrelid, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal;
"""

MYSQL = """
SELECT * FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE();
SELECT * FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE();
SELECT * FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE();
SELECT * FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE();
SELECT * FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE();
SELECT * FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE();
SELECT * FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE();
SELECT * FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE();
SELECT * FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE();
"""

SQLITE = """
SELECT * FROM sqlite_schema;
SELECT m.name, x.* FROM sqlite_schema m, pragma_table_xinfo(m.name) x WHERE m.type = 'table';
SELECT m.name, f.* FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table';
SELECT m.name, l.*, x.* FROM sqlite_schema m, pragma_index_list(m.name) l, pragma_index_xinfo(l.name) x WHERE m.type = 'table';
"""
QUERIES = {"postgres": POSTGRES, "mysql": MYSQL, "sqlite": SQLITE}


def table(engine, i, changed):
    number = {"postgres": "integer", "mysql": "int", "sqlite": "integer"}[engine]
    more = ", added varchar(20)" if changed else ""
    name = f"t{i}"
    return (f"CREATE TABLE {name} (id {number} NOT NULL PRIMARY KEY, parent_id {number}, name varchar(100) NOT NULL, email varchar(200) DEFAULT '', "
            f"amount decimal(10,2) NOT NULL DEFAULT 0, active smallint NOT NULL DEFAULT 1, notes text, born date, created_at timestamp NULL, "
            f"updated_at timestamp NULL, kind varchar(20) DEFAULT 'x', place {number}{more}, "
            f"CONSTRAINT {name}_parent FOREIGN KEY (parent_id) REFERENCES t{max(0, i - 1)} (id), CONSTRAINT {name}_positive CHECK (amount >= 0));\n"
            f"CREATE UNIQUE INDEX {name}_email ON {name} (email);\nCREATE INDEX {name}_name ON {name} (name, kind);\n")


def load(engine, count, changed):
    url = engine.fresh()
    begin = {"postgres": "BEGIN;\n", "mysql": "", "sqlite": "BEGIN;\n"}[engine.name]
    parts = []
    for i in range(count):
        if i % 50 == 0 and begin:
            parts.append(("COMMIT;\n" if i else "") + begin)
        parts.append(table(engine.name, i, i < changed))
    if begin:
        parts.append("COMMIT;\n")
    text = "".join(parts)
    subprocess.run(engine.client(url), input=text.encode(), check=True, stdout=subprocess.DEVNULL)
    if engine.name == "postgres":  # as a server does by itself in life
        subprocess.run(engine.client(url), input=b"ANALYZE;", check=True)
    return url


def bench(engine, sterna, count, runs, work):
    one, two = load(engine, count, 0), load(engine, count, 10)
    script = work / f"{engine.name}.sql"
    script.write_text(QUERIES[engine.name])

    def floor(url):
        with open(script) as text:
            return timed(engine.client(url), stdin=text)
    inspect = [sterna, "schema", "inspect", "--format", "json", "--url", one]
    diff = [sterna, "schema", "diff", "--from", one, "--to", two, "--url", one]
    floors, inspects, both, diffs = [], [], [], []
    for _ in range(runs):
        floors.append(floor(one))
        inspects.append(timed(inspect))
        both.append(floor(one) + floor(two))
        diffs.append(timed(diff))
    row(f"{engine.name} schema inspect, {count} tables", floors, inspects, f"peak {peak_memory(inspect):.0f} MiB")
    row(f"{engine.name} schema diff, {count} tables", both, diffs, f"peak {peak_memory(diff):.0f} MiB")
    engine.drop(one)
    engine.drop(two)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sterna")
    parser.add_argument("servers")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tables", default="100,1000,5000,10000")
    parser.add_argument("--engines", default="postgres,mysql,sqlite")
    parser.add_argument("--data", help="folder for SQLite files")
    arguments = parser.parse_args()
    servers = dict(line.strip().split("=", 1) for line in open(arguments.servers) if "=" in line)
    data = Path(tempfile.mkdtemp(prefix="sterna-bench-", dir=arguments.data))
    urls = {"postgres": servers.get("POSTGRES_URL"), "mysql": servers.get("MYSQL_URL"), "sqlite": str(data)}
    sterna = str(Path(arguments.sterna).resolve())
    try:
        print(f"{'medians in ms':<44} {'floor':>9} {'sterna':>9} {'ratio':>8}")
        for name in arguments.engines.split(","):
            if urls[name]:
                for count in (int(n) for n in arguments.tables.split(",")):
                    bench(Engine(name, urls[name]), sterna, count, arguments.runs, data)
    finally:
        shutil.rmtree(data)


if __name__ == "__main__":
    main()
