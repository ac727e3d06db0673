#include <sterna/runner.hpp>

#include "base/text.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace sterna {

struct Connections::Impl {
  std::map<std::string, Definition> definitions;
  std::map<std::string, Runner, std::less<>> runners;
  bool initialized = false;
};

Connections::Connections(std::map<std::string, Definition> definitions)
    : impl_(std::make_unique<Impl>()) {
  impl_->definitions = std::move(definitions);
}

Connections::Connections(Connections&&) noexcept = default;
Connections& Connections::operator=(Connections&&) noexcept = default;
Connections::~Connections() {
  if (impl_) shutdown(std::chrono::milliseconds{0});
}

void Connections::initialize() {
  if (impl_->initialized) return;
  try {
    for (auto& [name, definition] : impl_->definitions) {
      RunnerOptions options = definition.options;
      options.name = name;
      const auto [runner, inserted] = impl_->runners.emplace(
          name, Runner(definition.url, definition.migrations, std::move(options)));
      try {
        runner->second.setup();
        if (definition.auto_run) runner->second.up();
      } catch (Error& error) {
        error.with_detail("connection '" + name + "'" +
                          (error.detail().empty() ? std::string() : ": " + error.detail()));
        throw;
      }
    }
  } catch (...) {
    impl_->runners.clear();
    throw;
  }
  impl_->initialized = true;
}

// A runner is used by one thread; asking it to stop is what another thread may do. What runs ends
// by itself then, so there is nothing to wait for here but the runners' own destruction, which the
// caller's threads must have left by the deadline.
bool Connections::shutdown(std::chrono::milliseconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  for (auto& [name, runner] : impl_->runners) runner.request_stop();
  bool idle = true;
  for (auto& [name, runner] : impl_->runners) idle = runner.wait_idle(until) && idle;
  if (idle) {
    impl_->runners.clear();
    impl_->initialized = false;
  }
  return idle;
}

bool Connections::initialized() const noexcept { return impl_->initialized; }

std::vector<std::string> Connections::names() const {
  std::vector<std::string> names;
  for (const auto& [name, definition] : impl_->definitions) names.push_back(name);
  return names;
}

Runner& Connections::operator[](std::string_view name) {
  const auto found = impl_->runners.find(name);
  if (found != impl_->runners.end()) return found->second;
  const std::vector<std::string> known = names();
  const bool defined = std::find(known.begin(), known.end(), name) != known.end();
  Error error(ErrorKind::config, defined
                                     ? "connection '" + std::string(name) + "' is not initialized"
                                     : "there is no connection '" + std::string(name) +
                                           "'; there are " + join(known, ", "));
  if (defined) error.suggest("call initialize() first");
  throw error;
}

}  // namespace sterna
