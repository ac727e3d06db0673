// export: what `up` would do, as one script for a person who runs it by hand.
#include "base/file.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "ops/script_export.hpp"

namespace sterna::cli {

int run_export(Invocation& invocation) {
  Session session(invocation, Access::looks);
  Target target;
  if (const auto until = invocation.value("until")) target = {Target::Kind::version, *until, 0};
  const std::string script = export_sql(session.engine(), target);
  if (const auto file = invocation.value("output")) {
    write_file_atomically(*file, script);
    say("wrote " + *file);
  } else {
    print(script);
  }
  return 0;
}

}  // namespace sterna::cli
