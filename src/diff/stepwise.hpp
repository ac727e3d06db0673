// Changes rendered one by one, for whoever writes each in its own way (C++ migrations). Where a
// database renders by looking at the schema it meets, every change is made on a scratch copy as it
// is rendered.
#pragma once

#include "change/change.hpp"
#include "database/connection.hpp"
#include "database/scratch.hpp"

#include <memory>

namespace sterna {

class StepwiseRenderer {
 public:
  /// As script_of(): `like` is asked, and not changed.
  StepwiseRenderer(const model::Model& from, Connection& like);
  /// The next change.
  Rendered operator()(const Change& change);

 private:
  Connection& like_;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace sterna
