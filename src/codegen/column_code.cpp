#include "codegen/column_code.hpp"

#include <sterna/error.hpp>

#include <set>

#include "codegen/type_code.hpp"
#include "model/kinds.hpp"

namespace sterna::codegen {
namespace {

using model::Column;

/// The method of TableBuilder that makes a column of a type; empty: it has none of its own.
std::string method_of(const std::string& type) {
  static const std::set<std::string_view> none{"varint", "duration", "ascii"};
  if (none.contains(type)) return {};
  if (type == "native") return "type";
  if (type == "array") return "array_of";
  if (type == "set_of_values") return "set";
  if (type == "set") return "set_of";
  return type;
}

/// The database's own spelling of a type for which there is no call.
std::optional<TypeCode> native_code(const model::Type& type, const TableContext& context) {
  if (!context.type_name) return std::nullopt;
  try {
    return TypeCode{"native", cpp_string(context.type_name(type)), false};
  } catch (const Error&) {  // only its renderer can write it, with the column around it
    return std::nullopt;
  }
}

/// `table.string("title", 200)`, and `.unsigned_()`.
std::optional<CallChain> column_head(const Column& column, const TableContext& context,
                                     std::string_view builder) {
  const std::string name = cpp_string(column.name);
  std::optional<TypeCode> code = type_code(column.type);
  if (!code) code = native_code(column.type, context);
  if (!code) return std::nullopt;
  const std::string method = method_of(code->name);
  CallChain chain;
  chain.head = std::string(builder) + ".";
  if (method.empty()) {
    chain.head += "column(" + name + ", " + code->value() + ")";
    return chain;
  }
  chain.head += method + "(" + name + (code->arguments.empty() ? "" : ", " + code->arguments) + ")";
  if (code->is_unsigned) chain.add(".unsigned_()");
  return chain;
}

}  // namespace

std::string call(std::string_view name, const std::string& argument) {
  return "." + std::string(name) + "(" + argument + ")";
}
std::string call(std::string_view name, std::string_view key, std::string_view value) {
  return call(name, cpp_string(key) + ", " + cpp_string(value));
}

void add_options(CallChain& chain, const std::map<std::string, std::string>& options,
                 std::string_view method) {
  for (const auto& [key, value] : options) chain.add(call(method, key, value));
}

std::optional<CallChain> column_chain(const Column& column, const TableContext& context,
                                      std::string_view builder) {
  std::optional<CallChain> chain = column_head(column, context, builder);
  const bool numbered = column.auto_increment || column.identity != model::Identity::none;
  if (!chain || (numbered && !model::is_integer(column.type.kind))) return std::nullopt;
  if (column.auto_increment && column.identity != model::Identity::none) return std::nullopt;
  if ((numbered || column.generated) && column.default_value) return std::nullopt;
  if (numbered && column.generated) return std::nullopt;
  if (column.on_update && *column.on_update != "CURRENT_TIMESTAMP") return std::nullopt;
  if (column.generated && column.generated->expression.empty()) return std::nullopt;
  if (column.nullable) chain->add(".nullable()");
  if (column.auto_increment) chain->add(".auto_increment()");
  if (column.identity == model::Identity::by_default) chain->add(".identity()");
  if (column.identity == model::Identity::always) chain->add(".identity(sterna::Always)");
  if (column.default_value) chain->add(call("default_to", default_code(*column.default_value)));
  if (column.generated) {
    chain->add(call("generated", cpp_string(column.generated->expression) +
                                     (column.generated->stored ? "" : ", sterna::Virtual")));
  }
  if (column.on_update) chain->add(".on_update_now()");
  if (!column.charset.empty()) chain->add(call("charset", cpp_string(column.charset)));
  if (!column.collation.empty()) chain->add(call("collate", cpp_string(column.collation)));
  if (column.is_static) chain->add(".static_()");
  if (!column.comment.empty()) chain->add(call("comment", cpp_string(column.comment)));
  add_options(*chain, column.options);
  return chain;
}

}  // namespace sterna::codegen
