// What must hold for any text.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "sql/classify.hpp"
#include "sql/script.hpp"
#include "sql/splitter.hpp"
#include "support.hpp"

namespace sterna {
namespace {

rc::Gen<Language> any_language() {
  return rc::gen::elementOf(
      std::vector<Language>(std::begin(sql_languages), std::end(sql_languages)));
}

/// Statements that are whole in every language, with semicolons wherever they may hide.
rc::Gen<std::string> any_statement() {
  const auto part = rc::gen::elementOf(std::vector<std::string>{
      "a", "42", "'x;y'", "'it''s;'", "\"q;\"", "(1, 2)", "/* c; */", "-- c;\n", "\n", "\r\n", "+",
      "begin", "end", "case", "é", "<>", "''"});
  const auto first = rc::gen::elementOf(
      std::vector<std::string>{"SELECT", "INSERT", "update", "VACUUM", "\"x\"", "7"});
  return rc::gen::apply(
      [](const std::string& word, const std::vector<std::string>& parts) {
        std::string statement = word;
        for (const std::string& next : parts) statement += " " + next;
        return statement + " z";
      },
      first, rc::gen::container<std::vector<std::string>>(part));
}

/// Text made of what the lexers care about.
rc::Gen<std::string> any_text() {
  const auto part = rc::gen::elementOf(std::vector<std::string>{"'",
                                                                "\"",
                                                                "`",
                                                                "[",
                                                                "]",
                                                                "$",
                                                                "$$",
                                                                "$a$",
                                                                "\\",
                                                                "--",
                                                                "-- ",
                                                                "#",
                                                                "//",
                                                                "/*",
                                                                "*/",
                                                                "/*!50100",
                                                                "/*M!",
                                                                "/*+",
                                                                ";",
                                                                ";;",
                                                                "\n",
                                                                "\r\n",
                                                                " ",
                                                                "(",
                                                                ")",
                                                                "{",
                                                                "}",
                                                                "BEGIN",
                                                                "END",
                                                                "ATOMIC",
                                                                "CASE",
                                                                "IF",
                                                                "THEN",
                                                                "LOOP",
                                                                "CREATE ",
                                                                "PROCEDURE ",
                                                                "FUNCTION ",
                                                                "TRIGGER ",
                                                                "PACKAGE ",
                                                                "DELIMITER ",
                                                                "DELIMITER //\n",
                                                                "COPY t FROM stdin;",
                                                                "\n\\.\n",
                                                                "\\d",
                                                                "E'",
                                                                "U&'",
                                                                "x'",
                                                                "sterna:",
                                                                "-- sterna:up\n",
                                                                "-- sterna:down\n",
                                                                "ALTER TABLE ",
                                                                "ADD ",
                                                                "DROP ",
                                                                "RENAME ",
                                                                "TO ",
                                                                ",",
                                                                ".",
                                                                ":",
                                                                "::",
                                                                ":a",
                                                                "@",
                                                                "@@",
                                                                "?",
                                                                "1",
                                                                ".5",
                                                                "1e",
                                                                "a",
                                                                "é",
                                                                "\xEF\xBB\xBF",
                                                                "\xFF",
                                                                "R\"x(",
                                                                "'\\",
                                                                "AS ",
                                                                "DECLARE ",
                                                                "HANDLER ",
                                                                "FOR ",
                                                                "BATCH",
                                                                "APPLY "});
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(part),
                      [](const std::vector<std::string>& parts) {
                        std::string text;
                        for (const std::string& next : parts) text += next;
                        text += std::string(text.size() % 3 == 1 ? 1 : 0, '\0');
                        return text;
                      });
}

std::size_t offset_of(std::string_view text, const SourcePosition& position) {
  std::size_t start = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (int line = 1; line < position.line; ++line) start = text.find('\n', start) + 1;
  return start + static_cast<std::size_t>(position.column) - 1;
}

TEST(SplitterProperties, JoinedStatementsSplitBack) {
  EXPECT_TRUE(rc::check([] {
    const Language language = *any_language();
    const auto statements = *rc::gen::container<std::vector<std::string>>(any_statement());
    std::string script;
    for (const std::string& statement : statements) script += statement + ";";
    std::vector<std::string> split;
    for (const Statement& statement : split_statements(script, language))
      split.push_back(statement.sql);
    RC_ASSERT(split == statements);
  }));
}

TEST(SplitterProperties, PositionsPointAtTheText) {
  EXPECT_TRUE(rc::check([] {
    const Language language = *any_language();
    const std::string text = *any_text();
    std::vector<Statement> statements;
    try {
      statements = split_statements(text, language);
    } catch (const Error& error) {
      RC_ASSERT(error.kind() == ErrorKind::syntax);
      RC_ASSERT(offset_of(text, error.position()) < text.size());
      return;
    }
    for (const Statement& statement : statements) {
      RC_ASSERT(!statement.sql.empty());
      RC_ASSERT(text.substr(offset_of(text, statement.position), statement.sql.size()) ==
                statement.sql);
    }
  }));
}

TEST(SplitterProperties, AnyBytesAreReadOrRefused) {
  EXPECT_TRUE(rc::check([] {
    const Language language = *any_language();
    const std::string text = *any_text();
    (void)classify(text, language);
    (void)token_hash(text, language);
    (void)token_hash(text, Language::cpp);
    try {
      const Script script = parse_script(text, language);
      RC_ASSERT(script.up.text.size() + script.down.text.size() <= text.size());
    } catch (const Error& error) {
      RC_ASSERT(error.kind() == ErrorKind::validation);
    }
  }));
}

TEST(TokenHashProperties, WhiteSpaceBetweenTokensDoesNotCount) {
  EXPECT_TRUE(rc::check([] {
    const Language language = *any_language();
    const auto statements = *rc::gen::container<std::vector<std::string>>(any_statement());
    std::string dense, loose;
    for (const std::string& statement : statements) {
      dense += statement + ";";
      loose += "\n\t" + statement + " -- note\r\n ; /* more */";
    }
    RC_ASSERT(token_hash(dense, language) == token_hash(loose, language));
  }));
}

}  // namespace
}  // namespace sterna
