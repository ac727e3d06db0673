// Changes that are held to an algorithm (manual, "Online DDL Operations"; MariaDB, "InnoDB Online
// DDL Overview"): the server refuses rather than copies the table or keeps writers waiting.
#include "database/mysql/dialect.hpp"
#include "database/mysql/versions.hpp"

namespace sterna::mysql {
namespace {

using SafeStep = Dialect::SafeStep;

/// What a server can do without copying, by the action. What always copies (another type, a
/// foreign key, a check, another primary key) is left as it comes.
class Algorithm {
 public:
  explicit Algorithm(const ServerInfo& server) : server_(server) {}

  Online operator()(const AddColumn& a) const {
    if (a.column.generated && a.column.generated->stored) return Online::as_it_comes;
    if (a.column.auto_increment) return Online::as_it_comes;
    const bool last = !a.first && a.after.empty();
    return (last ? since(server_, 80012, 100302) : since(server_, 80029, 100400))
               ? Online::instant
               : Online::in_place;
  }
  Online operator()(const DropColumn&) const {
    return since(server_, 80029, 100400) ? Online::instant : Online::in_place;
  }
  Online operator()(const RenameColumn&) const {
    return since(server_, 80028, 100502) ? Online::instant : Online::in_place;
  }
  Online operator()(const ModifyColumn& a) const {
    if (a.parts == ModifyColumn::default_value)
      return since(server_, 80012, 100302) ? Online::instant : Online::in_place;
    if (a.parts == ModifyColumn::nullability) return Online::in_place;
    return Online::as_it_comes;
  }
  Online operator()(const AddIndex& a) const {
    const bool blocks = a.index.kind != model::IndexKind::plain;  // LOCK=SHARED at best
    return blocks ? Online::as_it_comes : Online::in_place;
  }
  Online operator()(const AddUnique&) const { return Online::in_place; }
  Online operator()(const DropIndex&) const { return Online::in_place; }
  Online operator()(const RenameIndex&) const { return Online::in_place; }
  Online operator()(const DropConstraint& a) const {
    return a.kind == DropConstraint::Kind::check ? Online::as_it_comes : Online::in_place;
  }
  template <class Other>
  Online operator()(const Other&) const {
    return Online::as_it_comes;
  }

 private:
  const ServerInfo& server_;
};

}  // namespace

std::vector<SafeStep> MysqlDialect::safe_form(const Change& change, const model::Model& from,
                                              const ServerInfo& server) const {
  const auto* alter = std::get_if<AlterTable>(&change);
  if (alter == nullptr || from.table(alter->name) == nullptr) return {{change, false}};
  // One statement has one algorithm.
  std::vector<SafeStep> steps;
  for (const TableAction& action : alter->actions) {
    const Online online = std::visit(Algorithm(server), action);
    auto* last = steps.empty() ? nullptr : std::get_if<AlterTable>(&steps.back().change);
    if (last == nullptr || last->online != online) {
      steps.push_back({AlterTable{alter->name, {}, online}, false});
      last = std::get_if<AlterTable>(&steps.back().change);
    }
    last->actions.push_back(action);
  }
  return steps;
}

std::vector<std::string> MysqlDialect::online_clauses(Online online,
                                                      const ServerInfo& /*server*/) const {
  switch (online) {
    case Online::as_it_comes:
      break;
    case Online::instant:
      return {"ALGORITHM=INSTANT"};
    case Online::in_place:
      return {"ALGORITHM=INPLACE", "LOCK=NONE"};
  }
  return {};
}

}  // namespace sterna::mysql
