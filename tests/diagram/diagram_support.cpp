#include "diagram/diagram_support.hpp"

#include "base/file.hpp"
#include "database/registry.hpp"
#include "model/json.hpp"

#include <sterna/error.hpp>

#include <algorithm>
#include <set>

namespace sterna::test {

std::filesystem::path golden_folder() {
  return std::filesystem::path(STERNA_SOURCE_DIR) / "tests" / "diagram" / "golden";
}

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(golden_folder()))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

model::Model golden_model(const std::string& name) {
  const auto text = read_file_if_exists(golden_folder() / name / "schema.json");
  return model::from_json(text.value_or(""));
}

diagram::TypeSpelling spelling_for(const model::Model& model) {
  const auto all = engines();
  const bool is_known = std::any_of(all.begin(), all.end(), [&](const Engine& engine) {
    return engine.dialect().name() == model.dialect;
  });
  if (!is_known) return [](const model::Type& type) { return type.name; };
  const Dialect& dialect = dialect_named(model.dialect);
  const ServerInfo server{model.product, {}, model.version};
  return [&dialect, server](const model::Type& type) { return dialect.type_name(type, server); };
}

namespace {

class XmlReader {
 public:
  explicit XmlReader(std::string_view text) : text_(text) {}

  std::string read() {
    if (!next_is("<")) return fail("no element");
    element();
    while (!open_.empty() && wrong_.empty()) {
      if (at_ >= text_.size()) return fail("<" + open_.back() + "> is not closed");
      if (next_is("</"))
        close();
      else if (next_is("<"))
        element();
      else
        letters("<");
    }
    if (wrong_.empty() &&
        text_.substr(std::min(at_, text_.size())).find_first_not_of("\n") != std::string_view::npos)
      return fail("something after the end");
    return wrong_;
  }

 private:
  bool next_is(std::string_view what) const {
    return at_ < text_.size() && text_.substr(at_).starts_with(what);
  }
  std::string fail(const std::string& what) {
    if (wrong_.empty()) wrong_ = what + " at byte " + std::to_string(at_);
    at_ = text_.size();
    return wrong_;
  }
  void spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  std::string name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
                                  std::string_view("-_:").find(text_[at_]) != std::string::npos))
      ++at_;
    if (begin == at_) fail("no name");
    return std::string(text_.substr(begin, at_ - begin));
  }

  void element() {
    ++at_;
    const std::string tag = name();
    std::set<std::string> attributes;
    while (wrong_.empty()) {
      const std::size_t before = at_;
      spaces();
      if (next_is("/>")) {
        at_ += 2;
        return;
      }
      if (next_is(">")) {
        ++at_;
        open_.push_back(tag);
        return;
      }
      if (before == at_) fail("no space before an attribute");
      if (!attributes.insert(name()).second) fail("an attribute twice");
      if (!next_is("=\"")) fail("no =\" after an attribute's name");
      at_ += 2;
      letters("\"");
      ++at_;
    }
  }

  void close() {
    at_ += 2;
    const std::string tag = name();
    if (!next_is(">") || open_.back() != tag) fail("</" + tag + "> closes <" + open_.back() + ">");
    ++at_;
    open_.pop_back();
  }

  /// Text up to a sign that ends it.
  void letters(std::string_view end) {
    while (at_ < text_.size() && !next_is(end)) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '<') fail("< in a text");
      if (c < ' ' && c != '\n' && c != '\t') fail("a control sign");
      if (c == '&' && !is_entity()) fail("& without an entity");
      ++at_;
    }
  }
  bool is_entity() const {
    const auto all = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#"};
    return std::any_of(all.begin(), all.end(), [&](const char* each) { return next_is(each); });
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
  std::string wrong_;
};

}  // namespace

std::string what_is_wrong_with_xml(std::string_view text) { return XmlReader(text).read(); }

}  // namespace sterna::test
