#include "program/rename_hints.hpp"

#include "base/text.hpp"
#include "migration/meta.hpp"
#include "sql/classify.hpp"
#include "sql/position.hpp"
#include "sql/scanner.hpp"
#include "sql/token_cursor.hpp"

#include <algorithm>
#include <optional>

namespace sterna::detail {
namespace {

using sql::is_word;
using sql::Token;
using sql::TokenKind;

/// The comment behind its opening.
std::string_view text_of_comment(std::string_view comment) {
  comment.remove_prefix(comment.starts_with('#') ? 1 : 2);
  return trim(comment);
}

/// "was old_name" of `sterna:was old_name`; nothing for other comments.
std::optional<std::string_view> directive_of(const Token& token) {
  constexpr std::string_view start = "sterna:";
  if (token.kind != TokenKind::line_comment) return std::nullopt;
  const std::string_view text = text_of_comment(token.text);
  if (!text.starts_with(start)) return std::nullopt;
  return text.substr(start.size());
}

/// A hint as it was met, with what stands around it.
struct Note {
  std::string_view was;
  std::size_t offset = 0;
  std::size_t line = 0;
  std::size_t before = 0;  ///< tokens of the statement that stand before it
  bool alone = false;      ///< no token before it on its line
};

/// A thing within the parentheses of CREATE TABLE or CREATE TYPE: from its first to its last token.
struct Item {
  std::size_t first = 0, last = 0;
};

class HintReader {
 public:
  HintReader(std::string_view text, Language language, std::string_view file)
      : scanner_(text, language), language_(language), positions_(text, file, 1) {}

  std::vector<RenameHint> run() {
    for (Token token = scanner_.next(); token.kind != TokenKind::end; token = scanner_.next()) {
      const std::size_t line = line_of(token);
      if (const auto directive = directive_of(token)) {
        if (!scanner_.inside_body()) note(token, *directive, line);
      } else if (token.kind == TokenKind::terminator) {
        ended_line_ = line;
        end_statement();
      } else if (!token.is_comment() && token.kind != TokenKind::copy_data) {
        tokens_.push_back(token);
        lines_.push_back(line);
      }
    }
    end_statement();
    finish_trailing();
    if (!notes_.empty()) fail(notes_.front(), "it stands behind everything");
    return std::move(hints_);
  }

 private:
  void note(const Token& token, std::string_view directive, std::size_t line) {
    const std::size_t space = std::min(directive.find_first_of(" \t"), directive.size());
    const std::string key(directive.substr(0, space));
    Note note{trim(directive.substr(space)), scanner_.offset_of(token), line, tokens_.size(),
              lines_.empty() ? ended_line_ != line : lines_.back() != line};
    if (key != "was") return known(key, note);
    if (note.was.empty()) fail(note, "the old name is missing");
    // Behind the `;` of a statement that ended on this line.
    if (tokens_.empty() && !note.alone)
      trailing_.push_back(note);
    else
      notes_.push_back(note);
  }

  /// What a migration may say is nothing here, but a slip of the pen would lose rows.
  void known(const std::string& key, const Note& note) {
    if (key == "up" || key == "down") return;
    std::vector<std::string> names{"was"};
    for (const DirectiveHelp& help : directive_help()) names.emplace_back(help.key);
    if (std::find(names.begin(), names.end(), key) != names.end()) return;
    Error error(ErrorKind::validation, "unknown directive '-- sterna:" + key + "'");
    error.at(positions_.at(note.offset)).with_state("nothing was changed");
    for (const std::string& near : near_misses(key, names, 1))
      error.suggest("did you mean '-- sterna:" + near + "'?");
    throw error;
  }

