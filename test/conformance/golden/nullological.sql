-- Coalesce, As, Null, Literal
-- Coalesce(null as Integer, 2, 3)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2)) AS t("pid", "const_1")
)
SELECT "pid" AS "pid", "const_1" AS "Test_3"
FROM "r1";

-- SingletonFrom, List
-- Coalesce(1, singleton from {1, 2})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1)) AS t("pid", "const_1")
)
SELECT "pid" AS "pid", "const_1" AS "Test_4"
FROM "r1";

-- IsNull
-- (null as Integer) is null
WITH "r1" AS (
  SELECT * FROM (VALUES (0)) AS t("pid")
)
SELECT "pid" AS "pid", true AS "Test_1"
FROM "r1";

-- Not
-- '' is not null
WITH "r1" AS (
  SELECT * FROM (VALUES (0)) AS t("pid")
)
SELECT "pid" AS "pid", true AS "Test_2"
FROM "r1";

-- IsTrue
-- (null as Boolean) is true
WITH "r1" AS (
  SELECT * FROM (VALUES (0)) AS t("pid")
)
SELECT "pid" AS "pid", false AS "Test_1"
FROM "r1";

-- IsFalse
-- false is false
WITH "r1" AS (
  SELECT * FROM (VALUES (0, false)) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", ("const_1" IS FALSE) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- If
-- if (null as Boolean) then 1 else 2
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2)) AS t("pid", "const_2")
)
SELECT "pid" AS "pid", "const_2" AS "Test_3"
FROM "r1";

-- Case, Greater
-- case when 1 > 2 then 'a' when (null as Boolean) then 'b' else 'c' end
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 2, 'a', 'c')) AS t("pid", "const_1", "const_2", "const_3", "const_5")
),
"r2" AS (
  SELECT "pid", CASE WHEN ("const_2" < "const_1") THEN "const_3" ELSE "const_5" END AS "Test_6"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_6" AS "Test_8"
FROM "r2";
