// What stands on a column that another one takes the place of: each is there afterwards as it was,
// or was told before anything was written.
#include "program/expand_fixture.hpp"

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class CarryingOver : public ExpandingColumns {};

TEST_F(CarryingOver, IndexesOfEveryShape) {
  run(
      {"CREATE TABLE t (id int PRIMARY KEY, mail varchar(40) NOT NULL, other text, gone bool "
       "DEFAULT false)",
       "CREATE UNIQUE INDEX t_mail ON t (mail) WHERE NOT gone",
       "CREATE INDEX t_lower ON t (lower(mail::text) text_pattern_ops DESC NULLS LAST)",
       "CREATE INDEX t_with ON t (id) INCLUDE (mail, gone)",
       "CREATE INDEX t_two ON t USING btree (other COLLATE \"C\", mail DESC) WITH (fillfactor=50)",
       "CREATE INDEX t_where ON t (other) WHERE mail IS NOT NULL AND mail <> 'mail'",
       "CREATE INDEX t_hash ON t USING hash (mail)", "COMMENT ON INDEX t_hash IS 'it''s quick'",
       "CREATE INDEX t_left ON t (other)", "CREATE UNIQUE INDEX t_identity ON t (mail, id)",
       "ALTER TABLE t REPLICA IDENTITY USING INDEX t_identity", "ALTER TABLE t CLUSTER ON t_two",
       "ALTER INDEX t_lower ALTER COLUMN 1 SET STATISTICS 333",
       "INSERT INTO t VALUES (1, 'a', 'x', true), (2, 'a', 'y', false)"});
  const std::string before = indexes();
  const ExpandedColumn made = expand("t.mail", {"text", "", "", ""});
  EXPECT_THROW(run({"INSERT INTO t VALUES (3, 'a', 'z')"}), Error);
  run({"INSERT INTO t VALUES (4, 'd', 'd')"});
  contract(made);
  // Without the casts that varchar needs.
  EXPECT_EQ(std::regex_replace(indexes(), std::regex("::text|[()]"), ""),
            std::regex_replace(before, std::regex("::text|[()]"), ""));
  EXPECT_THROW(run({"INSERT INTO t VALUES (3, 'a', 'z')"}), Error);
  EXPECT_EQ(text("SELECT attstattarget FROM pg_attribute WHERE attrelid = 't_lower'::regclass"),
            "333");
}

TEST_F(CarryingOver, ConstraintsWithTheirNamesAndComments) {
  run({"CREATE TABLE other (id bigint, place int, PRIMARY KEY (id, place))",
       "CREATE TABLE alone (n int PRIMARY KEY)", "INSERT INTO alone VALUES (1), (2)",
       "INSERT INTO other VALUES (1, 1), (2, 1)",
       "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, place int, CONSTRAINT t_n UNIQUE (n, "
       "place), CHECK (n > 0), CONSTRAINT wide CHECK (n < place + 100) NO INHERIT, CONSTRAINT far "
       "FOREIGN KEY (n, place) REFERENCES other ON DELETE CASCADE DEFERRABLE, CONSTRAINT near "
       "FOREIGN KEY (n) REFERENCES alone (n) ON UPDATE CASCADE)",
       "ALTER TABLE t ADD CONSTRAINT late CHECK (n <> 7) NOT VALID",
       "COMMENT ON CONSTRAINT wide ON t IS 'not too wide'",
       "COMMENT ON CONSTRAINT t_n ON t IS 'once'", "INSERT INTO t VALUES (1, 1, 1)"});
  const std::string before = constraints();
  const ExpandedColumn made = expand("t.n", {"bigint", "", "", ""});
  EXPECT_THAT(made.notes, testing::IsEmpty());
  EXPECT_THROW(run({"INSERT INTO t VALUES (2, 0, 1)"}), Error);
  run({"INSERT INTO t VALUES (2, 2, 1)", "UPDATE alone SET n = 3 WHERE n = 2 AND false",
       "DELETE FROM other WHERE id = 2"});
  contract(made);
  EXPECT_EQ(text("SELECT id FROM t"), "1");
  std::string after = constraints();
  const auto plain = [](const std::string& text) {
    return std::regex_replace(text, std::regex(R"(::bigint|[()])"), "");
  };
  EXPECT_EQ(plain(after), plain(before));
  EXPECT_THROW(run({"INSERT INTO t VALUES (2, 0, 1)"}), Error);
  EXPECT_THROW(run({"INSERT INTO t VALUES (2, 9, 1)"}), Error);
}

