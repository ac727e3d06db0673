-- head
/* more */ SELECT 1 -- inside
  , 2 /* tail */ -- tail
; -- after
SELECT 3