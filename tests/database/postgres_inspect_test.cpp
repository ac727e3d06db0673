// What PostgreSQL's inspector sees: each kind of object made by SQL, and found in the model.
#include "database/postgres_models.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

struct PostgresInspect : PostgresModels {
  bool since(int version) const { return connection->server().version >= version * 10000; }
  /// Text for servers of that version and later.
  std::string from(int version, const std::string& sql) const { return since(version) ? sql : ""; }
};

TEST_F(PostgresInspect, AnEmptyDatabaseIsAnEmptyModel) {
  const model::Model model = look("SELECT 1");
  EXPECT_EQ(model.dialect, "postgres");
  EXPECT_EQ(model.default_schema, "public");
  EXPECT_THAT(model.schemas, IsEmpty());
  EXPECT_THAT(model.tables, IsEmpty());
  EXPECT_THAT(model.objects, IsEmpty());
  EXPECT_THAT(model.not_managed, IsEmpty());
}

TEST_F(PostgresInspect, ColumnsHavePortableTypesWhereTheyComeBackTheSame) {
  const model::Model model = look(std::string() + R"(CREATE TABLE t (
    a smallint, b integer, c bigint, d numeric, e numeric(10,2), e0 numeric(5), f real, g double precision,
    h varchar(40), i varchar, j char(3), k text, l bytea, m boolean, n uuid, o json, p jsonb, q date,
    r time, s time(3) with time zone, u timestamp, v timestamp(3) with time zone, w interval, x interval(2),
    y inet, z cidr, aa macaddr, ab integer[], ac varchar(10)[], ad int4range, ae point, af bit(3),
    ag varbit(8), ah "char", ai interval year to month, ak bpchar, al xml, am tsvector))");
  const model::Table& t = model.tables.at(0);
  EXPECT_EQ(t.column("e")->type.kind, model::TypeKind::decimal);
  EXPECT_EQ(t.column("e")->type.precision, 10);
  EXPECT_EQ(t.column("e")->type.scale, 2);
  EXPECT_EQ(t.column("h")->type.kind, model::TypeKind::string);
  EXPECT_EQ(t.column("h")->type.length, 40);
  EXPECT_EQ(t.column("j")->type.kind, model::TypeKind::char_);
  EXPECT_EQ(t.column("s")->type.kind, model::TypeKind::time);
  EXPECT_EQ(t.column("s")->type.precision, 3);
  EXPECT_EQ(t.column("v")->type.kind, model::TypeKind::timestamp);
  EXPECT_TRUE(t.column("v")->type.with_time_zone);
  EXPECT_EQ(t.column("ab")->type.kind, model::TypeKind::array);
  EXPECT_EQ(t.column("ac")->type.arguments.at(0).length, 10);
  EXPECT_EQ(t.column("ad")->type.kind, model::TypeKind::range);
  EXPECT_EQ(t.column("ae")->type.kind, model::TypeKind::native);
  EXPECT_EQ(t.column("ae")->type.name, "point");
  EXPECT_EQ(t.column("ak")->type.kind, model::TypeKind::native);
  EXPECT_EQ(t.column("ah")->type.name, "\"char\"");
}

TEST_F(PostgresInspect, DefaultsAreLiteralsNowOrExpressions) {
  using K = model::Default::Kind;
  using L = model::Default::Literal;
  const model::Model model = look(std::string() + R"(CREATE TABLE t (
    a int DEFAULT 5, b int DEFAULT -5, c numeric(5,2) DEFAULT -1.50, d text DEFAULT 'it''s', e varchar(9) DEFAULT 'x',
    f char(3) DEFAULT 'abc', g boolean DEFAULT false, h timestamptz DEFAULT CURRENT_TIMESTAMP,
    i timestamptz DEFAULT now(), j date DEFAULT CURRENT_DATE, k jsonb DEFAULT '{}', l text[] DEFAULT '{}',
    m bigint DEFAULT -5000000000, n text DEFAULT E'a\\b\nc', o int DEFAULT (1 + 2), p uuid DEFAULT md5('x')::uuid,
    q numeric DEFAULT 12345678901234567890, r text DEFAULT 'a'::varchar, s double precision DEFAULT 1.5,
    u timestamp(3) DEFAULT '2024-01-02 03:04:05', v interval DEFAULT '1 day', w date DEFAULT '2024-01-02',
    x bigint DEFAULT 7, y timestamp(3) DEFAULT CURRENT_TIMESTAMP(3), z text DEFAULT CURRENT_USER))");
  const auto value = [&](const char* name) {
    return *model.tables.at(0).column(name)->default_value;
  };
  EXPECT_EQ(value("a"), (model::Default{K::literal, "5", L::number}));
  EXPECT_EQ(value("b"), (model::Default{K::literal, "-5", L::number}));
  EXPECT_EQ(value("c"), (model::Default{K::literal, "-1.50", L::number}));
  EXPECT_EQ(value("d"), (model::Default{K::literal, "it's", L::string}));
  EXPECT_EQ(value("e"), (model::Default{K::literal, "x", L::string}));
  EXPECT_EQ(value("f"), (model::Default{K::literal, "abc", L::string}));
  EXPECT_EQ(value("g"), (model::Default{K::literal, "false", L::boolean}));
  EXPECT_EQ(value("h").kind, K::now);
  EXPECT_EQ(value("i"), (model::Default{K::expression, "now()", L::string}));
  EXPECT_EQ(value("j").kind, K::now);
  EXPECT_EQ(value("k"), (model::Default{K::literal, "{}", L::string}));
  EXPECT_EQ(value("l"), (model::Default{K::literal, "{}", L::string}));
  EXPECT_EQ(value("m"), (model::Default{K::literal, "-5000000000", L::number}));
  EXPECT_EQ(value("n"), (model::Default{K::literal, "a\\b\nc", L::string}));
  EXPECT_EQ(value("o").kind, K::expression);
  EXPECT_EQ(value("p").kind, K::expression);
  EXPECT_EQ(value("r").kind, K::expression);
  EXPECT_EQ(value("u").kind, K::literal);
  EXPECT_EQ(value("x"), (model::Default{K::literal, "7", L::number}));
  EXPECT_EQ(value("y").kind, K::expression);
}

