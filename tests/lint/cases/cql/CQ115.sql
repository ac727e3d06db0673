--- bad
CREATE TABLE hits (page text PRIMARY KEY, hits counter, title text);
--- good
CREATE TABLE hits (page text, day date, hits counter, misses counter, PRIMARY KEY (page, day));
