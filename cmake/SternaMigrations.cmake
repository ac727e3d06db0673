# filled in with the loaders of C++ migrations