  std::size_t line_of(const Token& token) {
    const std::string_view text = scanner_.text();
    const std::size_t offset = scanner_.offset_of(token);
    line_ += static_cast<std::size_t>(
        std::count(text.begin() + static_cast<std::ptrdiff_t>(counted_),
                   text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
    counted_ = offset;
    return line_;
  }

  // ---- statements ----

  /// The statement that ended before this one takes the hints that stood behind its `;`.
  void finish_trailing() {
    for (const Note& note : trailing_) {
      if (last_.empty()) fail(note, "it stands behind a statement that makes nothing");
      add(last_, note);
    }
    trailing_.clear();
  }

  void end_statement() {
    if (tokens_.empty()) return;
    finish_trailing();
    const char* begin = tokens_.front().text.data();
    const char* end = tokens_.back().text.data() + tokens_.back().text.size();
    const std::string_view sql(begin, static_cast<std::size_t>(end - begin));
    const StatementSummary summary = classify(sql, language_);
    last_ = target_of(summary);
    if (!notes_.empty()) give_notes(summary);
    notes_.clear();
    tokens_.clear();
    lines_.clear();
  }

  struct Target {
    Rename::Kind kind = Rename::Kind::column;
    model::Name owner;
    std::string part;
    bool empty() const { return owner.name.empty(); }
  };

  static model::Name name_of(const ObjectName& name) { return {name.schema, name.name}; }

  static Target target_of(const StatementSummary& summary) {
    using Action = AlterAction::Kind;
    if (summary.verb == Verb::create && summary.object == "TABLE")
      return {Rename::Kind::column, name_of(summary.name), {}};
    if (summary.verb == Verb::create && summary.object == "INDEX")
      return {Rename::Kind::index, name_of(summary.table), summary.name.name};
    if (summary.verb == Verb::create && summary.object == "TYPE")
      return {Rename::Kind::enumeration, name_of(summary.name), {}};
    if (summary.verb == Verb::alter && summary.object == "TABLE" && summary.actions.size() == 1) {
      const AlterAction& action = summary.actions.front();
      switch (action.kind) {
        case Action::add_column:
          return {Rename::Kind::column, name_of(summary.name), action.name};
        case Action::add_index:
          return {Rename::Kind::index, name_of(summary.name), action.name};
        case Action::add_primary_key:
        case Action::add_foreign_key:
        case Action::add_check:
        case Action::add_constraint_other:
          if (action.name.empty()) return {};
          return {Rename::Kind::constraint, name_of(summary.name), action.name};
        default:
          break;
      }
    }
    return {};
  }

  void give_notes(const StatementSummary& summary) {
    const std::vector<Item> items = items_of(summary);
    for (const Note& note : notes_) {
      const bool inside = !items.empty() && note.before > items.front().first - 1;
      if (!inside || (note.before <= items.front().first && !note.alone)) {
        if (last_.empty())
          fail(note, "it stands before a statement that makes no table, column, index or type");
        add(last_, note);
      } else {
        add(target_of(item_at(items, note), summary), note);
      }
    }
  }

  /// What stands between the commas of the first parentheses.
  std::vector<Item> items_of(const StatementSummary& summary) const {
    std::vector<Item> items;
    const bool lists =
        summary.verb == Verb::create && (summary.object == "TABLE" || summary.object == "TYPE");
    if (!lists) return items;
    int depth = 0;
    std::size_t first = 0;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const Token& token = tokens_[i];
      const bool closes = token.is(')');
      if (token.is('(') && ++depth == 1) first = i + 1;
      if ((closes || token.is(',')) && depth == 1) {
        if (i > first) items.push_back({first, i - 1});
        first = i + 1;
      }
      if (closes && --depth == 0) break;
    }
    return items;
  }

  /// Alone on its line a hint is for what comes next, else for what begins on its line.
  Item item_at(const std::vector<Item>& items, const Note& note) {
    if (note.alone) {
      for (const Item& item : items) {
        if (item.first >= note.before) return item;
      }
      fail(note, "nothing follows it in these parentheses");
    }
    std::vector<Item> here;
    for (const Item& item : items) {
      if (item.first < note.before && lines_[item.first] == note.line) here.push_back(item);
    }
    if (here.empty()) {  // an item of several lines, whose last it is
      for (const Item& item : items) {
        if (item.first < note.before && lines_[item.last] == note.line) here.push_back(item);
      }
    }
    if (here.size() != 1)
      fail(note, "several things stand on this line; put each on a line of its own");
    return here.front();
  }

  Target target_of(const Item& item, const StatementSummary& summary) const {
    const Token& head = tokens_[item.first];
    const model::Name owner = name_of(summary.name);
    if (summary.object == "TYPE") return {Rename::Kind::enumeration, owner, unquoted(head)};
    const auto next = [&](std::size_t ahead) {
      return item.first + ahead <= item.last ? tokens_[item.first + ahead] : Token{};
    };
    if (is_word(head, "CONSTRAINT")) return {Rename::Kind::constraint, owner, unquoted(next(1))};
    const auto any_of = [](const Token& token, std::initializer_list<std::string_view> words) {
      return std::any_of(words.begin(), words.end(),
                         [&](std::string_view word) { return is_word(token, word); });
    };
    if (sql::traits_of(language_).alters_keys &&
        any_of(head, {"KEY", "INDEX", "UNIQUE", "FULLTEXT", "SPATIAL"})) {
      std::size_t at = 1;
      while (any_of(next(at), {"KEY", "INDEX"})) ++at;
      if (next(at).kind == TokenKind::word || next(at).kind == TokenKind::quoted_identifier)
        return {Rename::Kind::index, owner, unquoted(next(at))};
      return {};
    }
    if (any_of(head, {"PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "LIKE"})) return {};
    return {Rename::Kind::column, owner, unquoted(head)};
  }

  void add(const Target& target, const Note& note) {
    if (target.empty()) fail(note, "what it stands at has no name");
    sql::TokenCursor cursor(note.was, language_);
    const ObjectName was = cursor.name();
    if (was.name.empty() || !cursor.at_end())
      fail(note, "'" + std::string(note.was) + "' is no name (quote one with spaces)");
    RenameHint hint{target.kind, target.owner, target.part, was.name, positions_.at(note.offset)};
    if (!was.schema.empty()) {
      if (!target.part.empty() && target.kind != Rename::Kind::index)
        fail(note, "'" + std::string(note.was) + "' has a dot; write the old name alone");
      if (!target.owner.schema.empty() && target.owner.schema != was.schema)
        fail(note, "nothing can be renamed into another schema");
    }
    for (const RenameHint& other : hints_) {
      if (other.kind == hint.kind && other.owner == hint.owner && other.part == hint.part)
        fail(note, "a hint for this stands at line " + std::to_string(other.position.line));
    }
    hints_.push_back(std::move(hint));
  }

  [[noreturn]] void fail(const Note& note, const std::string& why) {
    throw Error(ErrorKind::validation,
                "the hint '-- sterna:was " + std::string(note.was) + "' cannot be followed: " + why)
        .at(positions_.at(note.offset))
        .with_state("nothing was changed")
        .suggest(
            "put it on the line above a CREATE TABLE, CREATE INDEX or CREATE TYPE, above or beside "
            "a column or named constraint of CREATE TABLE, or above or beside a value of an enum");
  }

  sql::Scanner scanner_;
  Language language_;
  sql::PositionCounter positions_;
  std::vector<Token> tokens_;       // of the statement
  std::vector<std::size_t> lines_;  // of its tokens
  std::size_t line_ = 1, counted_ = 0;
  std::size_t ended_line_ = 0;  // where the last statement ended
  std::vector<Note> notes_, trailing_;
  Target last_;  // what the last statement makes
  std::vector<RenameHint> hints_;
};

// ---- looking up ----

/// By the very name or, as servers fold names that are not quoted, by the same in another case.
template <class Items, class NameOf>
std::optional<std::string> find_folded(const Items& items, std::string_view wanted,
                                       NameOf name_of_item) {
  std::optional<std::string> folded;
  for (const auto& item : items) {
    const std::string& name = name_of_item(item);
    if (name == wanted) return name;
    if (equals_ignoring_case(name, wanted)) folded = name;
  }
  return folded;
}

constexpr auto own_name = [](const auto& item) -> const std::string& { return item.name; };

class Lookup {
 public:
  explicit Lookup(const model::Model& model) : model_(model) {}

  /// Names of the default schema stand without it.
  model::Name bare(model::Name name) const {
    if (equals_ignoring_case(name.schema, model_.default_schema)) name.schema.clear();
    return name;
  }
  const model::Table* table(const model::Name& name) const { return find(model_.tables, name); }
  const model::EnumType* enumeration(const model::Name& name) const {
    return find(model_.enums, name);
  }
  /// The part's name as the model spells it.
  static std::optional<std::string> part(const model::Table& table, const RenameHint& hint,
                                         std::string_view name) {
    if (hint.kind == Rename::Kind::column) return find_folded(table.columns, name, own_name);
    for (const auto& found :
         {find_folded(table.indexes, name, own_name), find_folded(table.uniques, name, own_name),
          find_folded(table.foreign_keys, name, own_name),
          find_folded(table.checks, name, own_name),
          find_folded(table.exclusions, name, own_name)}) {
      if (found) return found;
    }
    if (table.primary_key && equals_ignoring_case(table.primary_key->name, name))
      return table.primary_key->name;
    return std::nullopt;
  }

 private:
  template <class Items>
  const typename Items::value_type* find(const Items& items, const model::Name& wanted) const {
    const model::Name name = bare(wanted);
    const typename Items::value_type* folded = nullptr;
    for (const auto& item : items) {
      if (item.name == name) return &item;
      if (equals_ignoring_case(item.name.text(), name.text())) folded = &item;
    }
    return folded;
  }
  const model::Model& model_;
};

[[noreturn]] void refuse(const RenameHint& hint, const std::string& why) {
  throw Error(ErrorKind::validation, "the hint '-- sterna:was " + hint.was + "': " + why)
      .at(hint.position)
      .with_state("nothing was changed");
}

/// The old name must not stand for something else beside the new one.
void refuse_if_used(const RenameHint& hint, bool used, const std::string& now) {
  if (used)
    refuse(hint, hint.was + " is still there beside " + now + ": only one can be what it was");
}

std::optional<std::string> value_of(const model::EnumType& type, std::string_view value) {
  const auto found = std::find(type.values.begin(), type.values.end(), value);
  return found == type.values.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::vector<RenameHint> read_rename_hints(std::string_view text, Language language,
                                          std::string_view file) {
  if (text.find("sterna:") == std::string_view::npos) return {};
  return HintReader(text, language, file).run();
}

std::vector<Rename> renames_of(const std::vector<RenameHint>& hints, const model::Model& model) {
  const Lookup lookup(model);
  std::vector<Rename> renames;
  std::vector<std::pair<const void*, model::Name>> old_owners;
  for (const RenameHint& hint : hints) {
    if (!hint.part.empty()) continue;
    const bool is_enum = hint.kind == Rename::Kind::enumeration;
    const model::Table* table = is_enum ? nullptr : lookup.table(hint.owner);
    const model::EnumType* type = is_enum ? lookup.enumeration(hint.owner) : nullptr;
    if (table == nullptr && type == nullptr) {
      refuse(hint, hint.owner.text() + (is_enum ? " is no enum type of this schema"
                                                : " is no table of this schema"));
    }
    const model::Name now = is_enum ? type->name : table->name;
    const model::Name was(now.schema, hint.was);
    if (was == now) refuse(hint, "that is its name");
    const auto other = [](const auto* found, const auto* here) {
      return found != nullptr && found != here;
    };
    refuse_if_used(hint,
                   is_enum ? other(lookup.enumeration(was), type) : other(lookup.table(was), table),
                   now.text());
    old_owners.emplace_back(is_enum ? static_cast<const void*>(type) : table, was);
    renames.push_back({was, {}, now.name, hint.kind});
  }
  const auto owner_was = [&](const void* owner, const model::Name& now) {
    const auto found = std::find_if(old_owners.begin(), old_owners.end(),
                                    [&](const auto& entry) { return entry.first == owner; });
    return found == old_owners.end() ? now : found->second;
  };
  for (const RenameHint& hint : hints) {
    if (hint.part.empty()) continue;
    if (hint.kind == Rename::Kind::enumeration) {
      const model::EnumType* type = lookup.enumeration(hint.owner);
      if (type == nullptr) refuse(hint, hint.owner.text() + " is no enum type of this schema");
      if (!value_of(*type, hint.part)) refuse(hint, hint.part + " is none of its values");
      refuse_if_used(hint, value_of(*type, hint.was).has_value(), hint.part);
      renames.push_back({owner_was(type, type->name), hint.was, hint.part, hint.kind});
      continue;
    }
    const model::Table* table = lookup.table(hint.owner);
    if (table == nullptr) refuse(hint, hint.owner.text() + " is no table of this schema");
    const auto now = Lookup::part(*table, hint, hint.part);
    if (!now) refuse(hint, table->name.text() + " has no " + hint.part);
    if (*now == hint.was) refuse(hint, "that is its name");
    const auto old = Lookup::part(*table, hint, hint.was);
    refuse_if_used(hint, old && *old != *now, *now);
    renames.push_back({owner_was(table, table->name), hint.was, *now, hint.kind});
  }
  return renames;
}

}  // namespace sterna::detail
