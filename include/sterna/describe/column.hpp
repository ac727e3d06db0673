// column<&Post::slug>("slug").length(80): what is said of one member of a struct. Used through
// <sterna/describe.hpp>.
#pragma once

#include <sterna/describe/data.hpp>

namespace sterna {

/// One column: a member and what the database knows of it. Each call returns a changed copy.
template <auto Member>
class ColumnDescription {
 public:
  using Entity = detail::EntityOf<Member>;
  using Field = detail::ValueOf<Member>;
  using Inner = detail::Inner<Field>;
  using Edit = ColumnDescription (*)(ColumnDescription);

  constexpr explicit ColumnDescription(detail::PlacedName name) {
    data.name = name.text;
    data.place = name.place;
    data.type = detail::deduce<Inner>();
    data.nullable = detail::is_optional<Field>;
    if constexpr (std::is_enum_v<Inner>) data.enumeration = &detail::entity_enum<Inner>;
    if constexpr (std::is_class_v<Inner> && !detail::is_readable<Inner>)
      data.user_type = &detail::name_of_table<Inner>;
  }

  constexpr ColumnDescription primary() const {
    return with([](auto& d) { d.primary = true; });
  }
  constexpr ColumnDescription unique() const {
    return with([](auto& d) { d.unique = true; });
  }
  constexpr ColumnDescription index() const {
    return with([](auto& d) { d.index = true; });
  }
  /// insert() leaves the column to the database while the member is 0.
  constexpr ColumnDescription auto_increment() const {
    static_assert(std::is_integral_v<Inner> && !std::is_same_v<Inner, bool>,
                  "auto_increment() needs an integer member");
    return with([](auto& d) { d.auto_increment = true; });
  }
  /// The same by GENERATED … AS IDENTITY.
  constexpr ColumnDescription identity(IdentityKind kind = ByDefault) const {
    static_assert(std::is_integral_v<Inner> && !std::is_same_v<Inner, bool>,
                  "identity() needs an integer member");
    return with([&](auto& d) {
      d.identity = true;
      d.identity_kind = kind;
    });
  }

  // ---- types other than what the member says ----
  constexpr ColumnDescription text() const { return textual(detail::EntityType::text); }
  constexpr ColumnDescription uuid() const { return textual(detail::EntityType::uuid); }
  constexpr ColumnDescription json() const { return textual(detail::EntityType::json); }
  constexpr ColumnDescription jsonb() const { return textual(detail::EntityType::jsonb); }
  /// A date as text, "2026-01-15".
  constexpr ColumnDescription date() const { return textual(detail::EntityType::date); }
  constexpr ColumnDescription length(int characters) const {
    static_assert(std::is_same_v<Inner, std::string>, "length() needs a std::string member");
    return with([&](auto& d) {
      d.type = detail::EntityType::string;
      d.length = characters;
    });
  }
  /// Exact digits: a std::string member keeps them, a double rounds.
  constexpr ColumnDescription decimal(int precision, int scale) const {
    static_assert(std::is_same_v<Inner, std::string> || std::is_floating_point_v<Inner>,
                  "decimal() needs a std::string or double member");
    return with([&](auto& d) {
      d.type = detail::EntityType::decimal;
      d.precision = precision;
      d.scale = scale;
    });
  }
  /// MySQL: without negative numbers.
  constexpr ColumnDescription unsigned_() const {
    static_assert(detail::is_number<Inner>, "unsigned_() needs a number");
    return with([](auto& d) { d.is_unsigned = true; });
  }
  /// Any type by the database's own name.
  constexpr ColumnDescription type(std::string_view native) const {
    return with([&](auto& d) {
      d.type = detail::EntityType::native;
      d.native = native;
    });
  }
  /// Any type of sterna::types: `.type([] { return sterna::types::timestamp(3, true); })`.
  constexpr ColumnDescription type(ColumnType (*make)()) const {
    return with([&](auto& d) {
      d.type = detail::EntityType::made;
      d.make_type = make;
    });
  }