TEST_F(CarryingOver, ForeignKeysThatActWhileBothColumnsAreThere) {
  run({"CREATE TABLE other (n int PRIMARY KEY)", "INSERT INTO other VALUES (1), (2), (3)",
       "CREATE TABLE t (id int PRIMARY KEY, n int REFERENCES other ON DELETE SET NULL ON UPDATE "
       "CASCADE)",
       "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)"});
  const ExpandedColumn made = expand("t.n", {"bigint", "m", "", ""});
  run({"DELETE FROM other WHERE n = 1", "UPDATE other SET n = 20 WHERE n = 2",
       "INSERT INTO t (id, m) VALUES (4, 3)"});
  EXPECT_EQ(text("SELECT format('%s %s', n, m) FROM t ORDER BY id"), " \n20 20\n3 3\n3 3");
  contract(made);
  run({"UPDATE other SET n = 30 WHERE n = 3"});
  EXPECT_EQ(text("SELECT m FROM t ORDER BY id"), "NULL\n20\n30\n30");
}

TEST_F(CarryingOver, WhatTheColumnItselfHas) {
  run({"CREATE TABLE t (id int PRIMARY KEY, name varchar(9) COLLATE \"C\" NOT NULL)",
       "COMMENT ON COLUMN t.name IS 'what it''s called'",
       "ALTER TABLE t ALTER name SET STATISTICS 77, ALTER name SET STORAGE EXTERNAL, ALTER name "
       "SET (n_distinct = -0.5)",
       "GRANT SELECT (name), UPDATE (name) ON t TO PUBLIC",
       "INSERT INTO t VALUES (1, 'a'), (2, 'B')"});
  if (session->server().version >= 140000) run({"ALTER TABLE t ALTER name SET COMPRESSION pglz"});
  const std::string what =
      "SELECT format('%s %s %s %s %s %s', (SELECT collname FROM pg_collation c WHERE c.oid = "
      "attcollation), attstattarget, attstorage, "
      "attoptions, col_description(attrelid, attnum), (SELECT string_agg(x.privilege_type, ',' "
      "ORDER BY 1) FROM aclexplode(attacl) x WHERE x.grantee = 0)) || " +
      std::string(session->server().version >= 140000 ? "attcompression::text" : "''") +
      " FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = ";
  const std::string before = text(what + "'name'");
  const ExpandedColumn made = expand("t.name", {"text", "", "", ""});
  EXPECT_EQ(text(what + "'name_new'"), before);
  contract(made);
  EXPECT_EQ(text(what + "'name'"), before);
  EXPECT_EQ(text("SELECT name FROM t ORDER BY name"), "B\na");
  // One that the new type does not take, or that was given, is not asked for.
  EXPECT_THAT(expanded("t.name", {"bytea", "", "convert_to(name, 'UTF8')", ""}).expand,
              testing::Not(HasSubstr("COLLATE")));
  EXPECT_THAT(expanded("t.name", {"text COLLATE \"POSIX\"", "", "", ""}).expand,
              AllOf(HasSubstr("text COLLATE \"POSIX\";"), HasSubstr("name")));
}