TEST_F(PostgresInspect, NumberedColumnsTellIdentityFromSerial) {
  const model::Model model = look(std::string() + R"(
    CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    CREATE TABLE b (id int GENERATED BY DEFAULT AS IDENTITY (START WITH 100 INCREMENT BY 5 CACHE 10));
    CREATE TABLE c (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "My seq" MAXVALUE 99 CYCLE));
    CREATE TABLE d (id serial PRIMARY KEY, big bigserial, small smallserial);
    CREATE TABLE e (id serial);
    ALTER SEQUENCE e_id_seq INCREMENT BY 2;
    CREATE SEQUENCE free AS smallint START WITH 9 MINVALUE 3 NO CYCLE;
    CREATE SEQUENCE down INCREMENT BY -1;
    CREATE TABLE f (n int DEFAULT nextval('free')))");
  const auto column = [&](const char* table, const char* name) {
    return *model.table(model::Name(table))->column(name);
  };
  EXPECT_EQ(column("a", "id").identity, model::Identity::always);
  EXPECT_EQ(column("b", "id").identity, model::Identity::by_default);
  EXPECT_EQ(column("b", "id").options.at("identity"), "INCREMENT BY 5 START WITH 100 CACHE 10");
  EXPECT_THAT(column("c", "id").options.at("identity"), HasSubstr("SEQUENCE NAME \"My seq\""));
  for (const char* name : {"id", "big", "small"}) {
    EXPECT_TRUE(column("d", name).auto_increment) << name;
    EXPECT_FALSE(column("d", name).default_value.has_value()) << name;
  }
  EXPECT_FALSE(column("e", "id").auto_increment);
  EXPECT_EQ(column("e", "id").default_value->text, "nextval('e_id_seq'::regclass)");
  EXPECT_EQ(object(model, "sequence", "e_id_seq").definition,
            "CREATE SEQUENCE \"e_id_seq\" AS integer INCREMENT BY 2");
  EXPECT_EQ(object(model, "sequence owner", "e_id_seq").table, model::Name("e"));
  EXPECT_THAT(model.table("f")->depends_on.keys, Contains("sequence free"));
  EXPECT_EQ(model.object("sequence", "d_id_seq"), nullptr);
}

TEST_F(PostgresInspect, ColumnsKeepWhatOnlyPostgresKnows) {
  const model::Model model = look(std::string() + R"(
    CREATE COLLATION german FROM "C";
    CREATE SCHEMA other;
    CREATE COLLATION other.odd FROM "C";
    CREATE TABLE t (a text COLLATE "C", b text COLLATE german, c text COLLATE other.odd,
                    d text, e int, g int GENERATED ALWAYS AS (e * 2) STORED);
    ALTER TABLE t ALTER d SET STORAGE EXTERNAL, ALTER e SET STATISTICS 50, ALTER e SET (n_distinct = -0.5);
    CREATE INDEX t_c ON t (c COLLATE "C" text_pattern_ops, d COLLATE other.odd);
    COMMENT ON COLUMN t.a IS 'it''s a "comment"';
    COMMENT ON TABLE t IS 'table';)" +
                                  from(14, "ALTER TABLE t ALTER a SET COMPRESSION pglz"));
  const model::Table& t = *model.table("t");
  EXPECT_EQ(t.column("a")->collation, "C");
  EXPECT_EQ(t.column("b")->collation, "german");
  EXPECT_EQ(t.column("c")->collation, "\"other\".\"odd\"");
  EXPECT_EQ(t.column("d")->options.at("storage"), "external");
  EXPECT_EQ(t.column("e")->options.at("statistics"), "50");
  EXPECT_EQ(t.column("e")->options.at("n_distinct"), "-0.5");
  EXPECT_EQ(t.column("g")->generated->expression, "e * 2");
  EXPECT_EQ(t.column("a")->options.contains("compression"), since(14));
  EXPECT_EQ(t.column("a")->comment, "it's a \"comment\"");
  EXPECT_EQ(t.comment, "table");
  EXPECT_EQ(t.indexes.at(0).parts.at(0).collation, "C");
  EXPECT_EQ(t.indexes.at(0).parts.at(0).operator_class, "text_pattern_ops");
}

