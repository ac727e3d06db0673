
-- only a comment;
/* ; */
  ;
