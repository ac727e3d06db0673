// What is kept of migration files between runs must never hide that one of them changed.
#include "base/file.hpp"
#include "migration/folder.hpp"
#include "support/temp.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>

namespace sterna::test {
namespace {

using detail::FileCache;
using detail::FolderReader;
using detail::stamp_of;
namespace fs = std::filesystem;

constexpr std::chrono::nanoseconds at_once{-1'000'000'000};
constexpr int many = 80;

class FileCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(migrations);
    for (int i = 0; i < many; ++i)
      write(i, "CREATE TABLE t" + std::to_string(100 + i) + " (i int);");
  }
  std::string path(int number) const {
    return (migrations / (std::to_string(100 + number) + "_t.sql")).string();
  }
  void write(int number, const std::string& text) const { std::ofstream(path(number)) << text; }

  /// The sources of the folder, read with the cache as the runner does.
  std::vector<Source> read() const {
    FileCache kept(cache, migrations, Language::sqlite, at_once);
    FolderReader reader({}, Language::sqlite, &kept);
    for (const std::string& name : list_files(migrations))
      reader.add_file(name, {(migrations / name).string(), {}, {}, false});
    std::vector<Source> repeatable;
    return reader.take(repeatable);
  }
  fs::path cache_file() const { return *fs::directory_iterator(cache); }
  /// Puts another hash in the place of all that are kept: whoever trusts the cache shows it.
  void poison() const {
    std::string text = read_file(cache_file());
    const std::string hash = read().front().hash_up;
    for (std::size_t at = 0; (at = text.find(hash, at)) != std::string::npos;)
      text.replace(at, hash.size(), std::string(64, 'f'));
    std::ofstream(cache_file()) << text;
  }

  TempFolder folder;
  fs::path migrations = folder.path() / "migrations", cache = folder.path() / "cache";
};

TEST_F(FileCacheTest, IsUsedForFilesThatDidNotChange) {
  const std::string hash = read().front().hash_up;
  poison();
  EXPECT_EQ(read().front().hash_up, std::string(64, 'f'));
  EXPECT_NE(hash, std::string(64, 'f'));
}

TEST_F(FileCacheTest, GivesTheSameSourcesAsReadingDoes) {
  write(1, "-- sterna:up\nCREATE TABLE a (i int);\n-- sterna:down\nDROP TABLE a;\n");
  write(2, "-- sterna:description two\nCREATE TABLE b (i int);\n");
  const std::vector<Source> first = read(), second = read();
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].id(), second[i].id());
    EXPECT_EQ(first[i].hash_up, second[i].hash_up);
    EXPECT_EQ(first[i].hash_down, second[i].hash_down);
    EXPECT_EQ(first[i].has_down, second[i].has_down);
    EXPECT_EQ(first[i].up_file, second[i].up_file);
    EXPECT_EQ(first[i].down_file, second[i].down_file);
    EXPECT_EQ(first[i].meta.description, second[i].meta.description);
  }
}

TEST_F(FileCacheTest, AFileEditedToTheSameSizeWithItsOldTimeIsReadAgain) {
  const std::string before = read()[5].hash_up;
  struct stat old {};
  ASSERT_EQ(::stat(path(5).c_str(), &old), 0);
  const auto known = stamp_of(path(5));
  // The kernel's clock goes in steps of milliseconds.
  do write(5, "CREATE TABLE x105 (i int);");
  while (stamp_of(path(5))->changed_ns == known->changed_ns);
  ASSERT_EQ(fs::file_size(path(5)), static_cast<std::uintmax_t>(old.st_size));
  const timespec times[2] = {old.st_atim, old.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, path(5).c_str(), times, 0), 0);
  EXPECT_NE(read()[5].hash_up, before);
}

TEST_F(FileCacheTest, AFileThatAnotherTookThePlaceOfIsReadAgain) {
  const std::string before = read()[6].hash_up;
  write(200, "CREATE TABLE y106 (i int);");
  fs::rename(path(200), path(6));
  EXPECT_NE(read()[6].hash_up, before);
}

TEST_F(FileCacheTest, RemovedAndNewFilesAreSeen) {
  read();
  fs::remove(path(3));
  write(90, "CREATE TABLE t190 (i int)");
  const std::vector<Source> sources = read();
  EXPECT_EQ(sources.size(), static_cast<std::size_t>(many));
  EXPECT_EQ(sources.back().id(), "190_t");
}

TEST_F(FileCacheTest, WhatChangedAMomentAgoIsNotKept) {
  FileCache kept(cache, migrations, Language::sqlite, std::chrono::hours(1));
  const auto stamp = stamp_of(path(0));
  ASSERT_TRUE(stamp);
  kept.save({{"100_t.sql", *stamp, "up", "down"}});
  FileCache again(cache, migrations, Language::sqlite);
  EXPECT_EQ(again.find("100_t.sql", *stamp), nullptr);
}

TEST_F(FileCacheTest, ACacheThatIsBrokenOrThatOthersMayWriteIsNotUsed) {
  const std::string hash = read().front().hash_up;
  poison();
  fs::permissions(cache_file(), fs::perms::all);
  EXPECT_EQ(read().front().hash_up, hash);
  std::string text = read_file(cache_file());
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{7}, text.size() / 2, text.size() - 3}) {
    fs::remove(cache_file());
    read();
    std::ofstream(cache_file()) << text.substr(0, length);
    const std::vector<Source> sources = read();
    ASSERT_EQ(sources.size(), static_cast<std::size_t>(many)) << length;
    EXPECT_EQ(sources.front().hash_up, hash) << length;
  }
}

}  // namespace
}  // namespace sterna::test
