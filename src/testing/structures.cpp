// Values that hold others: collections, tuples, vectors, user types, as literals of CQL.
#include "base/text.hpp"
#include "testing/values.hpp"

namespace sterna::trial {
namespace {

using model::Type;
using model::TypeKind;

class Structure {
 public:
  Structure(const model::Model& schema, bool distinct, std::size_t n, const Dialect& dialect)
      : schema_(schema), dialect_(dialect), distinct_(distinct), n_(n) {}

  std::string of(const Type& type) const {
    switch (type.kind) {
      case TypeKind::frozen:
        return part(type.arguments.at(0), 0);
      case TypeKind::list:
        return repeated(type, '[', ']', 1 + n_ % 3, false);
      case TypeKind::set:
        return repeated(type, '{', '}', 1 + n_ % 2, true);
      case TypeKind::vector:
        return repeated(type, '[', ']', static_cast<std::size_t>(type.length.value_or(1)), false);
      case TypeKind::map:
        return map(type);
      case TypeKind::tuple:
        return tuple(type);
      case TypeKind::user_type:
        return fields(type);
      default:
        return {};
    }
  }

 private:
  /// `own`: the value must differ from the others beside it.
  std::string part(const Type& type, std::size_t index, bool own = false) const {
    return made_value(schema_, type, distinct_ || own, n_ + index, dialect_);
  }

  /// Empty when one of them is.
  static std::string in(char open, const std::vector<std::string>& parts, char close) {
    for (const std::string& part : parts) {
      if (part.empty()) return {};
    }
    return open + join(parts, ", ") + close;
  }

  std::string repeated(const Type& type, char open, char close, std::size_t count, bool own) const {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < count; ++i) parts.push_back(part(type.arguments.at(0), i, own));
    return in(open, parts, close);
  }

  std::string map(const Type& type) const {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i <= n_ % 2; ++i) {
      const std::string key = part(type.arguments.at(0), i, true),
                        value = part(type.arguments.at(1), i);
      parts.push_back(key.empty() || value.empty() ? std::string() : key + ": " + value);
    }
    return in('{', parts, '}');
  }

  std::string tuple(const Type& type) const {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < type.arguments.size(); ++i)
      parts.push_back(part(type.arguments[i], i));
    return in('(', parts, ')');
  }

  std::string fields(const Type& type) const {
    const model::UserType* known = schema_.user_type(model::Name(type.name));
    if (known == nullptr) return {};
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < known->fields.size(); ++i) {
      const std::string value = part(known->fields[i].type, i);
      parts.push_back(value.empty() ? std::string()
                                    : dialect_.quote(known->fields[i].name) + ": " + value);
    }
    return in('{', parts, '}');
  }

  const model::Model& schema_;
  const Dialect& dialect_;
  bool distinct_;
  std::size_t n_;
};

}  // namespace

std::string made_structure(const model::Model& schema, const Type& type, bool distinct,
                           std::size_t n, const Dialect& dialect) {
  if (schema.dialect != "cql") return {};  // literals of others are others
  return Structure(schema, distinct, n, dialect).of(type);
}

}  // namespace sterna::trial
