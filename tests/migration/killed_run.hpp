// A run in a process of its own, that is killed (SIGKILL) while it works.
#pragma once

#include "database/registry.hpp"
#include "migration/engine.hpp"
#include "support/mortal_connection.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <functional>

#include <gtest/gtest.h>

namespace sterna::test {

/// True when it was killed, false when `work` came to its end. A failure of `work` is one of the
/// test: `name` says which.
inline bool is_killed(const std::string& name, const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      work();
      ::_exit(0);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s: %s\n", name.c_str(), error.what());
      ::_exit(1);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << name << ": the run failed";
  return WIFSIGNALED(status);
}

/// The same with a session that dies at a statement: before it, or after it and before its answer
/// is known.
inline bool is_killed_at(int die_at, EngineOptions options,
                         const std::function<void(MigrationEngine&)>& work) {
  return is_killed("point " + std::to_string(die_at), [&] {
    options.connect = [url = options.url, die_at] {
      return std::make_unique<MortalConnection>(sterna::connect(url), die_at);
    };
    MigrationEngine engine(std::move(options));
    work(engine);
  });
}

}  // namespace sterna::test
