#include "base/system.hpp"
#include "base/dynamic_library.hpp"

#include <sterna/error.hpp>
#include <sterna/value.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <csignal>

namespace sterna {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;

TEST(Version, IsThreeNumbers) {
  EXPECT_THAT(std::string(version()), MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+.*"));
}

TEST(RunnerIdentity, NamesUserHostAndProcess) {
  char host[256] = {};
  ASSERT_EQ(::gethostname(host, sizeof host - 1), 0);
  EXPECT_THAT(runner_identity(), MatchesRegex(".+@.+ \\(pid [0-9]+\\)"));
  EXPECT_THAT(runner_identity(), HasSubstr("@" + std::string(host) + " "));
  EXPECT_THAT(runner_identity(), EndsWith("(pid " + std::to_string(::getpid()) + ")"));
}

TEST(UtcNow, IsNowByAClockWithoutZones) {
  const auto before =
      std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  const std::string text = utc_now();
  const auto after = std::chrono::system_clock::now();
  EXPECT_THAT(text,
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}"));
  EXPECT_GE(parse_timestamp(text), before);
  EXPECT_LE(parse_timestamp(text), after);
}

TEST(RunProcess, GivesOutputOfBothKindsAndTheExitCode) {
  const ProcessResult result = run_process({"sh", "-c", "echo out; echo err >&2; echo on; exit 7"});
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.output, "out\nerr\non\n");
}

TEST(RunProcess, GivesArgumentsAsTheyAre) {
  const ProcessResult result = run_process({"printf", "%s|", "a b", "$HOME; `id`", "", "'\"*"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output, "a b|$HOME; `id`||'\"*|");
}

TEST(RunProcess, ReadsMoreThanAPipeHolds) {
  const ProcessResult result = run_process({"head", "-c", "1000000", "/dev/zero"});
  EXPECT_EQ(result.output.size(), 1'000'000u);
}

TEST(RunProcess, GivesTheChildNoInput) { EXPECT_EQ(run_process({"cat"}).output, ""); }

TEST(RunProcess, TellsADeathBySignal) {
  EXPECT_EQ(run_process({"sh", "-c", "kill -KILL $$"}).exit_code, 128 + SIGKILL);
}

TEST(RunProcess, NamesAProgramThatIsNotThere) {
  try {
    run_process({"no-such-program-anywhere", "argument"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(), HasSubstr("no-such-program-anywhere"));
    EXPECT_THAT(error.what(), HasSubstr("No such file"));
  }
}

TEST(RunProcess, LeavesNoDescriptorsBehind) {
  const auto next_free = [] {
    const int fd = ::dup(0);
    ::close(fd);
    return fd;
  };
  const int before = next_free();
  for (int i = 0; i < 5; ++i) {
    run_process({"true"});
    EXPECT_THROW(run_process({"no-such-program-anywhere"}), Error);
  }
  EXPECT_EQ(next_free(), before);
}

TEST(DynamicLibrary, FindsFunctions) {
  const DynamicLibrary library("libm.so.6");
  double (*cosine)(double) = nullptr;
  library.load(cosine, "cos");
  ASSERT_NE(cosine, nullptr);
  EXPECT_DOUBLE_EQ(cosine(0), 1);
  EXPECT_EQ(library.find("no_such_function"), nullptr);
}

TEST(DynamicLibrary, TellsWhatToInstall) {
  try {
    const DynamicLibrary library("libnone-such.so.9", "install the package libnone");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(), HasSubstr("libnone-such.so.9"));
    EXPECT_THAT(error.suggestions(), testing::ElementsAre("install the package libnone"));
  }
}

TEST(DynamicLibrary, NamesAFunctionThatItLacks) {
  const DynamicLibrary library("libm.so.6");
  void (*function)() = nullptr;
  try {
    library.load(function, "no_such_function");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(), HasSubstr("no_such_function"));
    EXPECT_THAT(error.what(), HasSubstr("libm.so.6"));
  }
}

TEST(DynamicLibrary, MovesAndOutlivesItsCode) {
  double (*cosine)(double) = nullptr;
  {
    DynamicLibrary first("libm.so.6");
    DynamicLibrary second;
    second = std::move(first);
    second.load(cosine, "cos");
    EXPECT_EQ(DynamicLibrary().find("cos"), nullptr) << "none was opened";
  }
  EXPECT_DOUBLE_EQ(cosine(0), 1);
}

}  // namespace
}  // namespace sterna
