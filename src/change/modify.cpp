#include "change/change.hpp"

namespace sterna {

unsigned ModifyColumn::parts_between(const model::Column& was, const model::Column& to) {
  unsigned parts = 0;
  const auto differs = [&](bool yes, Part part) {
    if (yes) parts |= part;
  };
  differs(was.type != to.type, type);
  differs(was.nullable != to.nullable, nullability);
  // The present moment is written as the type has it.
  const bool moment = to.default_value && to.default_value->kind == model::Default::Kind::now &&
                      was.type.kind != to.type.kind;
  differs(was.default_value != to.default_value || was.on_update != to.on_update || moment,
          default_value);
  differs(was.comment != to.comment, comment);
  differs(was.generated != to.generated, generated);
  differs(was.identity != to.identity || was.auto_increment != to.auto_increment, identity);
  differs(was.collation != to.collation || was.charset != to.charset, collation);
  differs(was.options != to.options, options);
  return parts;
}

}  // namespace sterna