TEST_F(PostgresInspect, KeysAndConstraintsWithAllTheirAttributes) {
  const model::Model model = look(std::string() + R"(
    CREATE EXTENSION btree_gist;
    CREATE SCHEMA other;
    CREATE TABLE other.target (id int PRIMARY KEY);
    CREATE TABLE p (a int, b int, CONSTRAINT p_key PRIMARY KEY (b, a), CONSTRAINT p_u UNIQUE (b) INCLUDE (a)
                      WITH (fillfactor = 70));
    CREATE TABLE t (id int, x int, y int, r int4range, CONSTRAINT "T key" PRIMARY KEY (id) DEFERRABLE,
      CONSTRAINT u1 UNIQUE (x, y) DEFERRABLE INITIALLY DEFERRED,
      CONSTRAINT f1 FOREIGN KEY (x, y) REFERENCES p (b, a) MATCH FULL ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE,
      CONSTRAINT f2 FOREIGN KEY (x) REFERENCES other.target ON DELETE RESTRICT ON UPDATE SET DEFAULT
        DEFERRABLE INITIALLY DEFERRED,
      CONSTRAINT c1 CHECK (x > 0 AND y > 0), CONSTRAINT c2 CHECK (x < 9) NO INHERIT,
      CONSTRAINT e1 EXCLUDE USING gist (x WITH =, r WITH &&) WHERE (y > 0),
      CONSTRAINT e2 EXCLUDE USING gist (int4range(x, y) WITH &&, id gist_int4_ops WITH =) INCLUDE (y) DEFERRABLE);
    ALTER TABLE t ADD CONSTRAINT c3 CHECK (y < 7) NOT VALID;
    ALTER TABLE t ADD CONSTRAINT f3 FOREIGN KEY (y) REFERENCES other.target NOT VALID;
    COMMENT ON CONSTRAINT f1 ON t IS 'points';
    COMMENT ON CONSTRAINT c1 ON t IS 'positive')");
  const model::Table& p = *model.table("p");
  EXPECT_EQ(p.primary_key->name, "p_key");
  EXPECT_EQ(p.primary_key->parts.at(0).column, "b");
  EXPECT_EQ(p.uniques.at(0).options.at("with"), "fillfactor=70");
  EXPECT_THAT(p.uniques.at(0).options.at("definition"), HasSubstr("INCLUDE (a)"));
  const model::Table& t = *model.table("t");
  EXPECT_EQ(t.primary_key->name, "T key");
  EXPECT_THAT(t.primary_key->options.at("definition"), HasSubstr("DEFERRABLE"));
  EXPECT_TRUE(t.uniques.at(0).initially_deferred);
  const model::ForeignKey& f1 = t.foreign_keys.at(0);
  EXPECT_THAT(f1.columns, ElementsAre("x", "y"));
  EXPECT_THAT(f1.referenced_columns, ElementsAre("b", "a"));
  EXPECT_EQ(f1.match, "full");
  EXPECT_EQ(f1.on_delete, model::ReferentialAction::cascade);
  EXPECT_EQ(f1.on_update, model::ReferentialAction::set_null);
  EXPECT_TRUE(f1.deferrable);
  EXPECT_EQ(f1.options.at("comment"), "points");
  EXPECT_EQ(t.foreign_keys.at(1).referenced_table, model::Name("other", "target"));
  EXPECT_EQ(t.foreign_keys.at(1).on_delete, model::ReferentialAction::restrict_);
  EXPECT_TRUE(t.foreign_keys.at(2).not_valid);
  ASSERT_EQ(t.checks.size(), 3u);
  EXPECT_EQ(t.checks.at(0).expression, "(x > 0) AND (y > 0)");
  EXPECT_TRUE(t.checks.at(2).not_valid);
  ASSERT_EQ(t.exclusions.size(), 2u);
  EXPECT_EQ(t.exclusions.at(0).elements.at(1).with_operator, "&&");
  EXPECT_EQ(t.exclusions.at(0).where, "y > 0");
  EXPECT_EQ(t.exclusions.at(1).elements.at(0).column_or_expression, "int4range(x, y)");
  EXPECT_TRUE(t.exclusions.at(1).deferrable);
}

TEST_F(PostgresInspect, IndexesWithAllTheirAttributes) {
  const model::Model model =
      look(std::string() + R"(
    CREATE EXTENSION pg_trgm;
    CREATE TABLE t (a int, b text, "C d" text, e jsonb, f tsvector);
    CREATE INDEX i1 ON t (a DESC, b NULLS FIRST, "C d" DESC NULLS LAST);
    CREATE UNIQUE INDEX i2 ON t (lower(b), (a + 1)) INCLUDE (e, f) WHERE a > 0 AND b <> ',)';
    CREATE INDEX i3 ON t USING gin (e jsonb_path_ops) WITH (fastupdate = off);
    CREATE INDEX i4 ON t USING gist (b gist_trgm_ops);
    CREATE INDEX i5 ON t USING hash (b);
    CREATE INDEX i6 ON t USING brin (a) WITH (pages_per_range = 16);
    CREATE INDEX i8 ON t ((b || 'x'), public.similarity(b, 'y'));
    ALTER INDEX i8 ALTER COLUMN 1 SET STATISTICS 77;
    CLUSTER t USING i1;
    COMMENT ON INDEX i1 IS 'first';)" +
           from(13, "CREATE INDEX i9 ON t USING gist (b gist_trgm_ops (siglen = '32'));") +
           from(15, "CREATE UNIQUE INDEX \"I 7\" ON t (a) NULLS NOT DISTINCT"));
  const model::Table& t = *model.table("t");
  const auto index = [&](const char* name) {
    for (const model::Index& one : t.indexes) {
      if (one.name == name) return one;
    }
    ADD_FAILURE() << name;
    return model::Index();
  };
  EXPECT_TRUE(index("i1").parts.at(0).descending);
  EXPECT_EQ(index("i1").parts.at(1).nulls, "first");
  EXPECT_EQ(index("i1").parts.at(2).column, "C d");
  EXPECT_EQ(index("i1").parts.at(2).nulls, "last");
  EXPECT_EQ(index("i1").comment, "first");
  EXPECT_TRUE(index("i2").unique);
  EXPECT_EQ(index("i2").parts.at(0).expression, "lower(b)");
  EXPECT_EQ(index("i2").parts.at(1).expression, "a + 1");
  EXPECT_THAT(index("i2").include, ElementsAre("e", "f"));
  EXPECT_EQ(index("i2").where, "(a > 0) AND (b <> ',)'::text)");
  EXPECT_EQ(index("i3").method, "gin");
  EXPECT_EQ(index("i3").parts.at(0).operator_class, "jsonb_path_ops");
  EXPECT_EQ(index("i3").options.at("fastupdate"), "off");
  EXPECT_EQ(index("i4").parts.at(0).operator_class, "gist_trgm_ops");
  if (since(13)) {
    EXPECT_THAT(index("i9").parts.at(0).operator_class, HasSubstr("siglen"));
  }
  EXPECT_EQ(index("i5").method, "hash");
  EXPECT_EQ(index("i6").options.at("pages_per_range"), "16");
  if (since(15)) {
    EXPECT_TRUE(index("I 7").nulls_not_distinct);
  }
  EXPECT_EQ(index("i8").options.at("statistics"), "1 77");
  EXPECT_EQ(t.options.at("cluster on"), "i1");
}