TEST_F(CarryingOver, TriggersAndPoliciesThatNameTheColumn) {
  run({"CREATE TABLE t (id int PRIMARY KEY, mail varchar(40), n int)",
       "CREATE TABLE log (what text)",
       "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO log VALUES "
       "(tg_name); RETURN new; END'",
       "CREATE TRIGGER a_of AFTER UPDATE OF n, mail ON t FOR EACH ROW EXECUTE FUNCTION note()",
       "CREATE TRIGGER b_when AFTER UPDATE ON t FOR EACH ROW WHEN (OLD.mail IS DISTINCT FROM "
       "NEW.mail) EXECUTE FUNCTION note('mail')",
       "CREATE TRIGGER c_off BEFORE INSERT OR UPDATE OF mail ON t FOR EACH ROW WHEN (NEW.mail = "
       "'mail') EXECUTE FUNCTION note()",
       "ALTER TABLE t DISABLE TRIGGER c_off", "COMMENT ON TRIGGER c_off ON t IS 'not now'",
       "CREATE POLICY own ON t FOR ALL TO PUBLIC USING (mail = current_user) WITH CHECK "
       "(length(mail) > 1)",
       "CREATE POLICY far ON t AS RESTRICTIVE USING (id > 0)",
       "ALTER TABLE t ENABLE ROW LEVEL SECURITY", "INSERT INTO t VALUES (1, 'a', 1)"});
  const std::string triggers_before = triggers(), policies_before = policies();
  ExpandedColumn made = expand("t.mail", {"text", "", "", ""});
  contract(made);
  const auto plain = [](const std::string& text) {
    return std::regex_replace(text, std::regex(R"((::text|[()\s])+)"), " ");
  };
  EXPECT_EQ(plain(triggers()), plain(triggers_before));
  EXPECT_EQ(plain(policies()), plain(policies_before));
  run({"TRUNCATE log", "UPDATE t SET mail = 'b'"});
  EXPECT_EQ(text("SELECT what FROM log ORDER BY 1"), "a_of\nb_when");

  made = expanded("t.mail", {"", "address", "", ""});
  EXPECT_THAT(join(made.notes, "\n"),
              AllOf(HasSubstr("trigger a_of does not fire, until the second migration, for "
                              "programs that set address alone"),
                    HasSubstr("trigger b_when fires for the rows that the backfill fills")));
  scenario->write("003_expand.sql", made.expand);
  scenario->write("004_contract.sql", made.contract);
  scenario->engine()->up({});
  const auto renamed = [&](const std::string& text) {
    return std::regex_replace(std::regex_replace(plain(text), std::regex("\\bmail\\b"), "address"),
                              std::regex("'address'"), "'mail'");
  };
  EXPECT_EQ(plain(triggers()), renamed(triggers_before));
  EXPECT_EQ(plain(policies()), renamed(policies_before));
}

TEST_F(CarryingOver, ExtendedStatistics) {
  run({"CREATE TABLE t (id int PRIMARY KEY, n int, m int)",
       "CREATE STATISTICS s (ndistinct, mcv) ON n, m FROM t", "COMMENT ON STATISTICS s IS 'both'",
       "CREATE STATISTICS all_of ON m, n FROM t", "INSERT INTO t VALUES (1, 1, 1)"});
  if (session->server().version >= 130000) run({"ALTER STATISTICS s SET STATISTICS 50"});
  const std::string what =
      "SELECT pg_get_statisticsobjdef(oid) || coalesce(obj_description(oid, 'pg_statistic_ext'), "
      "'') FROM pg_statistic_ext ORDER BY stxname";
  const std::string before = text(what);
  contract(expand("t.n", {"bigint", "", "", ""}));
  EXPECT_EQ(std::regex_replace(text(what), std::regex("\\bm, n\\b"), "n, m"),
            std::regex_replace(before, std::regex("\\bm, n\\b"), "n, m"));
}

TEST_F(CarryingOver, NamesThatHaveToBeQuoted) {
  run({"CREATE SCHEMA \"My App\"",
       "CREATE TABLE \"My App\".\"T x\" (id int PRIMARY KEY, \"Mail Me\" text NOT NULL DEFAULT "
       "'it''s', n int, CONSTRAINT \"U q\" UNIQUE (\"Mail Me\") INCLUDE (n), CHECK (length(\"Mail "
       "Me\") > 1 AND \"Mail Me\" <> 'Mail Me'))",
       "CREATE UNIQUE INDEX \"I USING btree (\" ON \"My App\".\"T x\" (lower(\"Mail Me\"))",
       "CREATE FUNCTION up() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN new.n := 1; RETURN new; "
       "END'",
       "CREATE TRIGGER \"über\" BEFORE INSERT OR UPDATE OF \"Mail Me\" ON \"My App\".\"T x\" FOR "
       "EACH ROW EXECUTE FUNCTION up()",
       "INSERT INTO \"My App\".\"T x\" VALUES (1, 'aa', 2)"});
  const ExpandedColumn made = expand("My App.T x.Mail Me", {"varchar(9)", "It's", "", ""});
  run({"INSERT INTO \"My App\".\"T x\" (id, \"It's\") VALUES (2, 'bb')"});
  contract(made);
  EXPECT_EQ(text("SELECT \"It's\" FROM \"My App\".\"T x\" ORDER BY id"), "aa\nbb");
  EXPECT_EQ(
      text("SELECT indexname FROM pg_indexes WHERE tablename = 'T x' ORDER BY indexname COLLATE "
           "\"C\""),
      "I USING btree (\nT x_pkey\nU q");
}

