#include "base/file.hpp"

#include "support/temp.hpp"

#include <sterna/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

namespace sterna {
namespace {

namespace fs = std::filesystem;
using test::TempFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

void put(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

mode_t mode_of(const fs::path& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return info.st_mode & 07777;
}

template <class Action>
void expect_config_error(Action action, const fs::path& path, const std::string& reason) {
  try {
    action();
    ADD_FAILURE() << path;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(), HasSubstr(path.string()));
    EXPECT_THAT(error.what(), HasSubstr(reason));
    EXPECT_EQ(error.position().file, path.string());
  }
}

TEST(ReadFile, GivesEveryByte) {
  const TempFolder folder;
  const std::string text("a\r\n\0\xFF b\n", 9);
  put(folder.path() / "f", text);
  EXPECT_EQ(read_file(folder.path() / "f"), text);
  put(folder.path() / "empty", "");
  EXPECT_EQ(read_file(folder.path() / "empty"), "");
}

TEST(ReadFile, GivesLargeFilesAndThoseAtTheEdgeOfABuffer) {
  const TempFolder folder;
  for (const std::size_t size : {32767u, 32768u, 32769u, 65536u, 1'000'003u}) {
    std::string text(size, 'x');
    text.back() = 'y';
    put(folder.path() / "f", text);
    EXPECT_EQ(read_file(folder.path() / "f"), text) << size;
  }
}

TEST(ReadFile, ReadsAPipeToItsEnd) {
  const TempFolder folder;
  const fs::path pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] {
    std::ofstream out(pipe);
    out << "first " << std::flush << "second";
  });
  EXPECT_EQ(read_file(pipe), "first second");
  writer.join();
}

TEST(ReadFile, NamesTheFileAndTheReason) {
  const TempFolder folder;
  const fs::path none = folder.path() / "none.sql";
  expect_config_error([&] { read_file(none); }, none, "No such file");
  expect_config_error([&] { read_file(folder.path()); }, folder.path(), "directory");
}

TEST(ReadFileIfExists, GivesNothingOnlyForWhatIsNotThere) {
  const TempFolder folder;
  put(folder.path() / "f", "text");
  EXPECT_EQ(read_file_if_exists(folder.path() / "f"), "text");
  EXPECT_EQ(read_file_if_exists(folder.path() / "none"), std::nullopt);
  EXPECT_EQ(read_file_if_exists(folder.path() / "f" / "none"), std::nullopt);
  expect_config_error([&] { read_file_if_exists(folder.path()); }, folder.path(), "directory");
}

TEST(ReadFileIfExists, TellsAFileThatIsThereAndCannotBeRead) {
  const TempFolder folder;
  const fs::path loop = folder.path() / "loop";
  fs::create_symlink(loop, loop);
  expect_config_error([&] { read_file_if_exists(loop); }, loop, "symbolic links");
}

TEST(WriteFile, WritesNewFilesAndReplacesOldOnes) {
  const TempFolder folder;
  const fs::path path = folder.path() / "f";
  write_file_atomically(path, "first, which is longer");
  EXPECT_EQ(read_file(path), "first, which is longer");
  write_file_atomically(path, "second");
  EXPECT_EQ(read_file(path), "second");
  write_file_atomically(path, "");
  EXPECT_EQ(read_file(path), "");
}

TEST(WriteFile, LeavesNothingBesideTheFile) {
  const TempFolder folder;
  write_file_atomically(folder.path() / "f", "text");
  write_file_atomically(folder.path() / "f", "text");
  EXPECT_THAT(list_files(folder.path()), ElementsAre("f"));
}

TEST(WriteFile, KeepsTheRightsOfTheOldFile) {
  const TempFolder folder;
  const fs::path path = folder.path() / "f";
  put(path, "old");
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  write_file_atomically(path, "new");
  EXPECT_EQ(mode_of(path), 0640u);
}

TEST(WriteFile, ANewFileHasTheRightsThatTheMaskGives) {
  const TempFolder folder;
  const mode_t before = ::umask(027);
  write_file_atomically(folder.path() / "f", "text");
  const mode_t after = ::umask(before);
  EXPECT_EQ(mode_of(folder.path() / "f"), 0640u);
  EXPECT_EQ(after, 027u) << "the mask of the process stays";
}

TEST(WriteFile, FailsWithTheOldFileWhole) {
  const TempFolder folder;
  const fs::path nowhere = folder.path() / "none" / "f";
  expect_config_error([&] { write_file_atomically(nowhere, "text"); }, nowhere, "No such file");
  const fs::path taken = folder.path() / "folder";
  fs::create_directory(taken);
  put(taken / "inside", "old");
  expect_config_error([&] { write_file_atomically(taken, "text"); }, taken, "directory");
  EXPECT_EQ(read_file(taken / "inside"), "old");
  EXPECT_THAT(list_files(folder.path()), IsEmpty()) << "the temporary file is gone";
}

TEST(WriteFile, AReaderSeesTheOldTextOrTheNew) {
  const TempFolder folder;
  const fs::path path = folder.path() / "f";
  const std::string a(200'000, 'a'), b(300'000, 'b');
  write_file_atomically(path, a);
  std::atomic<bool> ended{false};
  std::thread writer([&] {
    for (int i = 0; i < 20; ++i) write_file_atomically(path, i % 2 == 0 ? b : a);
    ended = true;
  });
  int parts = 0;
  do {
    const std::string text = read_file(path);
    if (text != a && text != b) ++parts;
  } while (!ended);
  writer.join();
  EXPECT_EQ(parts, 0);
}

TEST(WriteFile, WorksForANameInTheWorkingFolder) {
  const TempFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  write_file_atomically("plain", "text");
  fs::current_path(before);
  EXPECT_EQ(read_file(folder.path() / "plain"), "text");
}

TEST(ListFiles, GivesRegularFilesSortedByBytes) {
  const TempFolder folder;
  for (const char* name : {"b.sql", "a.sql", "B.sql", "a10", "a9", ".hidden"})
    put(folder.path() / name, "");
  fs::create_directory(folder.path() / "folder");
  put(folder.path() / "folder" / "inner.sql", "");
  EXPECT_THAT(list_files(folder.path()),
              ElementsAre(".hidden", "B.sql", "a.sql", "a10", "a9", "b.sql"));
}

TEST(ListFiles, FollowsLinksToFilesAlone) {
  const TempFolder folder, elsewhere;
  put(elsewhere.path() / "real", "");
  fs::create_symlink(elsewhere.path() / "real", folder.path() / "link");
  fs::create_symlink(elsewhere.path(), folder.path() / "to_folder");
  fs::create_symlink(elsewhere.path() / "none", folder.path() / "dangling");
  EXPECT_THAT(list_files(folder.path()), ElementsAre("link"));
}

TEST(ListFiles, RefusesWhatIsNoFolder) {
  const TempFolder folder;
  put(folder.path() / "f", "");
  expect_config_error([&] { list_files(folder.path() / "f"); }, folder.path() / "f",
                      "Not a directory");
  expect_config_error([&] { list_files(folder.path() / "none"); }, folder.path() / "none",
                      "No such file");
}

}  // namespace
}  // namespace sterna
