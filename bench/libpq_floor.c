/* The floor for PostgreSQL: a bare libpq program that sends each migration with its history row as one message, and nothing else.
   libpq_floor URL FOLDER */
#include <dirent.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

int main(int argc, char **argv) {
  if (argc != 3) return 3;
  PGconn *connection = PQconnectdb(argv[1]);
  if (PQstatus(connection) != CONNECTION_OK) { fputs(PQerrorMessage(connection), stderr); return 1; }
  PQclear(PQexec(connection, "CREATE TABLE IF NOT EXISTS floor_history (version varchar(120) PRIMARY KEY, hash varchar(64), applied_at timestamp)"));
  char *names[20000];
  int count = 0;
  DIR *folder = opendir(argv[2]);
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    if (strstr(entry->d_name, ".sql") != NULL) names[count++] = strdup(entry->d_name);
  }
  qsort(names, count, sizeof *names, by_name);
  for (int i = 0; i < count; ++i) {
    char path[4096], text[65536];
    snprintf(path, sizeof path, "%s/%s", argv[2], names[i]);
    FILE *file = fopen(path, "r");
    size_t size = (size_t)sprintf(text, "BEGIN;");
    size += fread(text + size, 1, sizeof text - size - 1024, file);
    fclose(file);
    text[size] = '\0';
    char *down = strstr(text, "-- sterna:down");
    if (down != NULL) *down = '\0';
    sprintf(text + strlen(text), ";INSERT INTO floor_history VALUES ('%s', '%064d', now()); COMMIT", names[i], i);
    PGresult *result = PQexec(connection, text);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) { fputs(PQerrorMessage(connection), stderr); return 1; }
    PQclear(result);
  }
  PQfinish(connection);
  return 0;
}
