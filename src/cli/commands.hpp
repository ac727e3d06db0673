// The commands' entry points, for the table. Each returns an exit code; failures are thrown as
// Error.
#pragma once

namespace sterna::cli {

class Invocation;

int run_init(Invocation&);
int run_new(Invocation&);
int run_up(Invocation&);
int run_up_fleet(Invocation&);
int run_down_fleet(Invocation&);
int run_status_fleet(Invocation&);
int run_plan_fleet(Invocation&);
int run_validate_fleet(Invocation&);
int run_down(Invocation&);
int run_redo(Invocation&);
int run_reset(Invocation&);
int run_fresh(Invocation&);
int run_seed(Invocation&);
int run_status(Invocation&);
int run_history(Invocation&);
int run_history_clear(Invocation&);
int run_query(Invocation&);
int run_plan(Invocation&);
int run_validate(Invocation&);
int run_lint(Invocation&);
int run_baseline(Invocation&);
int run_resolve(Invocation&);
int run_repair(Invocation&);
int run_freeze(Invocation&);
int run_unfreeze(Invocation&);
int run_hash(Invocation&);
int run_config_show(Invocation&);
int run_doctor(Invocation&);
int run_debug_split(Invocation&);
int run_reference(Invocation&);
int run_manual_page(Invocation&);
int run_completion(Invocation&);
int run_version(Invocation&);
int run_help(Invocation&);
int run_schema_inspect(Invocation&);
int run_schema_diff(Invocation&);
int run_schema_drift(Invocation&);
int run_schema_snapshot(Invocation&);
int run_schema_apply(Invocation&);
int run_schema_drop(Invocation&);
int run_squash(Invocation&);
int run_design(Invocation&);
int run_serve(Invocation&);
int run_import(Invocation&);
int run_export(Invocation&);
int run_wait_for(Invocation&);
int run_test(Invocation&);
int run_expand(Invocation&);

}  // namespace sterna::cli
