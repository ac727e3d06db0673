// One connection of the project as the designer sees it: its states, what the database makes of a
// drawn schema, and an engine for looking at the history. Used by the routes; not safe for
// concurrent use (the designer serialises). Changes no database: everything is tried out in scratch
// ones.
#pragma once

#include "config/config.hpp"
#include "diff/diff.hpp"
#include "migration/engine.hpp"
#include "program/state.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::designer {

/// A schema and what it is known by: two equal ones have equal fingerprints.
struct DesignState {
  model::Model model;
  std::string fingerprint;
};

class DesignProject {
 public:
  /// `options_of`: the engine options of a named connection of `config`.
  DesignProject(const Config& config, const ConnectionConfig& connection,
                std::function<EngineOptions(std::string_view name)> options_of);

  const Config& config() const noexcept { return config_; }
  const ConnectionConfig& connection_config() const noexcept { return connection_; }
  Connection& connection() { return engine().connection(); }

  /// `spec`: "migrations", "migrations@VERSION", "applied", "database", "empty", "@connection", or
  /// a file of the project (.sql, .json). What was replayed is kept until a file changes.
  /// @throws Error(validation) for anything else: the page may not name URLs, programs or files
  /// outside of the project.
  const DesignState& state(const std::string& spec);
  /// Whether state() knows it; reads nothing. @throws Error(validation)
  void check_state(const std::string& spec) const;
  /// What state() takes here, files named by their way from the project's folder.
  std::vector<std::string> states() const;
  /// The schema as the database itself spells it: what differs from `base` is made in a scratch
  /// database together with what it stands on. The order of what is equal is kept.
  model::Model canonical(const model::Model& wanted, const model::Model& base);
  /// Everything of it made in a scratch database, and looked at there.
  model::Model canonical(const model::Model& wanted);
  /// Statements of a person, run in a scratch database. @throws Error(syntax, schema, …) with the
  /// line.
  model::Model loaded(std::string_view sql, const std::string& file);
  /// What the database makes of a type as a person writes it: "varchar(40)". It may be made of the
  /// types of `drawn`, which need not be in the database yet.
  model::Type type_of(const std::string& text, const model::Model& drawn = {});

  DiffOptions diff_options();
  /// As this connection's database spells it, or as well as can be told.
  std::string type_text(const model::Type& type);
  /// A new engine, which reads files and history afresh and makes no database.
  std::unique_ptr<MigrationEngine> looking_engine() const;
  /// A new engine that may change the database.
  std::unique_ptr<MigrationEngine> applying_engine() const;
  /// After a lost session: the next request opens a new one.
  void reconnect() noexcept;

 private:
  MigrationEngine& engine();
  StateReader reader();
  std::string spec_of(const std::string& spec) const;
  /// Names, sizes and times of the migrations' files.
  std::string files_stamp() const;

  const Config& config_;
  const ConnectionConfig& connection_;
  std::function<EngineOptions(std::string_view name)> options_of_;
  std::unique_ptr<MigrationEngine> engine_;
  bool absent_ = false;  ///< there is no database: engine_ looks at an empty one
  struct Kept {
    std::string stamp;
    DesignState state;
  };
  std::map<std::string, Kept> kept_;
};

}  // namespace sterna::designer
