// Functions, procedures, aggregates, operators and casts.
#include "database/postgres/inspect.hpp"

#include "base/text.hpp"

namespace sterna::postgres {
namespace {

/// "CREATE OR REPLACE FUNCTION public.f(…" → "CREATE FUNCTION f(…": the server always writes the
/// schema.
std::string plain_definition(std::string_view text, std::string_view qualifier, bool unqualified) {
  constexpr std::string_view replace = "CREATE OR REPLACE ";
  std::string result(trim(text));
  if (result.starts_with(replace)) result.replace(0, replace.size(), "CREATE ");
  if (unqualified) {
    // Behind CREATE FUNCTION or CREATE PROCEDURE.
    const std::size_t at = result.find(' ', 7) + 1;
    if (std::string_view(result).substr(at).starts_with(qualifier)) {
      result.erase(at, qualifier.size());
    }
  }
  return result;
}

void read_routine(Inspection& inspection, const Fields& row) {
  const model::Name name = inspection.name(row.text(1), row.string(2) + "(" + row.string(3) + ")");
  model::Object& object =
      inspection.add(pg_proc, row.oid(0), row.letter(4) == 'p' ? "procedure" : "function", name,
                     plain_definition(row.text(5), row.string(6) + ".", name.schema.empty()));
  object.comment = inspection.comment_of(pg_proc, row.oid(0));
}

std::string routines_question(const Inspection& inspection) {
  return "SELECT p.oid, n.nspname, p.proname, oidvectortypes(p.proargtypes), p.prokind, "
         "pg_get_functiondef(p.oid), quote_ident(n.nspname) FROM pg_proc p JOIN pg_namespace n ON "
         "n.oid = p.pronamespace WHERE p.prokind <> 'a' AND p.oid >= 16384 AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_proc", "p.oid") +
         // The constructors of a range are part of it.
         " AND NOT EXISTS (SELECT 1 FROM pg_depend own WHERE own.classid = 1255 AND own.objid = "
         "p.oid AND own.deptype = 'i' AND own.refclassid = 1247)";
}

// ---- aggregates ----

void read_aggregate(Inspection& inspection, const Fields& row) {
  const model::Name plain = inspection.name(row.text(1), row.text(2));
  const std::string arguments = row.text(4).empty() ? "*" : row.string(4);
  const std::string target = inspection.quoted(plain) + "(" + arguments + ")";
  model::Object& object = inspection.add(
      pg_proc, row.oid(0), "aggregate",
      {plain.schema, plain.name + "(" + (row.text(3).empty() ? "*" : row.string(3)) + ")"},
      "CREATE AGGREGATE " + target + " (" + row.string(5) + ")");
  object.drop = "DROP AGGREGATE " + target;
  const std::string key = model::key_of(object);
  inspection.add_comment("AGGREGATE " + target, inspection.comment_of(pg_proc, row.oid(0)), {},
                         key);
}

std::string aggregates_question(const Inspection& inspection) {
  const auto function = [](const std::string& word, const std::string& column) {
    return "'" + word + " = ' || nullif(g." + column + ", 0)::regproc::text, ";
  };
  const auto modify = [](const std::string& word, const std::string& column) {
    return "CASE WHEN g." + column +
           " <> CASE WHEN g.aggkind = 'n' THEN 'r' ELSE 'w' END::\"char\" "
           "THEN '" +
           word + " = ' || CASE g." + column +
           " WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END, ";
  };
  return "SELECT p.oid, n.nspname, p.proname, oidvectortypes(p.proargtypes), "
         "pg_get_function_identity_arguments(p.oid), concat_ws(', ', 'SFUNC = ' || "
         "g.aggtransfn::regproc::text, 'STYPE = ' || format_type(g.aggtranstype, NULL), 'SSPACE = "
         "' "
         "|| nullif(g.aggtransspace, 0), " +
         function("FINALFUNC", "aggfinalfn") +
         "CASE WHEN g.aggfinalextra THEN 'FINALFUNC_EXTRA' END, " +
         modify("FINALFUNC_MODIFY", "aggfinalmodify") + function("COMBINEFUNC", "aggcombinefn") +
         function("SERIALFUNC", "aggserialfn") + function("DESERIALFUNC", "aggdeserialfn") +
         "'INITCOND = ' || quote_literal(g.agginitval), " + function("MSFUNC", "aggmtransfn") +
         function("MINVFUNC", "aggminvtransfn") +
         "CASE WHEN g.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(g.aggmtranstype, NULL) "
         "END, 'MSSPACE = ' || nullif(g.aggmtransspace, 0), " +
         function("MFINALFUNC", "aggmfinalfn") +
         "CASE WHEN g.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END, " +
         modify("MFINALFUNC_MODIFY", "aggmfinalmodify") +
         "'MINITCOND = ' || quote_literal(g.aggminitval), (SELECT 'SORTOP = OPERATOR(' || "
         "quote_ident(opn.nspname) || '.' || o.oprname || ')' FROM pg_operator o JOIN pg_namespace "
         "opn ON opn.oid = o.oprnamespace WHERE o.oid = g.aggsortop), CASE WHEN g.aggkind = 'h' "
         "THEN "
         "'HYPOTHETICAL' END, CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN "
         "'PARALLEL = RESTRICTED' END) FROM pg_proc p JOIN pg_aggregate g ON g.aggfnoid = p.oid "
         "JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid >= 16384 AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_proc", "p.oid");
}

