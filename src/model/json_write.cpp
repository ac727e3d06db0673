#include "model/json.hpp"
#include "model/json_fields.hpp"

#include <sterna/error.hpp>

namespace sterna::model {
namespace {

/// The length of the UTF-8 sequence at the start of `text`, 0 when it is none
/// (RFC 3629, section 4).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(0);
  if (first < 0x80U) return 1;
  const std::size_t length = first >= 0xC2U && first < 0xE0U   ? 2
                             : first >= 0xE0U && first < 0xF0U ? 3
                             : first >= 0xF0U && first < 0xF5U ? 4
                                                               : 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  const unsigned second = byte(1);
  const bool overlong = (first == 0xE0U && second < 0xA0U) || (first == 0xF0U && second < 0x90U);
  const bool beyond = (first == 0xEDU && second >= 0xA0U) || (first == 0xF4U && second >= 0x90U);
  return overlong || beyond ? 0 : length;
}

class Writer {
 public:
  std::string take() { return std::move(text_); }

  void document(const Model& model) {
    text_ += "{\n  \"sterna_model\": " + std::to_string(json_version);
    indent_ = 1;
    first_ = false;
    members(model);
    text_ += "\n}\n";
  }

 private:
  template <class Struct>
  struct MemberWriter {
    Writer& out;
    const Struct& value;

    template <class T>
    void operator()(std::string_view name, T Struct::*member) {
      static const Struct standard{};
      if (value.*member == standard.*member) return;
      required(name, member);
    }
    void operator()(std::string_view name, Dependencies Struct::*member) {  // all are equal
      if (!(value.*member).keys.empty()) required(name, member);
    }
    void operator()(std::string_view name, DroppedColumns Struct::*member) {  // likewise
      if (!(value.*member).columns.empty()) required(name, member);
    }
    template <class T>
    void required(std::string_view name, T Struct::*member) {
      out.separate();
      out.string(name);
      out.text_ += ": ";
      out.write(value.*member);
    }
  };

  template <class Struct>
  void members(const Struct& value) {
    MemberWriter<Struct> writer{*this, value};
    Fields<Struct>::members(writer);
  }

  void new_line() {
    text_ += '\n';
    text_.append(static_cast<std::size_t>(indent_) * 2, ' ');
  }

  void separate() {
    if (!first_) text_ += one_line_ ? ", " : ",";
    first_ = false;
    if (!one_line_) new_line();
  }

  template <class Body>
  void group(char open, char close, bool one_line, Body body) {
    const bool outer = one_line_;
    one_line_ = one_line_ || one_line;
    text_ += open;
    ++indent_;
    first_ = true;
    body();
    --indent_;
    if (!one_line_ && !first_) new_line();
    text_ += close;
    first_ = false;
    one_line_ = outer;
  }

  template <Described Struct>
  void write(const Struct& value) {
    if constexpr (is_name<Struct>) {
      if (value.schema.empty()) return string(value.name);
    }
    group('{', '}', Fields<Struct>::one_line, [&] { members(value); });
  }
  template <class T>
  void write(const std::vector<T>& values) {
    constexpr bool one_line = !Described<T>;
    group('[', ']', one_line && !long_texts(values), [&] {
      for (const T& value : values) {
        separate();
        write(value);
      }
    });
  }
  void write(const std::map<std::string, std::string>& values) {
    group('{', '}', false, [&] {
      for (const auto& [key, value] : values) {
        separate();
        string(key);
        text_ += ": ";
        string(value);
      }
    });
  }
  template <class T>
  void write(const std::optional<T>& value) {
    write(*value);
  }
  void write(const std::string& value) { string(value); }
  void write(const Dependencies& value) { write(value.keys); }
  void write(const DroppedColumns& value) { write(value.columns); }
  template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void write(T value) {
    if constexpr (std::is_enum_v<T>) {
      string(EnumNames<T>::names[static_cast<std::size_t>(value)]);
    } else if constexpr (std::is_same_v<T, bool>) {
      text_ += value ? "true" : "false";
    } else {
      text_ += std::to_string(value);
    }
  }

  template <class T>
  static bool long_texts(const std::vector<T>& values) {
    constexpr std::size_t line = 80;
    std::size_t length = 0;
    if constexpr (std::is_same_v<T, std::string>) {
      for (const std::string& value : values) length += value.size() + 4;
    }
    return length > line;
  }

  void string(std::string_view value) {
    text_ += '"';
    for (std::size_t at = 0; at < value.size();) {
      const std::size_t length = utf8_length(value.substr(at, 4));
      if (length == 0) {
        throw Error(ErrorKind::validation, "JSON cannot hold \"" +
                                               std::string(value.substr(0, at)) +
                                               "…\": what follows is not UTF-8");
      }
      if (length == 1) {
        character(value[at]);
      } else {
        text_ += value.substr(at, length);
      }
      at += length;
    }
    text_ += '"';
  }

  void character(char c) {
    static constexpr char digits[] = "0123456789abcdef";
    if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (c == '\n') {
      text_ += "\\n";
    } else if (c == '\t') {
      text_ += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20U) {
      text_ += "\\u00";
      text_ += digits[static_cast<unsigned char>(c) >> 4U];
      text_ += digits[static_cast<unsigned char>(c) & 15U];
    } else {
      text_ += c;
    }
  }

  std::string text_;
  int indent_ = 0;
  bool first_ = true;
  bool one_line_ = false;
};

}  // namespace

std::string to_json(const Model& model) {
  Writer writer;
  writer.document(model);
  return writer.take();
}

}  // namespace sterna::model
