SELECT E'one'
  'two\'; still'
  'three';
SELECT 'plain'
'\';
