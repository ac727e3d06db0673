-- base
CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple, STOPWORDS = english);
CREATE TEXT SEARCH CONFIGURATION plain (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION plain ADD MAPPING FOR asciiword, word WITH words, english_stem;
-- change: option of a dictionary
ALTER TEXT SEARCH DICTIONARY words (Accept = false);
-- change: mapping
ALTER TEXT SEARCH CONFIGURATION plain ADD MAPPING FOR email WITH simple;
-- change: dictionaries of a mapping
ALTER TEXT SEARCH CONFIGURATION plain ALTER MAPPING FOR word WITH words;
-- change: comment on a dictionary
COMMENT ON TEXT SEARCH DICTIONARY words IS 'all';
-- change: comment on a configuration
COMMENT ON TEXT SEARCH CONFIGURATION plain IS 'few';
-- change: owner
ALTER TEXT SEARCH CONFIGURATION plain OWNER TO pg_monitor;
-- change: owner of a dictionary
ALTER TEXT SEARCH DICTIONARY words OWNER TO pg_monitor;