// ---- operators ----

void read_operator(Inspection& inspection, const Fields& row) {
  const model::Name plain = inspection.name(row.text(1), row.text(2));
  const std::string symbol =
      (plain.schema.empty() ? "" : inspection.dialect.quote(plain.schema) + ".") + plain.name;
  const std::string arguments = "(" + row.string(3) + ")";
  model::Object& object =
      inspection.add(pg_operator, row.oid(0), "operator", {plain.schema, plain.name + arguments},
                     "CREATE OPERATOR " + symbol + " (" + row.string(4) + ")");
  object.drop = "DROP OPERATOR " + symbol + " " + arguments;
  const std::string key = model::key_of(object);
  inspection.add_comment("OPERATOR " + symbol + " " + arguments,
                         inspection.comment_of(pg_operator, row.oid(0)), {}, key);
}

std::string operators_question(const Inspection& inspection) {
  const auto other = [](const std::string& word, const std::string& column) {
    return "(SELECT '" + word +
           " = OPERATOR(' || CASE WHEN xn.nspname = current_schema() THEN '' ELSE "
           "quote_ident(xn.nspname) || '.' END || x.oprname || ')' FROM pg_operator x JOIN "
           "pg_namespace xn ON xn.oid = x.oprnamespace WHERE x.oid = o." +
           column + "), ";
  };
  return "SELECT o.oid, n.nspname, o.oprname, concat(CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE "
         "format_type(o.oprleft, NULL) END, ', ', CASE WHEN o.oprright = 0 THEN 'NONE' ELSE "
         "format_type(o.oprright, NULL) END), concat_ws(', ', 'FUNCTION = ' || "
         "o.oprcode::regproc::text, CASE WHEN o.oprleft <> 0 THEN 'LEFTARG = ' || "
         "format_type(o.oprleft, NULL) END, CASE WHEN o.oprright <> 0 THEN 'RIGHTARG = ' || "
         "format_type(o.oprright, NULL) END, " +
         other("COMMUTATOR", "oprcom") + other("NEGATOR", "oprnegate") +
         "'RESTRICT = ' || nullif(o.oprrest, 0)::regproc::text, 'JOIN = ' || nullif(o.oprjoin, "
         "0)::regproc::text, CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge "
         "THEN "
         "'MERGES' END) FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE "
         "o.oid >= 16384 AND o.oprcode <> 0 AND " +
         inspection.wanted("n") + " AND " + Inspection::not_of_extension("pg_operator", "o.oid");
}

// ---- casts ----

void read_cast(Inspection& inspection, const Fields& row) {
  const std::string types = "(" + row.string(1) + " AS " + row.string(2) + ")";
  model::Object& object = inspection.add(pg_cast, row.oid(0), "cast", {{}, types},
                                         "CREATE CAST " + types + " " + row.string(3));
  object.drop = "DROP CAST " + types;
  const std::string key = model::key_of(object);
  inspection.add_comment("CAST " + types, inspection.comment_of(pg_cast, row.oid(0)), {}, key);
}

std::string casts_question() {
  return "SELECT c.oid, format_type(c.castsource, NULL), format_type(c.casttarget, NULL), CASE "
         "c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure::text WHEN 'i' "
         "THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END || CASE c.castcontext WHEN 'a' THEN ' AS "
         "ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END FROM pg_cast c WHERE c.oid >= 16384 "
         "AND " +
         Inspection::not_of_extension("pg_cast", "c.oid") +
         // Those of a range to its multirange are part of it.
         " AND NOT EXISTS (SELECT 1 FROM pg_depend own WHERE own.classid = 2605 AND own.objid = "
         "c.oid AND own.deptype = 'i')";
}

}  // namespace

void ask_routines(const Inspection& inspection, std::vector<Question>& questions) {
  questions.push_back({routines_question(inspection), read_routine});
  questions.push_back({aggregates_question(inspection), read_aggregate});
  questions.push_back({operators_question(inspection), read_operator});
  questions.push_back({casts_question(), read_cast});
}

}  // namespace sterna::postgres
