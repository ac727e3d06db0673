--- bad
CREATE TABLE a (id bigint PRIMARY KEY, url varchar(1000) NOT NULL, UNIQUE KEY a_url (url)) DEFAULT CHARSET=utf8mb4;
--- good
CREATE TABLE a (id bigint PRIMARY KEY, url varchar(700) NOT NULL, UNIQUE KEY a_url (url)) DEFAULT CHARSET=utf8mb4;
