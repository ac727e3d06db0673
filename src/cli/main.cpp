#include <sterna/main.hpp>

int main(int argc, char** argv) { return sterna::command_main(argc, argv); }
