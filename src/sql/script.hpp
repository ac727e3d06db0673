// A migration script: its directives (`-- sterna:key value`) and its two directions. Knows the
// on-disk format, not what it is for.
#pragma once

#include "sql/language.hpp"
#include "sql/statement.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// A file of statements by its name: NAME.sql or NAME.cql.
inline bool is_script_name(std::string_view file_name) {
  return file_name.ends_with(".sql") || file_name.ends_with(".cql");
}

/// `-- sterna:key value`. Keys are checked by whoever reads them; the parser only refuses malformed
/// ones.
struct Directive {
  std::string key;
  std::string value;
  SourcePosition position;
  bool operator==(const Directive&) const = default;
};

/// A part of a script: text and where it starts in the file, so that positions survive splitting.
struct ScriptPart {
  bool present = false;   ///< a marker (or, for up, any statement) was there
  std::string_view text;  ///< points into the text given to parse_script
  int first_line = 1;
};

struct Script {
  std::vector<Directive> directives;  ///< of the head and of either part, in order; `up` and `down`
                                      ///< markers are not among them
  ScriptPart up;
  ScriptPart down;
};

/// Reads markers and directives. They are recognised in `--` line comments (also `#` in MySQL, `//`
/// in CQL) that stand alone on a line, outside quotes and bodies. Text without any marker is the up
/// direction. Markers of other tools are accepted as the same: goose `-- +goose Up/Down`
/// (StatementBegin/End ignored, `-- +goose NO TRANSACTION` = transaction none), dbmate
/// `-- migrate:up [transaction:false]` / `-- migrate:down`, sql-migrate `-- +migrate Up
/// [notransaction]` / `Down`.
/// @throws Error(validation) with position: a marker twice, down before up, text before the first
/// marker, malformed directive.
Script parse_script(std::string_view text, Language language, std::string_view file = {});

/// Hex SHA-256 over the tokens of `text`: white space, line ends, comments, a BOM and a missing
/// final newline do not count; everything else does. Directives (`sterna:` comments) do count.
/// `cpp` reads C++ tokens. Never throws on broken text: what cannot be tokenised is hashed as it
/// is.
std::string token_hash(std::string_view text, Language language);

/// Version of the algorithm of token_hash, stored beside each hash so that it can improve without
/// invalidating history.
inline constexpr int token_hash_algorithm = 1;

}  // namespace sterna