  // ---- defaults and values that the database makes ----
  template <class T>
  constexpr ColumnDescription default_to(const T& value) const {
    static_assert(detail::fits<Field, T>, "the default does not have the type of the member");
    using Kind = detail::EntityColumn::Default;
    return with([&](auto& d) {
      if constexpr (std::is_same_v<T, bool>) {
        d.default_kind = Kind::boolean;
        d.default_boolean = value;
      } else if constexpr (std::is_same_v<T, std::nullptr_t> || std::is_same_v<T, std::nullopt_t>) {
        d.default_kind = Kind::null;
      } else if constexpr (std::is_enum_v<T>) {
        d.default_kind = Kind::string;
        d.default_text = enumerator_text(value);
      } else if constexpr (std::is_integral_v<T>) {
        d.default_kind = Kind::integer;
        d.default_integer = static_cast<std::int64_t>(value);
      } else if constexpr (std::is_floating_point_v<T>) {
        d.default_kind = Kind::real;
        d.default_real = value;
      } else {
        d.default_kind = Kind::string;
        d.default_text = value;
      }
    });
  }
  constexpr ColumnDescription default_null() const {
    return with([](auto& d) { d.default_kind = detail::EntityColumn::Default::null; });
  }
  /// A text that the database converts to the type of the column.
  constexpr ColumnDescription default_text(std::string_view text) const {
    return with([&](auto& d) {
      d.default_kind = detail::EntityColumn::Default::string;
      d.default_text = text;
    });
  }
  constexpr ColumnDescription default_expression(std::string_view sql) const {
    return with([&](auto& d) {
      d.default_kind = detail::EntityColumn::Default::expression;
      d.default_text = sql;
    });
  }
  constexpr ColumnDescription default_now() const {
    return with([](auto& d) { d.default_kind = detail::EntityColumn::Default::now; });
  }
  /// MySQL ON UPDATE CURRENT_TIMESTAMP.
  constexpr ColumnDescription on_update_now() const {
    return with([](auto& d) { d.on_update_now = true; });
  }
  /// Computed by the database; insert() and update() leave it out.
  constexpr ColumnDescription generated(std::string_view expression,
                                        GeneratedKind kind = Stored) const {
    return with([&](auto& d) {
      d.generated = expression;
      d.virtual_ = kind == Virtual;
    });
  }

  constexpr ColumnDescription comment(std::string_view text) const {
    return with([&](auto& d) { d.comment = text; });
  }
  constexpr ColumnDescription collate(std::string_view name) const {
    return with([&](auto& d) { d.collation = name; });
  }
  constexpr ColumnDescription charset(std::string_view name) const {
    return with([&](auto& d) { d.charset = name; });
  }
  constexpr ColumnDescription check(std::string_view expression) const {
    return with([&](auto& d) { d.check = expression; });
  }
  /// A primary key or column that the database takes NULL for although the member has a value.
  constexpr ColumnDescription nullable() const {
    return with([](auto& d) { d.nullable = true; });
  }
  /// CQL.
  constexpr ColumnDescription static_() const {
    return with([](auto& d) { d.is_static = true; });
  }
  constexpr ColumnDescription option(std::string_view key, std::string_view value) const {
    return with([&](auto& d) { d.options.add({key, value}); });
  }

  /// A foreign key of this column: `.references<&User::id>(sterna::Cascade)`.
  template <auto Other>
  constexpr ColumnDescription references(ReferentialAction on_delete = NoAction,
                                         ReferentialAction on_update = NoAction) const {
    static_assert(std::is_same_v<Inner, detail::Inner<detail::ValueOf<Other>>>,
                  "the member and the one it references have two types");
    return with([&](auto& d) {
      d.referenced_table = &detail::name_of_table<detail::EntityOf<Other>>;
      d.referenced_column = &detail::name_of_column<Other>;
      d.on_delete = on_delete;
      d.on_update = on_update;
    });
  }
  /// The same to a table that no struct describes.
  constexpr ColumnDescription references(std::string_view table_name, std::string_view column_name,
                                         ReferentialAction on_delete = NoAction) const {
    return with([&](auto& d) {
      d.references_table = table_name;
      d.references_column = column_name;
      d.on_delete = on_delete;
    });
  }

  /// What the database called it before: a rename, not a drop and an add.
  constexpr ColumnDescription was(std::string_view old_name) const {
    return with([&](auto& d) { d.was = old_name; });
  }
  /// What is different in one database ("postgres", "mysql", "sqlite", "cql"):
  /// `.on("mysql", [](auto column) { return column.type("mediumtext"); })`.
  constexpr ColumnDescription on(std::string_view engine, Edit edit) const {
    ColumnDescription copy = *this;
    copy.edits_.add({engine, edit});
    return copy;
  }
  /// The column is there in this database alone (and in others named so).
  constexpr ColumnDescription only_on(std::string_view engine) const {
    return with([&](auto& d) { d.engines.add(engine); });
  }

  /// The column as it is in one database.
  constexpr detail::EntityColumn in(std::string_view engine) const {
    ColumnDescription result = *this;
    for (const auto& [name, edit] : edits_) {
      if (name == engine) result = edit(result);
    }
    return result.data;
  }

  detail::EntityColumn data;

 private:
  template <class Change>
  constexpr ColumnDescription with(Change change) const {
    ColumnDescription copy = *this;
    change(copy.data);
    return copy;
  }
  constexpr ColumnDescription textual(detail::EntityType type) const {
    static_assert(std::is_same_v<Inner, std::string>,
                  "this column type needs a std::string member");
    return with([&](auto& d) { d.type = type; });
  }
  template <class Enum>
  static constexpr std::string_view enumerator_text(Enum value) {
    for (const detail::EnumValue& known : enumeration<Enum>.values) {
      if (known.number == static_cast<std::int64_t>(value)) return known.text;
    }
    throw "this enumerator is not described in sterna::enumeration";
  }

  detail::FixedList<std::pair<std::string_view, Edit>, detail::most_engines> edits_;
};

template <auto Member>
constexpr ColumnDescription<Member> column(detail::PlacedName name) {
  return ColumnDescription<Member>(name);
}

}  // namespace sterna
