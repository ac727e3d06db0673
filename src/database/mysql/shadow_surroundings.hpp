// What stands around a table that is changed on a copy, on MySQL and MariaDB: foreign keys to and
// from it, and its triggers. They go over to the copy before both change places, so that there is
// no moment in which a key points to the wrong table or a trigger is missing.
#pragma once

#include "database/shadow.hpp"

namespace sterna::mysql {

inline Statement plain(std::string sql) { return {std::move(sql), {}, {}, {}}; }

/// Its complete CREATE TABLE; empty when it is not there.
std::string create_statement(Connection& connection, const model::Name& table);

class ShadowSurroundings : public ShadowWords {
 public:
  std::vector<Shadow::Reference> references(Connection& connection,
                                            const Shadow& shadow) const override;
  std::vector<Shadow::Reference> referrers(Connection& connection, const Shadow& shadow,
                                           const model::Name& referred) const override;
  std::vector<Shadow::Trigger> triggers_of(Connection& connection,
                                           const Shadow& shadow) const override;
  std::vector<Statement> guarded(Connection& connection, const Shadow& shadow) const override;
  std::vector<Statement> unguarded(Connection& connection, const Shadow& shadow,
                                   const model::Name& table) const override;
  std::vector<Statement> bind(Connection& connection, const Shadow& shadow,
                              bool own) const override;
  std::vector<Statement> release(Connection& connection, const Shadow& shadow) const override;
  std::vector<Statement> recall(const Dialect& dialect, const Shadow& shadow,
                                const std::vector<Shadow::Reference>& late) const override;
  std::vector<Statement> own_triggers(Connection& connection, const Shadow& shadow) const override;
};

}  // namespace sterna::mysql
