#include "diagram/dbml_values.hpp"

#include "base/text.hpp"
#include "diagram/dbml_words.hpp"

namespace sterna::diagram {

using model::Name;

std::string read_dbml_type(DbmlCursor& cursor) {
  if (cursor.now().kind == DbmlTokenKind::quoted) {
    if (cursor.now().text.empty()) cursor.fail(cursor.now(), "the type is empty");
    std::string text = cursor.take().text;
    if (cursor.take_sign(".")) text = sql_spelling({text, cursor.name_part("the type's name")});
    return text;
  }
  const std::size_t begin = cursor.now().begin;
  std::size_t end = cursor.now().end;
  cursor.name_part("a type");
  while (cursor.now().is_sign(".")) {
    cursor.take();
    if (cursor.now().kind != DbmlTokenKind::word) {
      const Name name{cursor.between(begin, end), cursor.name_part("a type")};
      return sql_spelling(name);
    }
    end = cursor.take().end;
  }
  if (cursor.now().is_sign("(")) {
    const DbmlToken& open = cursor.now();
    while (!cursor.now().is_sign(")")) {
      if (cursor.now().kind == DbmlTokenKind::end || cursor.now().first_on_line)
        cursor.fail(open, "the type's arguments are not closed with )");
      cursor.take();
    }
    end = cursor.take().end;
  }
  while (cursor.now().is_sign("[") && cursor.now().begin == end) {
    const DbmlToken& inside = cursor.after();
    if (!inside.is_sign("]") && !is_dbml_number(inside.text)) break;
    cursor.take();
    if (!cursor.now().is_sign("]")) cursor.take();
    end = cursor.now().end;
    cursor.expect("]");
  }
  return cursor.between(begin, end);
}

model::Default read_dbml_default(DbmlCursor& cursor) {
  using Literal = model::Default::Literal;
  const DbmlToken& token = cursor.now();
  if (token.kind == DbmlTokenKind::expression) {
    std::string text = cursor.expression();
    if (equals_ignoring_case(trim(text), "now()"))
      return {model::Default::Kind::now, "", Literal::string};
    return {model::Default::Kind::expression, std::move(text), Literal::string};
  }
  if (token.kind == DbmlTokenKind::string)
    return {model::Default::Kind::literal, cursor.take().text, Literal::string};
  std::string sign;
  if (token.is_sign("-") || token.is_sign("+")) sign = cursor.take().text == "-" ? "-" : "";
  const std::string word = to_lower(cursor.now().text);
  if (cursor.now().kind == DbmlTokenKind::word && is_dbml_number(cursor.now().text))
    return {model::Default::Kind::literal, sign + cursor.take().text, Literal::number};
  if (cursor.now().kind == DbmlTokenKind::word && sign.empty()) {
    if (word == "null") {
      cursor.take();
      return {model::Default::Kind::literal, "", Literal::null};
    }
    if (word == "true" || word == "false") {
      cursor.take();
      return {model::Default::Kind::literal, word, Literal::boolean};
    }
  }
  cursor.fail(cursor.now(),
              "a default is a number, true, false, null, a text between ' or an expression "
              "between `, not " +
                  cursor.shown(cursor.now()));
}

std::string read_dbml_reference_sign(DbmlCursor& cursor) {
  for (const char* sign : {"<>", "<", ">", "-"}) {
    if (cursor.take_sign(sign)) return sign;
  }
  cursor.fail(cursor.now(), "one of < > - <> is missing before " + cursor.shown(cursor.now()));
}

model::ReferentialAction read_dbml_action(DbmlCursor& cursor) {
  const DbmlToken& first = cursor.now();
  std::string words = to_lower(cursor.name_part("an action"));
  while (cursor.now().kind == DbmlTokenKind::word && !cursor.now().first_on_line)
    words += " " + to_lower(cursor.take().text);
  if (words == "cascade") return model::ReferentialAction::cascade;
  if (words == "restrict") return model::ReferentialAction::restrict_;
  if (words == "set null") return model::ReferentialAction::set_null;
  if (words == "set default") return model::ReferentialAction::set_default;
  if (words == "no action") return model::ReferentialAction::no_action;
  cursor.fail(first, "“" + words + "” is no action",
              {"cascade", "restrict", "set null", "set default", "no action"});
}

DbmlEndpoint read_dbml_endpoint(DbmlCursor& cursor) {
  DbmlEndpoint result;
  const DbmlToken& first = cursor.now();
  result.place = place_of(first);
  std::vector<std::string> parts = {cursor.name_part("a table")};
  while (cursor.take_sign(".")) {
    if (cursor.take_sign("(")) {
      do {
        result.columns.push_back(cursor.name_part("a column"));
      } while (cursor.take_sign(","));
      cursor.expect(")");
      break;
    }
    parts.push_back(cursor.name_part("a column"));
  }
  if (result.columns.empty()) {
    result.columns.push_back(parts.back());
    parts.pop_back();
  }
  if (parts.empty() || parts.size() > 2)
    cursor.fail(first, "a reference names table.column or schema.table.column");
  result.table = parts.size() == 2 ? Name{parts[0], parts[1]} : Name{std::string(), parts[0]};
  return result;
}

}  // namespace sterna::diagram
