-- Equal, ToDecimal
-- 1 = 1.0
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, CAST('1.0' AS DECIMAL(38, 8)))) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", (CAST("const_1" AS DECIMAL(38, 8)) = "const_2") AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- ToLong
-- 1L = 1
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('1' AS BIGINT), 1)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", ("const_1" = CAST("const_2" AS BIGINT)) AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- Quantity
-- 1 'g' = 1000 'mg'
SET VARIABLE unit_known_12d7b5a3 = CAST(['1', 'g', 'mg'] AS VARCHAR[]);

SET VARIABLE unit_equal_12d7b5a3 = CAST(MAP {'g mg': {'num': CAST('1000' AS HUGEINT), 'den': CAST('1' AS HUGEINT)}, 'mg g': {'num': CAST('1' AS HUGEINT), 'den': CAST('1000' AS HUGEINT)}} AS MAP(VARCHAR, STRUCT(num HUGEINT, den HUGEINT)));

WITH "r1" AS (
  SELECT * FROM (VALUES (0, struct_pack("value" := CAST('1.0' AS DECIMAL(38, 8)), "unit" := 'g'), struct_pack("value" := CAST('1000.0' AS DECIMAL(38, 8)), "unit" := 'mg'))) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", (CASE WHEN ("const_1")."value" < "x1" THEN -1 WHEN ("const_1")."value" > "x1" THEN 1 WHEN ("const_1")."value" = "x1" THEN 0 END = 0) AS "Test_3", CASE WHEN (("const_2")."unit" <> ("const_1")."unit" AND NOT (list_contains(getvariable('unit_known_12d7b5a3'), ("const_2")."unit") AND list_contains(getvariable('unit_known_12d7b5a3'), ("const_1")."unit"))) THEN 'irregular: units that the data and the logic do not have in common' END AS "fault_4"
  FROM (SELECT *, CASE WHEN ("const_2")."unit" = ("const_1")."unit" THEN ("const_2")."value" ELSE CAST(TRY(list_transform([[(CAST(trunc(("const_2")."value") AS HUGEINT) * 100000000 + CAST((("const_2")."value" - trunc(("const_2")."value")) * 100000000 AS HUGEINT)) * (getvariable('unit_equal_12d7b5a3')[("const_2")."unit" || ' ' || ("const_1")."unit"]).num, (getvariable('unit_equal_12d7b5a3')[("const_2")."unit" || ' ' || ("const_1")."unit"]).den]], lambda f: list_transform([((f[1] + CASE WHEN (f[1] < 0) = (f[2] < 0) THEN abs(f[2]) // 2 * sign(f[2]) ELSE -(abs(f[2]) // 2) * sign(f[2]) END) // f[2])], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) AS DECIMAL(38, 8)) END AS "x1" FROM "r1")
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5", "fault_4" AS "fault_6"
FROM "r2";

-- Less
-- 1 'g' < 1 'cm'
SET VARIABLE unit_known_9e3e8c3d = CAST(['1', 'g', 'cm'] AS VARCHAR[]);

SET VARIABLE unit_equal_9e3e8c3d = CAST(MAP {} AS MAP(VARCHAR, STRUCT(num HUGEINT, den HUGEINT)));

WITH "r1" AS (
  SELECT * FROM (VALUES (0, struct_pack("value" := CAST('1.0' AS DECIMAL(38, 8)), "unit" := 'g'), struct_pack("value" := CAST('1.0' AS DECIMAL(38, 8)), "unit" := 'cm'))) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", (CASE WHEN ("const_1")."value" < "x1" THEN -1 WHEN ("const_1")."value" > "x1" THEN 1 WHEN ("const_1")."value" = "x1" THEN 0 END < 0) AS "Test_3", CASE WHEN (("const_2")."unit" <> ("const_1")."unit" AND NOT (list_contains(getvariable('unit_known_9e3e8c3d'), ("const_2")."unit") AND list_contains(getvariable('unit_known_9e3e8c3d'), ("const_1")."unit"))) THEN 'irregular: units that the data and the logic do not have in common' END AS "fault_4"
  FROM (SELECT *, CASE WHEN ("const_2")."unit" = ("const_1")."unit" THEN ("const_2")."value" ELSE CAST(TRY(list_transform([[(CAST(trunc(("const_2")."value") AS HUGEINT) * 100000000 + CAST((("const_2")."value" - trunc(("const_2")."value")) * 100000000 AS HUGEINT)) * (getvariable('unit_equal_9e3e8c3d')[("const_2")."unit" || ' ' || ("const_1")."unit"]).num, (getvariable('unit_equal_9e3e8c3d')[("const_2")."unit" || ' ' || ("const_1")."unit"]).den]], lambda f: list_transform([((f[1] + CASE WHEN (f[1] < 0) = (f[2] < 0) THEN abs(f[2]) // 2 * sign(f[2]) ELSE -(abs(f[2]) // 2) * sign(f[2]) END) // f[2])], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) AS DECIMAL(38, 8)) END AS "x1" FROM "r1")
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5", "fault_4" AS "fault_6"
FROM "r2";

-- Equivalent
-- 1 'g' ~ 1 'cm'
SET VARIABLE unit_known_9e3e8c3d = CAST(['1', 'g', 'cm'] AS VARCHAR[]);

SET VARIABLE unit_equivalent_9e3e8c3d = CAST(MAP {} AS MAP(VARCHAR, STRUCT(num HUGEINT, den HUGEINT)));

WITH "r1" AS (
  SELECT * FROM (VALUES (0, struct_pack("value" := CAST('1.0' AS DECIMAL(38, 8)), "unit" := 'g'), struct_pack("value" := CAST('1.0' AS DECIMAL(38, 8)), "unit" := 'cm'))) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", ((("const_1")."value" = CASE WHEN ("const_2")."unit" = ("const_1")."unit" THEN ("const_2")."value" ELSE CAST(TRY(list_transform([[(CAST(trunc(("const_2")."value") AS HUGEINT) * 100000000 + CAST((("const_2")."value" - trunc(("const_2")."value")) * 100000000 AS HUGEINT)) * (getvariable('unit_equivalent_9e3e8c3d')[("const_2")."unit" || ' ' || ("const_1")."unit"]).num, (getvariable('unit_equivalent_9e3e8c3d')[("const_2")."unit" || ' ' || ("const_1")."unit"]).den]], lambda f: list_transform([((f[1] + CASE WHEN (f[1] < 0) = (f[2] < 0) THEN abs(f[2]) // 2 * sign(f[2]) ELSE -(abs(f[2]) // 2) * sign(f[2]) END) // f[2])], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) AS DECIMAL(38, 8)) END) IS TRUE) AS "Test_3", CASE WHEN (("const_2")."unit" <> ("const_1")."unit" AND NOT (list_contains(getvariable('unit_known_9e3e8c3d'), ("const_2")."unit") AND list_contains(getvariable('unit_known_9e3e8c3d'), ("const_1")."unit"))) THEN 'irregular: units that the data and the logic do not have in common' END AS "fault_4"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5", "fault_4" AS "fault_6"
FROM "r2";

-- Date
-- @2014-01 = @2014-01-15
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 1, 2014, 1, 15)) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5")
),
"r2" AS (
  SELECT "pid", (CASE WHEN ("x2")."precision" >= 6 AND ("x4")."precision" >= 6 THEN CASE WHEN ("x2").lo < ("x4").lo THEN -1 WHEN ("x2").lo > ("x4").lo THEN 1 ELSE 0 END ELSE CASE WHEN ("x2").hi < ("x4").lo THEN -1 WHEN ("x2").lo > ("x4").hi THEN 1 WHEN ("x2")."precision" = ("x4")."precision" THEN 0 END END = 0) AS "Test_6", coalesce(CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END, CASE WHEN ("x3" IS NULL) THEN 'invalid-date' END) AS "fault_7"
  FROM (SELECT *, CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE 2 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(2 AS UTINYINT)) END AS "x2", CASE WHEN "x3" IS NOT NULL THEN struct_pack(lo := "x3", hi := "x3" + CASE 3 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(3 AS UTINYINT)) END AS "x4" FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce(CAST(NULL AS INTEGER), 1), 0, 0, 0)) END AS "x1", CASE WHEN "const_3" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_3", coalesce("const_4", 1), coalesce("const_5", 1), 0, 0, 0)) END AS "x3" FROM "r1"))
)
SELECT "pid" AS "pid", "Test_6" AS "Test_8", "fault_7" AS "fault_9"
FROM "r2";

-- LessOrEqual
-- @2014-02 <= @2014-02-28
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 2, 2014, 2, 28)) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5")
),
"r2" AS (
  SELECT "pid", (CASE WHEN ("x2")."precision" >= 6 AND ("x4")."precision" >= 6 THEN CASE WHEN ("x2").lo < ("x4").lo THEN -1 WHEN ("x2").lo > ("x4").lo THEN 1 ELSE 0 END ELSE CASE WHEN ("x2").hi < ("x4").lo THEN -1 WHEN ("x2").lo > ("x4").hi THEN 1 WHEN ("x2")."precision" = ("x4")."precision" THEN 0 END END <= 0) AS "Test_6", coalesce(CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END, CASE WHEN ("x3" IS NULL) THEN 'invalid-date' END) AS "fault_7"
  FROM (SELECT *, CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE 2 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(2 AS UTINYINT)) END AS "x2", CASE WHEN "x3" IS NOT NULL THEN struct_pack(lo := "x3", hi := "x3" + CASE 3 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(3 AS UTINYINT)) END AS "x4" FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce(CAST(NULL AS INTEGER), 1), 0, 0, 0)) END AS "x1", CASE WHEN "const_3" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_3", coalesce("const_4", 1), coalesce("const_5", 1), 0, 0, 0)) END AS "x3" FROM "r1"))
)
SELECT "pid" AS "pid", "Test_6" AS "Test_8", "fault_7" AS "fault_9"
FROM "r2";

-- DateTime
-- @2014-01-01T10:00:00 = @2014-01-01T10:00:00.000
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 1, 1, 10, 0, 0, 2014, 1, 1, 10, 0, 0, 0)) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5", "const_6", "const_7", "const_8", "const_9", "const_10", "const_11", "const_12", "const_13")
),
"r2" AS (
  SELECT "pid", (CASE WHEN least(("x2")."precision", ("x4")."precision") >= 4 THEN CASE WHEN ("x2")."precision" >= 6 AND ("x4")."precision" >= 6 THEN CASE WHEN (("x2").lo + to_minutes(CAST(0 - coalesce(("x2").offset_min, 0) AS INTEGER))) < (("x4").lo + to_minutes(CAST(0 - coalesce(("x4").offset_min, 0) AS INTEGER))) THEN -1 WHEN (("x2").lo + to_minutes(CAST(0 - coalesce(("x2").offset_min, 0) AS INTEGER))) > (("x4").lo + to_minutes(CAST(0 - coalesce(("x4").offset_min, 0) AS INTEGER))) THEN 1 ELSE 0 END ELSE CASE WHEN (("x2").hi + to_minutes(CAST(0 - coalesce(("x2").offset_min, 0) AS INTEGER))) < (("x4").lo + to_minutes(CAST(0 - coalesce(("x4").offset_min, 0) AS INTEGER))) THEN -1 WHEN (("x2").lo + to_minutes(CAST(0 - coalesce(("x2").offset_min, 0) AS INTEGER))) > (("x4").hi + to_minutes(CAST(0 - coalesce(("x4").offset_min, 0) AS INTEGER))) THEN 1 WHEN ("x2")."precision" = ("x4")."precision" THEN 0 END END ELSE CASE WHEN ("x2").hi < ("x4").lo THEN -1 WHEN ("x2").lo > ("x4").hi THEN 1 WHEN ("x2")."precision" = ("x4")."precision" THEN 0 END END = 0) AS "Test_14", coalesce(CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END, CASE WHEN ("x3" IS NULL) THEN 'invalid-date' END) AS "fault_15"
  FROM (SELECT *, CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE 6 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CASE WHEN CAST(NULL AS DECIMAL(38, 8)) IS NULL THEN 0 ELSE CAST(round(CAST(NULL AS DECIMAL(38, 8)) * 60) AS INTEGER) END AS SMALLINT), "precision" := CAST(6 AS UTINYINT)) END AS "x2", CASE WHEN "x3" IS NOT NULL THEN struct_pack(lo := "x3", hi := "x3" + CASE 7 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CASE WHEN CAST(NULL AS DECIMAL(38, 8)) IS NULL THEN 0 ELSE CAST(round(CAST(NULL AS DECIMAL(38, 8)) * 60) AS INTEGER) END AS SMALLINT), "precision" := CAST(7 AS UTINYINT)) END AS "x4" FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 AND coalesce("const_4", 0) BETWEEN 0 AND 23 AND coalesce("const_5", 0) BETWEEN 0 AND 59 AND coalesce("const_6", 0) BETWEEN 0 AND 59 AND coalesce(CAST(NULL AS INTEGER), 0) BETWEEN 0 AND 999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce("const_3", 1), 0, 0, 0)) + to_milliseconds(((coalesce("const_4", 0) * 60 + coalesce("const_5", 0)) * 60 + coalesce("const_6", 0)) * 1000 + coalesce(CAST(NULL AS INTEGER), 0)) END AS "x1", CASE WHEN "const_7" BETWEEN 1 AND 9999 AND coalesce("const_10", 0) BETWEEN 0 AND 23 AND coalesce("const_11", 0) BETWEEN 0 AND 59 AND coalesce("const_12", 0) BETWEEN 0 AND 59 AND coalesce("const_13", 0) BETWEEN 0 AND 999 THEN TRY(make_timestamp("const_7", coalesce("const_8", 1), coalesce("const_9", 1), 0, 0, 0)) + to_milliseconds(((coalesce("const_10", 0) * 60 + coalesce("const_11", 0)) * 60 + coalesce("const_12", 0)) * 1000 + coalesce("const_13", 0)) END AS "x3" FROM "r1"))
)
SELECT "pid" AS "pid", "Test_14" AS "Test_16", "fault_15" AS "fault_17"
FROM "r2";

-- Tuple
-- Tuple { a: 1, b: null as Integer } = Tuple { a: 1, b: 2 }
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 1)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN ("const_1" = "const_2") THEN CAST(NULL AS BOOLEAN) ELSE ("const_1" = "const_2") END AS "Test_4"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_4" AS "Test_6"
FROM "r2";

-- Instance
-- Code { code: 'a', system: 's', display: 'x' } ~ Code { code: 'a', system: 's', display: 'y' }
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'a', 's', 'a', 's')) AS t("pid", "const_1", "const_2", "const_4", "const_5")
),
"r2" AS (
  SELECT "pid", ((("const_1" IS NOT DISTINCT FROM "const_4") AND ("const_2" IS NOT DISTINCT FROM "const_5")) IS TRUE) AS "Test_7"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_7" AS "Test_9"
FROM "r2";

-- GreaterOrEqual
-- 3 between 1 and 5
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 3, 1, 3, 5)) AS t("pid", "const_1", "const_2", "const_3", "const_4")
),
"r2" AS (
  SELECT "pid", (("const_2" <= "const_1") AND ("const_3" <= "const_4")) AS "Test_5"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_5" AS "Test_7"
FROM "r2";
