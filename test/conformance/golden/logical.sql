-- And
-- true and (null as Boolean)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, true)) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", ("const_1" AND CAST(NULL AS BOOLEAN)) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- Contains, Interval
-- false and (Interval[3, 1] contains 2)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, false, 3, 1, 2)) AS t("pid", "const_1", "const_2", "const_3", "const_6")
),
"r2" AS (
  SELECT "pid", ("const_1" AND (("const_2" <= "const_6") AND ("const_6" <= "const_3"))) AS "Test_7", CASE WHEN ("const_3" < "const_2") THEN 'invalid-interval' END AS "fault_8"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_7" AS "Test_9", "fault_8" AS "fault_10"
FROM "r2";

-- Or
-- true or (Interval[3, 1] contains 2)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, true, 3, 1, 2)) AS t("pid", "const_1", "const_2", "const_3", "const_6")
),
"r2" AS (
  SELECT "pid", ("const_1" OR (("const_2" <= "const_6") AND ("const_6" <= "const_3"))) AS "Test_7", CASE WHEN ("const_3" < "const_2") THEN 'invalid-interval' END AS "fault_8"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_7" AS "Test_9", "fault_8" AS "fault_10"
FROM "r2";

-- Xor
-- true xor true
WITH "r1" AS (
  SELECT * FROM (VALUES (0, true, true)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", ("const_1" <> "const_2") AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- Implies
-- false implies (null as Boolean)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, false)) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", ((NOT "const_1") OR CAST(NULL AS BOOLEAN)) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";
