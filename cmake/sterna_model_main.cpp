// Prints the entities that are linked beside it.
#include <sterna/model.hpp>

int main(int argc, char** argv) { return sterna::model_main(argc, argv); }