TEST_F(PostgresInspect, TypesOfTheDatabaseStandBeforeTheirTables) {
  const model::Model model = look(std::string() + R"(
    CREATE TYPE zmood AS ENUM ('sad', 'it''s', 'glad');
    ALTER TYPE zmood ADD VALUE 'first' BEFORE 'sad';
    COMMENT ON TYPE zmood IS 'how one feels';
    CREATE DOMAIN zpositive AS int DEFAULT 1 NOT NULL CONSTRAINT above CHECK (VALUE > 0);
    CREATE DOMAIN zword AS varchar(9) COLLATE "C" CHECK (VALUE <> '');
    ALTER DOMAIN zword ADD CONSTRAINT later CHECK (VALUE <> 'x') NOT VALID;
    COMMENT ON DOMAIN zpositive IS 'a number';
    COMMENT ON CONSTRAINT above ON DOMAIN zpositive IS 'why';
    CREATE TYPE zpair AS (a zpositive, b zmood, "C" text COLLATE "C");
    COMMENT ON TYPE zpair IS 'two';
    COMMENT ON COLUMN zpair.a IS 'one';
    CREATE TYPE zspan AS RANGE (subtype = float8, subtype_diff = float8mi);
    CREATE COLLATION zgerman (PROVIDER = icu, LOCALE = 'de-u-co-phonebk', DETERMINISTIC = false);
    CREATE TABLE a (m zmood DEFAULT 'sad', n zpositive, p zpair, q zpair[], s zspan, w text COLLATE zgerman, x zmood[]))");
  ASSERT_EQ(model.enums.size(), 1u);
  EXPECT_THAT(model.enums.at(0).values, ElementsAre("first", "sad", "it's", "glad"));
  EXPECT_EQ(model.enums.at(0).comment, "how one feels");
  const model::Table& a = *model.table("a");
  EXPECT_EQ(a.column("m")->type.kind, model::TypeKind::native);
  EXPECT_EQ(a.column("m")->type.name, "zmood");
  EXPECT_EQ(a.column("m")->default_value->kind, model::Default::Kind::literal);
  EXPECT_THAT(a.depends_on.keys,
              UnorderedElementsAre("enum zmood", "domain zpositive", "type zpair", "type zspan",
                                   "collation zgerman"));
  EXPECT_EQ(object(model, "domain", "zpositive").definition,
            "CREATE DOMAIN \"zpositive\" AS integer DEFAULT 1 NOT NULL CONSTRAINT above CHECK "
            "((VALUE > 0))");
  EXPECT_EQ(object(model, "domain", "zpositive").comment, "a number");
  EXPECT_THAT(object(model, "domain constraint", {"", "zword.later"}).definition,
              HasSubstr("NOT VALID"));
  EXPECT_THAT(object(model, "type", "zpair").depends_on,
              UnorderedElementsAre("enum zmood", "domain zpositive"));
}

