#include "migration/compiler.hpp"

#include "base/dynamic_library.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/log.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "migration/plugins.hpp"

#include <sterna/error.hpp>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <future>
#include <map>
#include <mutex>
#include <set>

// What is compiled becomes a shared object in the cache, beside an index that names the sources it
// holds and every header it was made from, with their hashes. An object is used when all of these
// are as they were; its name carries compiler, flags and ABI.

namespace sterna {
namespace fs = std::filesystem;

namespace {

/// Raised when what a compiled migration and the library share changes its layout.
constexpr int abi_number = 1;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string compiler_of(const CompileOptions& options) {
  for (const std::string& name : {options.compiler, variable("STERNA_CXX"), variable("CXX")}) {
    if (!name.empty()) return name;
  }
  return "c++";
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  for (const std::string& word : split(text, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

/// Where the public headers are: STERNA_INCLUDE, the installation, the build tree.
fs::path include_folder() {
  std::vector<fs::path> tried;
  if (const std::string named = variable("STERNA_INCLUDE"); !named.empty())
    tried.emplace_back(named);
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  if (!program.empty()) tried.push_back(program.parent_path().parent_path() / "include");
  tried.emplace_back(STERNA_SOURCE_INCLUDE);
  for (const fs::path& folder : tried) {
    if (fs::exists(folder / "sterna" / "migration.hpp", ignored)) return folder;
  }
  throw Error(ErrorKind::config,
              "the headers of Sterna were not found, so C++ migrations cannot be compiled")
      .suggest(
          "install the development files, or name the folder that holds sterna/migration.hpp in "
          "STERNA_INCLUDE");
}

/// Nobody else may be able to change what is going to be run.
void refuse_foreign_hands(const fs::path& path, const char* what) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return;
  const bool owned = info.st_uid == ::geteuid() || info.st_uid == 0;
  const bool group = (info.st_mode & S_IWGRP) != 0 && info.st_gid != ::getegid();
  if (owned && !group && (info.st_mode & S_IWOTH) == 0) return;
  throw Error(ErrorKind::refused,
              fmt::format("{} {} can be changed by others, and would be run", what, path.string()))
      .at({path.string(), 0, 0})
      .suggest("chmod go-w " + path.string());
}

class CacheLock {
 public:
  explicit CacheLock(const fs::path& folder)
      : fd_(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (fd_ < 0 || ::flock(fd_, LOCK_EX) != 0) {
      throw Error(ErrorKind::config, "the cache of compiled migrations cannot be locked: " +
                                         folder.string() + ": " + std::strerror(errno));
    }
  }
  ~CacheLock() { ::close(fd_); }
  CacheLock(const CacheLock&) = delete;
  CacheLock& operator=(const CacheLock&) = delete;

 private:
  int fd_;
};

/// Headers named by the compiler's dependency file, without the sources and Sterna's and the
/// system's own (these are in the key).
std::vector<fs::path> read_depfile(const fs::path& path, const fs::path& include) {
  std::vector<fs::path> headers;
  std::string text = read_file(path);
  for (std::size_t at = 0; (at = text.find("\\\n", at)) != std::string::npos;)
    text.replace(at, 2, " ");
  for (const std::string& word : words_of(text.substr(text.find(':') + 1))) {
    const std::string name(trim(word));
    const bool header = !name.ends_with(".cpp") && !name.ends_with(".gch");
    if (header && !name.empty() && !name.starts_with("/usr/") &&
        !name.starts_with(include.string()))
      headers.emplace_back(name);
  }
  return headers;
}

class Compiler {
 public:
  /// `what` is compiled: "migration", "model".
  Compiler(const CompileOptions& options, std::string what)
      : options_(options),
        what_(std::move(what)),
        cache_(options.cache),
        program_(compiler_of(options)) {
    fs::create_directories(cache_);
    ::chmod(cache_.c_str(), 0700);
    refuse_foreign_hands(cache_, "the cache of compiled migrations");
    std::error_code ignored;
    cache_ = fs::canonical(cache_, ignored);
  }

  std::vector<RegisteredMigration> load(std::span<const fs::path> files) {
    const std::vector<fs::path> sources = sources_of(files);
    return load_objects(sources, objects_of(sources));
  }

  /// Loads what registers something else than migrations.
  void load_others(std::span<const fs::path> files) {
    static std::set<fs::path> loaded;  // they are never unloaded
    for (const auto& [source, object] : objects_of(sources_of(files))) {
      if (loaded.insert(object).second) load_object(object);
    }
  }

 private:
  std::vector<fs::path> sources_of(std::span<const fs::path> files) const {
    std::vector<fs::path> sources;
    for (const fs::path& file : files) {
      refuse_foreign_hands(file, ("the " + what_).c_str());
      sources.push_back(fs::absolute(file).lexically_normal());
    }
    return sources;
  }

  std::map<fs::path, fs::path> objects_of(const std::vector<fs::path>& sources) {
    const CacheLock lock(cache_);
    std::map<fs::path, fs::path> objects = find_cached(sources);
    std::vector<fs::path> missing;
    for (const fs::path& source : sources) {
      if (!objects.contains(source)) missing.push_back(source);
    }
    if (!missing.empty()) compile(missing, objects);
    return objects;
  }

  /// Compiler, flags, headers and ABI: what all objects of one name prefix share. The compiler is
  /// asked for its version only when its file changed since.
  const std::string& key() {
    if (!key_.empty()) return key_;
    include_ = include_folder();
    std::string parts = fmt::format("abi {}\nsterna {}\n{}\n{}\n{}\n", abi_number, version(),
                                    program_, compiler_identity(), join(flags(), " "));
    for (const std::string& name : list_files(include_ / "sterna"))
      parts += name + " " + sha256_hex(read_file(include_ / "sterna" / name)) + "\n";
    key_ = sha256_hex(parts).substr(0, 16);
    return key_;
  }

  std::string compiler_identity() const {
    fs::path found = program_;
    if (program_.find('/') == std::string::npos) {
      for (const std::string& folder : split(variable("PATH"), ':')) {
        if (::access((fs::path(folder) / program_).c_str(), X_OK) == 0) {
          found = fs::path(folder) / program_;
          break;
        }
      }
    }
    std::error_code ignored;
    const fs::path real = fs::canonical(found, ignored);
    struct stat info {};
    if (::stat(real.c_str(), &info) != 0) return "none";
    return fmt::format("{} {} {}", real.string(), info.st_size,
                       static_cast<long long>(info.st_mtime));
  }

  std::vector<std::string> flags() const {
    std::vector<std::string> all{"-std=c++20", "-O0", "-fPIC", "-fvisibility=hidden", "-w"};
    for (const std::string& text : {variable("STERNA_CXXFLAGS"), options_.flags}) {
      for (std::string& word : words_of(text)) all.push_back(std::move(word));
    }
    return all;
  }

  // ---- the cache ----

  /// Index of an object: one line a file it was made from: S (source) or H (header), hash, path.
  struct Index {
    std::map<fs::path, std::string> sources, headers;
  };

  static Index parse_index(const std::string& text) {
    Index index;
    for (const std::string& line : split(text, '\n')) {
      if (line.size() < 68) continue;
      (line[0] == 'S' ? index.sources : index.headers)[line.substr(67)] = line.substr(2, 64);
    }
    return index;
  }

  static std::string hash_of(const fs::path& path) {
    const auto text = read_file_if_exists(path);
    return text ? sha256_hex(*text) : std::string();
  }

  std::map<fs::path, fs::path> find_cached(const std::vector<fs::path>& sources) {
    std::map<fs::path, fs::path> objects;
    std::map<fs::path, std::string> hashes;
    const auto hash = [&](const fs::path& path) -> const std::string& {
      const auto [entry, fresh] = hashes.try_emplace(path);
      if (fresh) entry->second = hash_of(path);
      return entry->second;
    };
    const std::set<fs::path> wanted(sources.begin(), sources.end());
    for (const std::string& name : list_files(cache_)) {
      if (!name.starts_with(key()) || !name.ends_with(".index")) continue;
      const Index index = parse_index(read_file(cache_ / name));
      const bool current =
          std::all_of(index.headers.begin(), index.headers.end(),
                      [&](const auto& header) { return hash(header.first) == header.second; });
      if (!current) continue;
      for (const auto& [source, source_hash] : index.sources) {
        if (wanted.contains(source) && hash(source) == source_hash)
          objects[source] = cache_ / (name.substr(0, name.size() - 6) + ".so");
      }
    }
    return objects;
  }

  // ---- compiling ----

  fs::path precompiled_header() {
    const fs::path header = cache_ / (key() + ".hpp");
    const fs::path compiled = header.string() + ".gch";
    std::error_code ignored;
    if (fs::exists(compiled, ignored)) return header;
    write_file_atomically(header, "#include <sterna/migration.hpp>\n");
    std::vector<std::string> command{program_};
    for (const std::string& flag : flags()) command.push_back(flag);
    const std::string temporary = compiled.string() + ".new";
    for (const std::string& word :
         {std::string("-I"), include_.string(), std::string("-x"), std::string("c++-header"),
          header.string(), std::string("-o"), temporary}) {
      command.push_back(word);
    }
    const ProcessResult result = run_process(command);
    if (result.exit_code != 0) throw failed("the precompiled header", result.output);
    fs::rename(temporary, compiled);
    return header;
  }

  static Error failed(const std::string& what, const std::string& output) {
    return Error(ErrorKind::validation, "compiling " + what + " failed:\n" + output)
        .with_state("nothing was run");
  }

  struct Attempt {
    bool good = false;
    std::string output;
    fs::path object;
  };

  /// One shared object of several sources, through a file that includes them all: the headers are
  /// read once.
  Attempt build(const std::vector<fs::path>& sources, const fs::path& header) {
    std::string text, names;
    for (const fs::path& source : sources) {
      text += "#include \"" + source.string() + "\"\n";
      names += source.string() + hash_of(source) + "\n";
    }
    const std::string stem = key() + "-" + sha256_hex(names).substr(0, 16);
    const fs::path unity = cache_ / (stem + ".cpp");
    // A header given to the compiler alone would be precompiled.
    const bool together = sources.size() > 1 || sources.front().extension() != ".cpp";
    if (together) write_file_atomically(unity, text);
    const fs::path object = cache_ / (stem + ".so");
    const std::string temporary = object.string() + ".new";
    const fs::path depfile = cache_ / (stem + ".d");
    std::vector<std::string> command{program_};
    for (const std::string& flag : flags()) command.push_back(flag);
    for (const std::string& word :
         {std::string("-shared"), std::string("-I"), include_.string(), std::string("-I"),
          sources.front().parent_path().string(), std::string("-I"),
          sources.front().parent_path().parent_path().string(), std::string("-include"),
          header.string(), std::string("-MMD"), std::string("-MF"), depfile.string(),
          (together ? unity : sources.front()).string(), std::string("-o"), temporary}) {
      command.push_back(word);
    }
    ProcessResult result = run_process(command);
    if (result.exit_code != 0) return {false, std::move(result.output), {}};
    std::string index;
    for (const fs::path& source : sources)
      index += "S " + hash_of(source) + " " + source.string() + "\n";
    for (const fs::path& used : read_depfile(depfile, include_)) {
      if (used != header && used.parent_path() != cache_)
        index += "H " + hash_of(used) + " " + fs::absolute(used).string() + "\n";
    }
    fs::remove(depfile);
    fs::remove(unity);
    fs::rename(temporary, object);
    write_file_atomically(cache_ / (stem + ".index"), index);
    return {true, {}, object};
  }

  void compile(const std::vector<fs::path>& missing, std::map<fs::path, fs::path>& objects) {
    if (!options_.allow_compile) {
      throw Error(ErrorKind::refused,
                  fmt::format("{} {} is not compiled yet, and --no-compile forbids it", what_,
                              missing.front().filename().string()))
          .at({missing.front().string(), 0, 0})
          .with_state("nothing was run")
          .suggest(
              "run once without --no-compile, or link the migrations into a program "
              "(sterna_add_migrator)");
    }
    if (options_.progress)
      options_.progress(
          fmt::format("compiling {} {}{}", missing.size(), what_, missing.size() == 1 ? "" : "s"));
    const fs::path header = precompiled_header();
    constexpr std::size_t few = 3;
    std::vector<std::vector<fs::path>> groups;
    if (missing.size() <= few) {
      for (const fs::path& source : missing) groups.push_back({source});
    } else {
      const auto half = missing.begin() + static_cast<std::ptrdiff_t>(missing.size() / 2);
      groups.emplace_back(missing.begin(), half);
      groups.emplace_back(half, missing.end());
    }
    std::vector<std::future<Attempt>> running;
    for (const std::vector<fs::path>& group : groups)
      running.push_back(
          std::async(std::launch::async, [this, &group, &header] { return build(group, header); }));
    std::vector<Attempt> attempts;
    for (auto& one : running) attempts.push_back(one.get());
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (attempts[i].good) {
        for (const fs::path& source : groups[i]) objects[source] = attempts[i].object;
        continue;
      }
      // Two files may use one name, or one of them be wrong: each by itself tells.
      for (const fs::path& source : groups[i]) {
        Attempt attempt = groups[i].size() == 1 ? attempts[i] : build({source}, header);
        if (!attempt.good)
          throw failed(source.filename().string(), attempt.output).at({source.string(), 0, 0});
        objects[source] = attempt.object;
      }
    }
  }

  // ---- loading ----

  static void load_object(const fs::path& object) {
    const DynamicLibrary library(object.string(),
                                 "remove the folder .sterna/cache and run the command again");
  }

  static std::vector<RegisteredMigration> load_objects(
      const std::vector<fs::path>& sources, const std::map<fs::path, fs::path>& objects) {
    static std::map<fs::path, std::vector<RegisteredMigration>>
        loaded;  // by object; they are never unloaded
    std::vector<RegisteredMigration> result;
    for (const fs::path& source : sources) {
      const fs::path& object = objects.at(source);
      if (!loaded.contains(object)) {
        const std::size_t before = registered_migrations().size();
        load_object(object);
        loaded[object] = registered_migrations(before);
      }
      std::vector<const RegisteredMigration*> own;
      for (const RegisteredMigration& migration : loaded[object]) {
        if (fs::path(migration.file) == source) own.push_back(&migration);
      }
      if (own.size() != 1) {
        throw Error(ErrorKind::validation, own.empty()
                                               ? "the file registers no migration"
                                               : "the file registers more than one migration")
            .at({source.string(), 0, 0})
            .suggest("end it with one STERNA_MIGRATION(ClassName);");
      }
      result.push_back(*own.front());
    }
    return result;
  }

  const CompileOptions& options_;
  std::string what_;
  fs::path cache_, include_;
  std::string program_, key_;
};

}  // namespace

std::vector<RegisteredMigration> load_cpp_migrations(std::span<const fs::path> files,
                                                     const CompileOptions& options) {
  // What is loaded registers itself for the whole process; several engines may ask at once.
  static std::mutex loading;
  const std::lock_guard lock(loading);
  return Compiler(options, "migration").load(files);
}

void load_cpp_plugins(std::string_view what, std::span<const fs::path> files,
                      const CompileOptions& options) {
  Compiler(options, std::string(what)).load_others(files);
}

void load_cpp_models(std::span<const fs::path> files, const CompileOptions& options) {
  load_cpp_plugins("model", files, options);
}

}  // namespace sterna
