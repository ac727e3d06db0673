--- bad
CREATE INDEX this_name_goes_on_and_on_and_on_and_on_and_on_until_nobody_can_read_it_index ON a (b);
--- good
CREATE INDEX a_b ON a (b);