TEST_F(PostgresInspect, ViewsFunctionsAndTriggersInOrder) {
  const model::Model model = look(std::string() + R"(
    CREATE TABLE t (id int PRIMARY KEY, name text);
    CREATE FUNCTION z_label(n text, times int DEFAULT 2) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT repeat(n, times) $$;
    COMMENT ON FUNCTION z_label IS 'labels';
    CREATE FUNCTION z_label(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT n::text $$;
    CREATE FUNCTION rows_of() RETURNS SETOF t LANGUAGE sql STABLE AS 'SELECT * FROM t';
    CREATE PROCEDURE clean(INOUT n int, "Odd name" text[]) LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; n := 1; END $$;
    CREATE VIEW z (a, b) WITH (security_barrier) AS SELECT id, z_label(name) FROM t WITH LOCAL CHECK OPTION;
    CREATE VIEW a AS SELECT a, b FROM z;
    ALTER VIEW a ALTER COLUMN b SET DEFAULT 'x';
    COMMENT ON VIEW z IS 'zed';
    COMMENT ON COLUMN z.a IS 'first';
    CREATE MATERIALIZED VIEW m AS SELECT a, count(*) AS n FROM a GROUP BY a WITH NO DATA;
    CREATE UNIQUE INDEX "m index" ON m (a DESC) WHERE a > 0;
    COMMENT ON INDEX "m index" IS 'of m';
    ALTER MATERIALIZED VIEW m ALTER COLUMN a SET STATISTICS 9;
    CREATE MATERIALIZED VIEW full_one AS SELECT 1 AS one;
    CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
    CREATE TRIGGER one AFTER INSERT ON t REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION fire('a', 'b');
    CREATE CONSTRAINT TRIGGER two AFTER UPDATE OF name ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
      WHEN (new.id > 0 AND old.name <> ' ON public.t') EXECUTE FUNCTION fire();
    ALTER TABLE t DISABLE TRIGGER two;
    CREATE TRIGGER three INSTEAD OF DELETE ON a FOR EACH ROW EXECUTE FUNCTION fire();
    COMMENT ON TRIGGER three ON a IS 'three';
    ALTER TABLE t ADD CONSTRAINT uses CHECK (z_label(id) <> '');
    CREATE RULE "no delete" AS ON DELETE TO t DO INSTEAD NOTHING;
    COMMENT ON RULE "no delete" ON t IS 'kept';
    ALTER TABLE t ENABLE REPLICA RULE "no delete")");
  EXPECT_EQ(object(model, "function", {"", "z_label(text, integer)"}).comment, "labels");
  EXPECT_THAT(object(model, "function", {"", "z_label(integer)"}).definition,
              testing::StartsWith("CREATE FUNCTION z_label(n integer)"));
  EXPECT_THAT(object(model, "procedure", {"", "clean(integer, text[])"}).definition,
              testing::StartsWith("CREATE PROCEDURE clean("));
  const model::Object& z = object(model, "view", "z");
  EXPECT_THAT(z.definition, HasSubstr("security_barrier=true, check_option=local"));
  EXPECT_THAT(z.depends_on, UnorderedElementsAre("table t", "function z_label(text, integer)"));
  EXPECT_EQ(z.comment, "zed");
  EXPECT_THAT(object(model, "view", "a").depends_on, ElementsAre("view z"));
  EXPECT_THAT(object(model, "materialized view", "m").definition, HasSubstr("WITH NO DATA"));
  EXPECT_THAT(object(model, "materialized view", "full_one").definition,
              testing::Not(HasSubstr("NO DATA")));
  EXPECT_EQ(object(model, "index", "m index").definition,
            "CREATE UNIQUE INDEX \"m index\" ON \"m\" USING btree (a DESC) WHERE (a > 0)");
  EXPECT_THAT(object(model, "trigger", "one").definition, HasSubstr(" ON t REFERENCING NEW TABLE"));
  EXPECT_THAT(object(model, "trigger", "two").definition,
              testing::AllOf(HasSubstr("CREATE CONSTRAINT TRIGGER"), HasSubstr("' ON public.t'")));
  EXPECT_EQ(object(model, "trigger state", "two").definition,
            "ALTER TABLE \"t\" DISABLE TRIGGER \"two\"");
  EXPECT_EQ(object(model, "trigger", "three").table, model::Name("a"));
  EXPECT_EQ(object(model, "rule", "no delete").drop, "DROP RULE \"no delete\" ON \"t\"");
  EXPECT_THAT(model.table("t")->depends_on.keys, ElementsAre("function z_label(integer)"));
}

TEST_F(PostgresInspect, PartitionsAndChildrenComeBack) {
  const model::Model model = look(std::string() + R"(
    CREATE TABLE other_side (id int PRIMARY KEY);
    CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
    CREATE TABLE z (id int, at date NOT NULL DEFAULT CURRENT_DATE, n int CHECK (n > 0),
                    o int REFERENCES other_side, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE INDEX z_n ON z (n);
    CREATE TRIGGER t AFTER INSERT ON z FOR EACH ROW EXECUTE FUNCTION fire();
    CREATE TABLE a PARTITION OF z FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    CREATE TABLE b PARTITION OF z DEFAULT PARTITION BY LIST (at);
    CREATE TABLE c PARTITION OF b FOR VALUES IN ('2030-01-01', '2031-01-01') WITH (fillfactor = 50);
    CREATE INDEX a_own ON a (o);
    ALTER TABLE a ALTER n SET DEFAULT 4;
    ALTER TABLE a DISABLE TRIGGER t;
    CREATE TABLE h (k text) PARTITION BY HASH (k COLLATE "C" text_pattern_ops);
    CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
    CREATE TABLE parent (id int NOT NULL DEFAULT 1, x text, CHECK (id > 0));
    CREATE TABLE aunt (y int);
    CREATE TABLE child (own int) INHERITS (parent, aunt);
    ALTER TABLE child ALTER id SET DEFAULT 5, ALTER x SET NOT NULL;
    CREATE TABLE merged (x text) INHERITS (parent))");
  EXPECT_EQ(model.table("z")->options.at("partition by"), "RANGE (at)");
  const model::Table& a = *model.table("a");
  EXPECT_EQ(a.options.at("partition of"), "z");
  EXPECT_EQ(a.options.at("partition bound"), "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')");
  EXPECT_THAT(a.depends_on.keys, ElementsAre("table z"));
  EXPECT_EQ(a.primary_key->options.at("attached to"), "z_pkey");
  EXPECT_THAT(a.foreign_keys, IsEmpty());
  EXPECT_EQ(a.column("n")->default_value->text, "4");
  EXPECT_EQ(model.table("b")->options.at("partition bound"), "DEFAULT");
  EXPECT_EQ(model.table("c")->options.at("fillfactor"), "50");
  EXPECT_EQ(object(model, "trigger", "t").table, model::Name("z"));
  EXPECT_EQ(object(model, "trigger state", "t").table, model::Name("a"));
  const model::Table& child = *model.table("child");
  EXPECT_EQ(child.options.at("inherits"), "parent, aunt");
  EXPECT_EQ(child.column("id")->options.at("inherited"), "true");
  EXPECT_FALSE(child.column("own")->options.contains("inherited"));
  EXPECT_FALSE(model.table("merged")->column("x")->options.contains("inherited"));
  EXPECT_THAT(child.checks, IsEmpty());
}

TEST_F(PostgresInspect, TablesKeepTheirOptions) {
  const model::Model model = look(std::string() + R"(
    CREATE TYPE shape AS (a int, b text);
    CREATE UNLOGGED TABLE u (a int);
    CREATE TABLE s (a int, b text) WITH (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = off);
    CREATE TABLE f (a int);
    ALTER TABLE f REPLICA IDENTITY FULL, ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE TABLE n (a int NOT NULL UNIQUE);
    ALTER TABLE n REPLICA IDENTITY USING INDEX n_a_key, ENABLE ROW LEVEL SECURITY;
    CREATE TABLE typed OF shape;
    CREATE POLICY p ON f AS RESTRICTIVE FOR UPDATE TO PUBLIC USING (a > 0) WITH CHECK (a < 9);
    CREATE POLICY "q q" ON f FOR SELECT TO CURRENT_USER, pg_monitor USING (true);
    COMMENT ON POLICY p ON f IS 'strict';
    CREATE STATISTICS st (dependencies, ndistinct) ON a, b FROM s;
    COMMENT ON STATISTICS st IS 'both';)" +
                                  from(13, "ALTER STATISTICS st SET STATISTICS 5;") +
                                  from(14, "CREATE STATISTICS ex ON (a + 1), lower(b) FROM s"));
  EXPECT_EQ(model.table("u")->options.at("unlogged"), "true");
  EXPECT_THAT(model.table("s")->options,
              UnorderedElementsAre(Pair("fillfactor", "70"), Pair("autovacuum_enabled", "false"),
                                   Pair("toast.autovacuum_enabled", "off")));
  EXPECT_EQ(model.table("f")->options.at("replica identity"), "full");
  EXPECT_EQ(model.table("f")->options.at("row level security"), "forced");
  EXPECT_EQ(model.table("n")->options.at("replica identity"), "index n_a_key");
  EXPECT_EQ(model.table("n")->options.at("row level security"), "enabled");
  EXPECT_EQ(model.table("typed")->options.at("of"), "shape");
  EXPECT_EQ(object(model, "policy", "p").definition,
            "CREATE POLICY \"p\" ON \"f\" AS RESTRICTIVE FOR UPDATE USING ((a > 0)) WITH CHECK ((a "
            "< 9))");
  EXPECT_THAT(object(model, "policy", "q q").definition, HasSubstr("TO pg_monitor, sterna"));
  EXPECT_THAT(object(model, "statistics", "st").definition,
              testing::StartsWith("CREATE STATISTICS st (ndistinct, dependencies) ON a, b FROM s"));
  if (since(13)) {
    EXPECT_EQ(object(model, "statistics target", "st").table, model::Name("s"));
  }
}

TEST_F(PostgresInspect, TheRestOfTheCatalogs) {
  const model::Model model = look(std::string() + R"(
    CREATE SCHEMA app;
    COMMENT ON SCHEMA app IS 'the app';
    CREATE TABLE app.t (id int PRIMARY KEY, w text);
    CREATE TABLE local_one (id int REFERENCES app.t);
    CREATE FUNCTION app.step(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT a + b $$;
    CREATE FUNCTION ev() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
    CREATE AGGREGATE total (int) (SFUNC = app.step, STYPE = int, INITCOND = '0', PARALLEL = SAFE);
    CREATE AGGREGATE app.many (*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
    COMMENT ON AGGREGATE total (int) IS 'sum';
    CREATE OPERATOR @+ (LEFTARG = int, RIGHTARG = int, FUNCTION = app.step, COMMUTATOR = @+);
    COMMENT ON OPERATOR @+ (int, int) IS 'plus';
    CREATE TYPE wrapped AS (v int);
    CREATE FUNCTION unwrap(w wrapped) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT w.v $$;
    CREATE CAST (wrapped AS int) WITH FUNCTION unwrap(wrapped) AS ASSIGNMENT;
    CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('DROP TABLE', 'CREATE TABLE') EXECUTE FUNCTION ev();
    ALTER EVENT TRIGGER watch ENABLE REPLICA;
    CREATE PUBLICATION plain FOR TABLE local_one WITH (publish = 'insert');
    CREATE PUBLICATION everything FOR ALL TABLES;
    CREATE FOREIGN DATA WRAPPER nowhere OPTIONS (debug 'true');
    CREATE SERVER far TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER nowhere OPTIONS (host 'it''s');
    CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (password 'hunter2');
    CREATE FOREIGN TABLE away (id int OPTIONS (column_name 'ID') NOT NULL, w text DEFAULT 'x' COLLATE "C", CONSTRAINT pos CHECK (id > 0))
      SERVER far OPTIONS (table_name 'T');
    COMMENT ON FOREIGN TABLE away IS 'far away';
    COMMENT ON COLUMN away.w IS 'word';
    CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple, STOPWORDS = english);
    CREATE TEXT SEARCH CONFIGURATION plain (PARSER = default);
    ALTER TEXT SEARCH CONFIGURATION plain ADD MAPPING FOR asciiword, word WITH words, english_stem;
    CREATE EXTENSION citext WITH SCHEMA app;
    CREATE TABLE uses_it (w app.citext, ix text);
    CREATE INDEX ON uses_it USING gin (to_tsvector('plain', ix));)" +
                                  from(15, R"(
    CREATE PUBLICATION chosen FOR TABLE local_one (id) WHERE (id > 0)
      WITH (publish = 'insert', publish_via_partition_root);
    CREATE PUBLICATION spaces FOR TABLES IN SCHEMA app)"));
  EXPECT_THAT(model.schemas, ElementsAre("app"));
  EXPECT_EQ(object(model, "comment", {"", "SCHEMA \"app\""}).drop,
            "COMMENT ON SCHEMA \"app\" IS NULL");
  EXPECT_NE(model.table({"app", "t"}), nullptr);
  EXPECT_EQ(model.table("local_one")->foreign_keys.at(0).referenced_table, model::Name("app", "t"));
  EXPECT_THAT(object(model, "aggregate", {"", "total(integer)"}).definition,
              HasSubstr("SFUNC = app.step"));
  EXPECT_EQ(object(model, "aggregate", {"app", "many(*)"}).drop,
            "DROP AGGREGATE \"app\".\"many\"(*)");
  EXPECT_THAT(object(model, "operator", {"", "@+(integer, integer)"}).definition,
              HasSubstr("COMMUTATOR = OPERATOR(@+)"));
  EXPECT_EQ(object(model, "cast", {"", "(wrapped AS integer)"}).definition,
            "CREATE CAST (wrapped AS integer) WITH FUNCTION unwrap(wrapped) AS ASSIGNMENT");
  EXPECT_THAT(object(model, "event trigger", "watch").definition,
              HasSubstr("WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')"));
  object(model, "event trigger state", "watch");
  if (since(15)) {
    EXPECT_EQ(object(model, "publication member", {"", "chosen local_one"}).definition,
              "ALTER PUBLICATION \"chosen\" ADD TABLE ONLY \"local_one\" (id) WHERE ((id > 0))");
  }
  EXPECT_THAT(object(model, "server", "far").definition, HasSubstr("OPTIONS (host 'it''s')"));
  EXPECT_THAT(object(model, "foreign table", "away").definition,
              HasSubstr("\"id\" integer OPTIONS (column_name 'ID') NOT NULL"));
  object(model, "text search mapping", {"", "plain asciiword"});
  EXPECT_EQ(object(model, "extension", "citext").definition,
            "CREATE EXTENSION \"citext\" WITH SCHEMA \"app\"");
  EXPECT_EQ(model.object("function", {"app", "citext_eq(app.citext, app.citext)"}), nullptr);
  for (const model::Object& one : model.objects) {
    EXPECT_THAT(one.definition, testing::Not(HasSubstr("hunter2")));
  }
}

TEST_F(PostgresInspect, OwnersAndPrivilegesWhenAskedFor) {
  const std::string one = database->name() + "_one", two = database->name() + "_two";
  run(*connection, "CREATE ROLE " + one + "; CREATE ROLE " + two);
  InspectOptions options;
  options.grants = true;
  const model::Model model = look(
      "CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO " + one +
          "; CREATE TABLE t (id serial PRIMARY KEY, w text); ALTER TABLE t OWNER TO " + two +
          "; GRANT SELECT, INSERT ON t TO " + one + "; GRANT UPDATE (w) ON t TO PUBLIC" +
          "; GRANT DELETE ON t TO " + one + " WITH GRANT OPTION; REVOKE TRUNCATE ON t FROM " + two +
          "; CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a'" +
          "; REVOKE EXECUTE ON FUNCTION f(int) FROM PUBLIC" +
          "; CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood OWNER TO " + one +
          "; GRANT USAGE ON SEQUENCE t_id_seq TO " + one + "; ALTER DEFAULT PRIVILEGES FOR ROLE " +
          two + " IN SCHEMA app GRANT SELECT ON TABLES TO " + one +
          "; ALTER DEFAULT PRIVILEGES FOR ROLE " + two + " REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
      options);
  EXPECT_EQ(object(model, "owner", {"", "table t"}).definition, "ALTER TABLE t OWNER TO " + two);
  EXPECT_EQ(object(model, "grant", {"", "table t to " + one}).definition,
            "GRANT INSERT, SELECT ON TABLE t TO " + one);
  EXPECT_EQ(object(model, "grant", {"", "table t to " + one}).drop,
            "REVOKE INSERT, SELECT ON TABLE t FROM " + one);
  EXPECT_EQ(object(model, "grant", {"", "table t to " + one + " with grant option"}).definition,
            "GRANT DELETE ON TABLE t TO " + one + " WITH GRANT OPTION");
  EXPECT_EQ(object(model, "grant", {"", "table t.w to PUBLIC"}).definition,
            "GRANT UPDATE (w) ON TABLE t TO PUBLIC");
  EXPECT_EQ(object(model, "revoke", {"", "table t from " + two}).definition,
            "REVOKE TRUNCATE ON TABLE t FROM " + two);
  object(model, "revoke", {"", "function f(integer) from PUBLIC"});
  object(model, "owner", {"", "enum mood"});
  object(model, "grant", {"", "schema app to " + one});
  object(model, "grant", {"", "sequence t_id_seq to " + one});
  object(model, "default privilege", {"app", "tables of " + two + " to " + one});
  object(model, "default privilege", {"", "functions of " + two + " from PUBLIC"});
  EXPECT_THAT(connection->inspect({}).objects, testing::SizeIs(1));
  run(*connection, "DROP OWNED BY " + one + ", " + two + " CASCADE");
  try {
    run(*connection, "DROP ROLE " + one + ", " + two);
  } catch (const Error& error) {
    FAIL() << error.what() << error.detail();
  }
}

TEST_F(PostgresInspect, TheSameSchemaInAnotherOrderAndSchemaIsTheSameModel) {
  const std::string a =
      "CREATE TYPE mood AS ENUM ('x'); CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (m "
      "mood, "
      "p int REFERENCES p, CHECK (p > 0)); CREATE INDEX ON t (p); CREATE VIEW v AS SELECT * FROM "
      "t; "
      "CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS 'SELECT $1.p'; ";
  run(*connection, "CREATE TABLE u (i int); " + a);
  const TestDatabase copy(Kind::postgres);
  const auto other = connect(parse_url(copy.url()));
  run(*other, "CREATE SCHEMA elsewhere; SET search_path = elsewhere, public; " + a +
                  "CREATE TABLE u (i int)");
  InspectOptions only;
  only.schemas = {"elsewhere"};
  const model::Model model = other->inspect(only);
  EXPECT_EQ(model.default_schema, "elsewhere");
  EXPECT_EQ(difference(connection->inspect({}), model), "");
  EXPECT_EQ(connection->inspect({}), model);
}

TEST_F(PostgresInspect, TheSessionIsLeftAsItWas) {
  run(*connection,
      "SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'German'; CREATE TABLE t (at timestamptz "
      "DEFAULT "
      "'2024-01-02 03:04:05+09')");
  const model::Model model = connection->inspect({});
  EXPECT_EQ(model.tables.at(0).column("at")->default_value->text, "2024-01-01 18:04:05+00");
  EXPECT_FALSE(connection->in_transaction());
  connection->begin();
  run(*connection, "CREATE TABLE inside (i int)");
  EXPECT_EQ(connection->inspect({}).tables.size(), 2u);
  EXPECT_TRUE(connection->in_transaction());
  for (const auto& [setting, value] :
       {std::pair{"TimeZone", "Asia/Tokyo"}, std::pair{"DateStyle", "German, DMY"},
        std::pair{"search_path", "\"$user\", public"}}) {
    EXPECT_EQ(connection->query(std::string("SHOW ") + setting).front().get<std::string>(0), value);
  }
  connection->rollback();
  EXPECT_EQ(connection->inspect({}).tables.size(), 1u);
}

TEST_F(PostgresInspect, WhatIsLeftOutTakesAlongWhatBelongsToIt) {
  InspectOptions options;
  options.without = {model::Name("hidden"), model::Name("far", "hidden")};
  const model::Model model = look(
      "CREATE SCHEMA far; CREATE TABLE far.hidden (id int); CREATE FUNCTION fire() RETURNS trigger "
      "LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; CREATE TABLE hidden (id serial PRIMARY "
      "KEY, "
      "w text UNIQUE); CREATE INDEX ON hidden (w); CREATE TRIGGER x AFTER INSERT ON hidden EXECUTE "
      "FUNCTION fire(); CREATE POLICY p ON hidden USING (true); CREATE STATISTICS s ON id, w FROM "
      "hidden; CREATE TABLE seen (id serial)",
      options);
  ASSERT_EQ(model.tables.size(), 1u);
  EXPECT_EQ(model.tables.at(0).name, model::Name("seen"));
  ASSERT_EQ(model.objects.size(), 1u);
  EXPECT_EQ(model.objects.at(0).kind, "function");
}

TEST_F(PostgresInspect, WhatCannotBeReadIsNamed) {
  run(*connection,
      "CREATE TABLE t (a int); CREATE OPERATOR CLASS odd FOR TYPE int4 USING hash AS OPERATOR 1 =, "
      "FUNCTION 1 hashint4(int4); CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA "
      "WRAPPER w; CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password 'hunter2'); CREATE "
      "SUBSCRIPTION sub CONNECTION 'password=hunter2' PUBLICATION p WITH (connect = false)");
  const model::Model model = connection->inspect({});
  EXPECT_THAT(model.not_managed, Contains(HasSubstr("operator class public.odd")));
  EXPECT_THAT(model.not_managed, Contains(HasSubstr("user mapping of public at s")));
  EXPECT_THAT(model.not_managed, Contains(HasSubstr("subscription sub")));
  EXPECT_THAT(model.not_managed, testing::Not(Contains(HasSubstr("hunter2"))));
  run(*connection, "ALTER SUBSCRIPTION sub SET (slot_name = NONE)");
  run(*connection, "DROP SUBSCRIPTION sub");
}

TEST_F(PostgresInspect, OptionsAreChangedInPlace) {
  run(*connection,
      "CREATE TABLE t (a int NOT NULL, b text); CREATE UNIQUE INDEX ti ON t (a); CREATE TABLE p (a "
      "int)");
  AlterTable alter{"t", {}};
  model::Column b = *connection->inspect({}).table("t")->column("b");
  ModifyColumn modify;
  modify.was = b;
  b.options = {{"storage", "external"}, {"statistics", "7"}, {"n_distinct", "-1"}};
  modify.to = b;
  modify.parts = ModifyColumn::options;
  alter.actions.emplace_back(modify);
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, std::string>>{{"unlogged", "true"},
                                                        {"fillfactor", "50"},
                                                        {"replica identity", "index ti"},
                                                        {"row level security", "forced"},
                                                        {"cluster on", "ti"}}) {
    alter.actions.emplace_back(SetTableOption{key, value, std::nullopt});
  }
  const auto apply = [&] {
    connection->execute_batch(
        connection->dialect().render(alter, {connection->server(), nullptr}).statements);
    return connection->inspect({});
  };
  const model::Model changed = apply();
  EXPECT_EQ(changed.table("t")->options,
            (std::map<std::string, std::string>{{"unlogged", "true"},
                                                {"fillfactor", "50"},
                                                {"replica identity", "index ti"},
                                                {"row level security", "forced"},
                                                {"cluster on", "ti"}}));
  EXPECT_EQ(changed.table("t")->column("b")->options, b.options);
  for (TableAction& action : alter.actions) {
    if (auto* option = std::get_if<SetTableOption>(&action)) option->value.clear();
    if (auto* column = std::get_if<ModifyColumn>(&action)) {
      column->was = b;
      column->to.options.clear();
    }
  }
  const model::Model back = apply();
  EXPECT_THAT(back.table("t")->options, IsEmpty());
  EXPECT_THAT(back.table("t")->column("b")->options, IsEmpty());
}
}  // namespace
}  // namespace sterna::test
