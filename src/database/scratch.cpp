#include "database/scratch.hpp"

#include "database/registry.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>

namespace sterna {

std::string scratch_name() {
  static std::atomic<unsigned> count{0};
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::string(scratch_prefix) +
         std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()) + "_" +
         std::to_string(::getpid()) + "_" + std::to_string(++count);
}

std::unique_ptr<Scratch> scratch_at(const Url& url) {
  std::unique_ptr<Connection> session = connect(url);
  const model::Model model = session->inspect({});
  if (!model.tables.empty()) {
    throw Error(ErrorKind::refused, "the scratch database " + url.masked() +
                                        " is not empty: it holds table " +
                                        model.tables.front().name.text())
        .with_state("nothing was changed")
        .suggest("name a database that holds nothing: everything in it is dropped after use");
  }
  Connection& raw = *session;
  raw.drop_everything();
  return std::make_unique<Scratch>(std::move(session), [url] { connect(url)->drop_everything(); });
}

}  // namespace sterna
