// libpq, opened when the first postgres URL is used: a run on another database must not pay for
// loading it.
#pragma once

#include <libpq-fe.h>

namespace sterna::postgres {

// clang-format off
#define STERNA_LIBPQ_FUNCTIONS(X) \
  X(PQbackendPID) X(PQcancel) X(PQclear) X(PQcmdStatus) X(PQcmdTuples) X(PQconnectPoll) \
  X(PQconnectStartParams) X(PQconsumeInput) X(PQenterPipelineMode) X(PQerrorMessage) X(PQexec) \
  X(PQexecParams) X(PQexitPipelineMode) X(PQfinish) X(PQfname) X(PQfreeCancel) X(PQfreemem) \
  X(PQftype) X(PQgetCancel) X(PQgetCopyData) X(PQgetisnull) X(PQgetlength) X(PQgetResult) \
  X(PQgetvalue) X(PQhost) X(PQnfields) X(PQntuples) X(PQparameterStatus) X(PQpipelineSync) \
  X(PQport) X(PQputCopyData) X(PQputCopyEnd) X(PQresultErrorField) X(PQresultErrorMessage) \
  X(PQresultStatus) X(PQsendQuery) X(PQsendQueryParams) X(PQserverVersion) \
  X(PQsetNoticeProcessor) X(PQsetSingleRowMode) X(PQsocket) X(PQstatus) X(PQtransactionStatus)
// clang-format on

struct LibPq {
#define STERNA_DECLARE(name) decltype(&::name) name = nullptr;
  STERNA_LIBPQ_FUNCTIONS(STERNA_DECLARE)
#undef STERNA_DECLARE
};

/// @throws Error(config) that names the package when the library cannot be opened.
const LibPq& libpq();

}  // namespace sterna::postgres
