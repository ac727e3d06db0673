#include "diff/stepwise.hpp"

#include "diff/script.hpp"

namespace sterna {

StepwiseRenderer::StepwiseRenderer(const model::Model& from, Connection& like) : like_(like) {
  if (!like.capabilities().renders_from_live) return;
  scratch_ = like.make_scratch();
  scratch_->session().set_foreign_keys(false);
  create_model(scratch_->session(), from);
}

Rendered StepwiseRenderer::operator()(const Change& change) {
  Connection* live = scratch_ ? &scratch_->session() : nullptr;
  Rendered rendered = like_.dialect().render(change, {like_.server(), live});
  if (live != nullptr) {
    for (const Statement& statement : rendered.statements) live->execute(statement);
  }
  return rendered;
}

}  // namespace sterna