TEST_F(CarryingOver, RulesForOldValuesAreToldWhereTheValuesChange) {
  run({"CREATE TABLE t (id int PRIMARY KEY, price numeric CHECK (price < 100))",
       "CREATE INDEX dear ON t (id) WHERE price > 50", "INSERT INTO t VALUES (1, 99)"});
  const ExpandedColumn made = expand("t.price", {"bigint", "", "round(price * 100)", ""});
  EXPECT_THAT(join(made.notes, "\n"),
              AllOf(HasSubstr("constraint t_price_check goes with the old column"),
                    HasSubstr("index dear is taken over as it stands")));
  contract(made);
  EXPECT_EQ(text("SELECT price FROM t"), "9900");
}

TEST_F(CarryingOver, WhatCannotBeCarriedOverIsToldAndKeptUntilThen) {
  run({"CREATE TABLE t (id int PRIMARY KEY, n int, m int)", "CREATE TABLE u (id int)",
       "CREATE VIEW v AS SELECT n FROM t", "CREATE MATERIALIZED VIEW w AS SELECT n + 1 AS k FROM t",
       "CREATE RULE r AS ON UPDATE TO t WHERE NEW.n = 0 DO ALSO INSERT INTO u VALUES (0)",
       "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT max(n)::bigint FROM t'",
       "CREATE POLICY p ON t USING (EXISTS (SELECT 1 FROM u WHERE u.id = t.n))"});
  if (session->server().version >= 150000)
    run({"CREATE PUBLICATION pub FOR TABLE t (id, n) WHERE (n > 0)"});
  const ExpandedColumn made = expanded("t.n", {"bigint", "", "", ""});
  EXPECT_THAT(join(made.notes, "\n"),
              AllOf(HasSubstr("view v reads it"), HasSubstr("materialized view w reads it"),
                    HasSubstr("rule r on table t reads it"), HasSubstr("function f() names it"),
                    HasSubstr("policy p reads it beside other tables")));
  if (session->server().version >= 150000) {
    EXPECT_THAT(join(made.notes, "\n"), HasSubstr("publication pub sends the table"));
  }
  scenario->write("001_expand.sql", made.expand);
  scenario->engine()->up({});
  EXPECT_THAT(failure_of_contract(made), HasSubstr("depend"));
  EXPECT_TRUE(session->has_column("t", "n_new")) << "the second migration is taken back whole";
  EXPECT_EQ(text("SELECT count(*) FROM pg_trigger WHERE tgname LIKE '%sterna_expand%'"), "1");
}

TEST_F(CarryingOver, RefusesWhatStandsInTheWay) {
  run(
      {"CREATE TABLE users (id int PRIMARY KEY, code text UNIQUE, twice int, gen int GENERATED "
       "ALWAYS AS (twice * 2) STORED, d int UNIQUE DEFERRABLE, r int4range, k serial, o int, "
       "EXCLUDE USING gist (r WITH &&), CONSTRAINT pair UNIQUE (o, id))",
       "CREATE TABLE posts (id int PRIMARY KEY, author text REFERENCES users (code), a int, b int, "
       "FOREIGN KEY (a, b) REFERENCES users (o, id))",
       "CREATE SEQUENCE kept OWNED BY posts.b",
       "CREATE TABLE parts (id int, n int) PARTITION BY RANGE (id)",
       "CREATE TABLE part PARTITION OF parts DEFAULT", "CREATE TABLE mother (n int)",
       "CREATE TABLE child () INHERITS (mother)",
       "CREATE TABLE wide (id int, n int, PRIMARY KEY (id) "
       "INCLUDE (n))"});
  for (const auto& [column, reason] :
       std::vector<std::pair<std::string, std::string>>{{"wide.id", "primary key"},
                                                        {"wide.n", "primary key"},
                                                        {"users.code", "posts_author_fkey"},
                                                        {"users.o", "posts_a_b_fkey"},
                                                        {"users.twice", "generated column"},
                                                        {"users.gen", "it is generated"},
                                                        {"users.d", "deferrable"},
                                                        {"users.r", "users_r_excl"},
                                                        {"users.k", "counts by itself"},
                                                        {"posts.b", "sequence kept"},
                                                        {"parts.n", "is partitioned"},
                                                        {"part.n", "is a partition"},
                                                        {"mother.n", "inheritance"},
                                                        {"child.n", "inheritance"},
                                                        {"posts.nothing", "no such column"}})
    EXPECT_THAT(refusal(column), HasSubstr(reason)) << column;
  EXPECT_THROW(parse_expansion("users"), Error);
}

}  // namespace
}  // namespace sterna::test
