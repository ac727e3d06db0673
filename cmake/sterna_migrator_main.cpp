// The sterna command with the migrations that are linked beside it.
#include <sterna/main.hpp>

int main(int argc, char** argv) { return sterna::command_main(argc, argv); }
