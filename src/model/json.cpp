#include "model/json.hpp"

#include "base/text.hpp"
#include "model/json_fields.hpp"
#include "model/json_tree.hpp"

#include <sterna/error.hpp>

#include <algorithm>
#include <limits>
#include <type_traits>

namespace sterna::model {
namespace {

using json::Node;

[[noreturn]] void fail(const std::string& path, const std::string& what,
                       std::vector<std::string> suggestions = {}) {
  Error error(ErrorKind::validation, path.empty() ? what : path + ": " + what);
  for (std::string& suggestion : suggestions) error.suggest(std::move(suggestion));
  throw error.with_object(path);
}

std::string_view kind_words(Node::Kind kind) {
  static constexpr std::string_view words[] = {
      "null", "true or false", "a whole number", "a number", "a text", "a list", "an object"};
  return words[static_cast<std::size_t>(kind)];
}

/// The names of a struct's members, for the refusal of others.
struct NameCollector {
  std::vector<std::string> names;
  template <class Member>
  void operator()(std::string_view name, Member) {
    names.emplace_back(name);
  }
  template <class Member>
  void required(std::string_view name, Member) {
    names.emplace_back(name);
  }
};

class Reader {
 public:
  void document(const Node& root, Model& model) {
    expect(root, Node::Kind::object);
    check_version(root);
    read(root, model);
  }

 private:
  template <class Struct>
  struct MemberReader {
    Reader& in;
    const Node& node;
    Struct& value;
    std::size_t found = 0;

    template <class T>
    bool operator()(std::string_view name, T Struct::*member) {
      // Most texts have their members in this order.
      const auto& members = node.members;
      for (std::size_t i = 0; i < members.size(); ++i) {
        const auto& [key, content] = members[(found + i) % members.size()];
        if (key != name) continue;
        ++found;
        in.path_.push_back({key, 0});
        in.read(content, value.*member);
        in.path_.pop_back();
        return true;
      }
      return false;
    }
    template <class T>
    void required(std::string_view name, T Struct::*member) {
      if ((*this)(name, member)) return;
      in.refuse_unknown<Struct>(node);  // most often it is the missing one, misspelt
      in.path_.push_back({name, 0});
      in.wrong("is missing");
    }
  };

  struct Step {
    std::string_view member;  ///< empty: an item of a list
    std::size_t index;
  };

  std::string path() const {
    std::string result;
    for (const Step& step : path_) {
      if (step.member.empty()) {
        result += "[" + std::to_string(step.index) + "]";
      } else {
        result += (result.empty() ? "" : ".") + std::string(step.member);
      }
    }
    return result;
  }

  [[noreturn]] void wrong(const std::string& what, std::vector<std::string> suggestions = {}) {
    fail(path(), what, std::move(suggestions));
  }

  void expect(const Node& node, Node::Kind kind) {
    if (node.kind == kind) return;
    const bool whole = path_.empty();
    wrong((whole ? "a model is " : "is to be ") + std::string(kind_words(kind)) + ", and this is " +
          std::string(kind_words(node.kind)));
  }

  void check_version(const Node& root) {
    for (const auto& [key, value] : root.members) {
      if (key != "sterna_model") continue;
      path_.push_back({key, 0});
      expect(value, Node::Kind::integer);
      if (value.integer < 1) wrong("there is no version " + std::to_string(value.integer));
      if (value.integer > json_version) {
        wrong("version " + std::to_string(value.integer) +
                  " was written by a newer Sterna; this one reads up to version " +
                  std::to_string(json_version),
              {"use the Sterna that wrote it, or a newer one",
               "write it again with this one, from the database itself"});
      }
      path_.pop_back();
      return;
    }
    wrong("this is no model of Sterna: it has no member \"sterna_model\"",
          {"a model begins with \"sterna_model\": " + std::to_string(json_version)});
  }

  template <class Struct>
  void refuse_unknown(const Node& node) {
    NameCollector known;
    Fields<Struct>::members(known);
    for (const auto& [key, value] : node.members) {
      if (std::is_same_v<Struct, Model> && key == "sterna_model") continue;
      if (std::find(known.names.begin(), known.names.end(), key) != known.names.end()) continue;
      std::vector<std::string> suggestions;
      for (const std::string& near : near_misses(key, known.names, 1))
        suggestions.push_back("did you mean " + near);
      suggestions.push_back("the members are " + join(known.names, ", "));
      path_.push_back({key, 0});
      wrong("there is no such member", std::move(suggestions));
    }
  }

  template <Described Struct>
  void read(const Node& node, Struct& value) {
    if constexpr (is_name<Struct>) {
      if (node.kind == Node::Kind::string) {
        value.name = node.text;
        return;
      }
    }
    expect(node, Node::Kind::object);
    MemberReader<Struct> reader{*this, node, value};
    Fields<Struct>::members(reader);
    const std::size_t version = std::is_same_v<Struct, Model> ? 1 : 0;
    if (reader.found + version != node.members.size()) refuse_unknown<Struct>(node);
  }
  template <class T>
  void read(const Node& node, std::vector<T>& values) {
    expect(node, Node::Kind::array);
    values.resize(node.items.size());
    path_.push_back({{}, 0});
    for (std::size_t i = 0; i < values.size(); ++i) {
      path_.back().index = i;
      read(node.items[i], values[i]);
    }
    path_.pop_back();
  }
  void read(const Node& node, std::map<std::string, std::string>& values) {
    expect(node, Node::Kind::object);
    for (const auto& [key, value] : node.members) {
      path_.push_back({key, 0});
      read(value, values[key]);
      path_.pop_back();
    }
  }
  template <class T>
  void read(const Node& node, std::optional<T>& value) {
    read(node, value.emplace());
  }
  void read(const Node& node, Dependencies& value) { read(node, value.keys); }
  void read(const Node& node, DroppedColumns& value) { read(node, value.columns); }
  void read(const Node& node, std::string& value) {
    expect(node, Node::Kind::string);
    value = node.text;
  }
  void read(const Node& node, bool& value) {
    expect(node, Node::Kind::boolean);
    value = node.boolean;
  }
  void read(const Node& node, int& value) {
    expect(node, Node::Kind::integer);
    if (node.integer < std::numeric_limits<int>::min() ||
        node.integer > std::numeric_limits<int>::max())
      wrong(std::to_string(node.integer) + " is too large");
    value = static_cast<int>(node.integer);
  }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void read(const Node& node, Enum& value) {
    expect(node, Node::Kind::string);
    const auto& names = EnumNames<Enum>::names;
    const auto at = std::find(names.begin(), names.end(), node.text);
    if (at == names.end()) {
      const std::vector<std::string> all(names.begin(), names.end());
      std::vector<std::string> suggestions;
      for (const std::string& near : near_misses(node.text, all, 1))
        suggestions.push_back("did you mean " + near);
      suggestions.push_back("it is one of " + join(all, ", "));
      wrong("\"" + node.text + "\" is not known", std::move(suggestions));
    }
    value = static_cast<Enum>(at - names.begin());
  }

  std::vector<Step> path_;
};

}  // namespace

Model from_json(std::string_view text) {
  const Node root = json::parse(text);
  Model model;
  Reader().document(root, model);
  return model;
}

}  // namespace sterna::model
