-- Add
-- 2147483647 + 1
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2147483647, 1)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", TRY_CAST(CAST("const_1" AS BIGINT) + "const_2" AS INTEGER) AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- Subtract, Negate
-- -2147483648 - 1
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST(-2147483648 AS INTEGER), 1)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", TRY_CAST(CAST("const_1" AS BIGINT) - "const_2" AS INTEGER) AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- Multiply
-- 0.00000001 * 0.1
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('0.00000001' AS DECIMAL(38, 8)), CAST('0.1' AS DECIMAL(38, 8)))) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN abs(TRY(list_transform([CAST(trunc("const_1") AS HUGEINT) * (CAST(trunc("const_2") AS HUGEINT) * 100000000 + CAST(("const_2" - trunc("const_2")) * 100000000 AS HUGEINT)) + CAST(("const_1" - trunc("const_1")) * 100000000 AS HUGEINT) * CAST(trunc("const_2") AS HUGEINT) + ((CAST(("const_1" - trunc("const_1")) * 100000000 AS HUGEINT) * CAST(("const_2" - trunc("const_2")) * 100000000 AS HUGEINT)) + 50000000 * sign((CAST(("const_1" - trunc("const_1")) * 100000000 AS HUGEINT) * CAST(("const_2" - trunc("const_2")) * 100000000 AS HUGEINT)))) // 100000000], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY(list_transform([CAST(trunc("const_1") AS HUGEINT) * (CAST(trunc("const_2") AS HUGEINT) * 100000000 + CAST(("const_2" - trunc("const_2")) * 100000000 AS HUGEINT)) + CAST(("const_1" - trunc("const_1")) * 100000000 AS HUGEINT) * CAST(trunc("const_2") AS HUGEINT) + ((CAST(("const_1" - trunc("const_1")) * 100000000 AS HUGEINT) * CAST(("const_2" - trunc("const_2")) * 100000000 AS HUGEINT)) + 50000000 * sign((CAST(("const_1" - trunc("const_1")) * 100000000 AS HUGEINT) * CAST(("const_2" - trunc("const_2")) * 100000000 AS HUGEINT)))) // 100000000], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1]) END AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- Divide
-- 2 / 3
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2, 3)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN abs(CASE WHEN "x1" <> 0 THEN TRY(list_transform([[(CAST(trunc(CAST("const_1" AS DECIMAL(38, 8))) AS HUGEINT) * 100000000 + CAST((CAST("const_1" AS DECIMAL(38, 8)) - trunc(CAST("const_1" AS DECIMAL(38, 8)))) * 100000000 AS HUGEINT)), (CAST(trunc("x1") AS HUGEINT) * 100000000 + CAST(("x1" - trunc("x1")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN CASE WHEN "x1" <> 0 THEN TRY(list_transform([[(CAST(trunc(CAST("const_1" AS DECIMAL(38, 8))) AS HUGEINT) * 100000000 + CAST((CAST("const_1" AS DECIMAL(38, 8)) - trunc(CAST("const_1" AS DECIMAL(38, 8)))) * 100000000 AS HUGEINT)), (CAST(trunc("x1") AS HUGEINT) * 100000000 + CAST(("x1" - trunc("x1")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END END AS "Test_3"
  FROM (SELECT *, CAST("const_2" AS DECIMAL(38, 8)) AS "x1" FROM "r1")
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- TruncatedDivide
-- 7 div 2
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 7, 2)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN "const_2" <> 0 THEN TRY_CAST(CAST("const_1" AS BIGINT) // "const_2" AS INTEGER) END AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- Modulo
-- -7 mod 2
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST(-7 AS INTEGER), 2)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN "const_2" <> 0 THEN "const_1" % "const_2" END AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- ToQuantity
-- 10 'mg' / 2
SET VARIABLE unit_known_63265a55 = CAST(['1', 'mg'] AS VARCHAR[]);

SET VARIABLE unit_equal_63265a55 = CAST(MAP {} AS MAP(VARCHAR, STRUCT(num HUGEINT, den HUGEINT)));

SET VARIABLE unit_quotient_63265a55 = map_concat(CAST(MAP {'1 1': '1', '1 mg': '/mg', 'mg 1': 'mg', 'mg mg': '1'} AS MAP(VARCHAR, VARCHAR)), CAST(MAP {} AS MAP(VARCHAR, VARCHAR)));

WITH "r1" AS (
  SELECT * FROM (VALUES (0, struct_pack("value" := CAST('10.0' AS DECIMAL(38, 8)), "unit" := 'mg'), 2)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN ("x4" IS NULL) THEN CAST(NULL AS STRUCT("value" DECIMAL(38, 8), unit VARCHAR)) ELSE CAST(struct_pack("value" := "x4", "unit" := CASE WHEN (("x2" IS NULL) OR ("x1" = '1')) THEN getvariable('unit_quotient_63265a55')[("const_1")."unit" || ' ' || "x1"] ELSE '1' END) AS STRUCT("value" DECIMAL(38, 8), unit VARCHAR)) END AS "Test_3", CASE WHEN (coalesce(CASE WHEN ("x2" IS NOT NULL) THEN "x5" END, "x5") IS NOT NULL) THEN coalesce(CASE WHEN ("x2" IS NOT NULL) THEN "x5" END, "x5") WHEN ("x4" IS NULL) THEN CAST(NULL AS VARCHAR) ELSE coalesce(coalesce(CASE WHEN ("x2" IS NOT NULL) THEN "x5" END, "x5"), CASE WHEN ("x5" IS NOT NULL) THEN "x5" WHEN (("x2" IS NULL) OR ("x1" = '1')) THEN CASE WHEN (((("const_1")."unit" IS NOT NULL) AND (NOT (CAST("const_2" AS DECIMAL(38, 8)) IS NULL))) AND (getvariable('unit_quotient_63265a55')[("const_1")."unit" || ' ' || "x1"] IS NULL)) THEN 'irregular: units that the data and the logic do not have in common' END END) END AS "fault_4"
  FROM (SELECT *, CASE WHEN abs(CASE WHEN "x3" <> 0 THEN TRY(list_transform([[(CAST(trunc(("const_1")."value") AS HUGEINT) * 100000000 + CAST((("const_1")."value" - trunc(("const_1")."value")) * 100000000 AS HUGEINT)), (CAST(trunc("x3") AS HUGEINT) * 100000000 + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN CASE WHEN "x3" <> 0 THEN TRY(list_transform([[(CAST(trunc(("const_1")."value") AS HUGEINT) * 100000000 + CAST((("const_1")."value" - trunc(("const_1")."value")) * 100000000 AS HUGEINT)), (CAST(trunc("x3") AS HUGEINT) * 100000000 + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END END AS "x4" FROM (SELECT *, CASE WHEN ("x2" IS NOT NULL) THEN "x2" ELSE CAST("const_2" AS DECIMAL(38, 8)) END AS "x3" FROM (SELECT *, CASE WHEN "x1" = ("const_1")."unit" THEN CAST("const_2" AS DECIMAL(38, 8)) ELSE CAST(TRY(list_transform([[(CAST(trunc(CAST("const_2" AS DECIMAL(38, 8))) AS HUGEINT) * 100000000 + CAST((CAST("const_2" AS DECIMAL(38, 8)) - trunc(CAST("const_2" AS DECIMAL(38, 8)))) * 100000000 AS HUGEINT)) * (getvariable('unit_equal_63265a55')["x1" || ' ' || ("const_1")."unit"]).num, (getvariable('unit_equal_63265a55')["x1" || ' ' || ("const_1")."unit"]).den]], lambda f: list_transform([((f[1] + CASE WHEN (f[1] < 0) = (f[2] < 0) THEN abs(f[2]) // 2 * sign(f[2]) ELSE -(abs(f[2]) // 2) * sign(f[2]) END) // f[2])], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) AS DECIMAL(38, 8)) END AS "x2", CASE WHEN ("x1" <> ("const_1")."unit" AND NOT (list_contains(getvariable('unit_known_63265a55'), "x1") AND list_contains(getvariable('unit_known_63265a55'), ("const_1")."unit"))) THEN 'irregular: units that the data and the logic do not have in common' END AS "x5" FROM (SELECT *, CASE WHEN (CAST("const_2" AS DECIMAL(38, 8)) IS NULL) THEN CAST(NULL AS VARCHAR) ELSE '1' END AS "x1" FROM "r1"))))
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5", "fault_4" AS "fault_6"
FROM "r2";

-- Abs
-- Abs(-3)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST(-3 AS INTEGER))) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", TRY_CAST(abs(CAST("const_1" AS BIGINT)) AS INTEGER) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- Ceiling
-- Ceiling(1.2)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('1.2' AS DECIMAL(38, 8)))) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", TRY_CAST(CAST(ceil("const_1") AS HUGEINT) AS INTEGER) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- Floor
-- Floor(-1.2)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('-1.2' AS DECIMAL(38, 8)))) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", TRY_CAST(CAST(floor("const_1") AS HUGEINT) AS INTEGER) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- Truncate
-- Truncate(-1.7)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('-1.7' AS DECIMAL(38, 8)))) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", TRY_CAST(CAST(trunc("const_1") AS HUGEINT) AS INTEGER) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- Round
-- Round(2.5)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('2.5' AS DECIMAL(38, 8)))) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", CASE WHEN 0 >= 8 THEN "const_1" ELSE TRY(list_transform([[(CAST(trunc("const_1") AS HUGEINT) * 100000000 + CAST(("const_1" - trunc("const_1")) * 100000000 AS HUGEINT)), CAST(pow(10, 8 - 0) AS HUGEINT)]], lambda r: list_transform([((r[1] + CASE WHEN (r[1] < 0) = (r[2] < 0) THEN abs(r[2]) // 2 * sign(r[2]) ELSE -(abs(r[2]) // 2) * sign(r[2]) END) // r[2]) * r[2]], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- Exp
-- Exp(0)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 0)) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", "x1" AS "Test_2", CASE WHEN ((CAST("const_1" AS DECIMAL(38, 8)) IS NOT NULL) AND ("x1" IS NULL)) THEN 'beyond-range' END AS "fault_3"
  FROM (SELECT *, CASE WHEN CAST("const_1" AS DECIMAL(38, 8)) < 100 THEN CASE WHEN isfinite(exp(CAST(CAST("const_1" AS DECIMAL(38, 8)) AS DOUBLE))) THEN TRY_CAST(round(exp(CAST(CAST("const_1" AS DECIMAL(38, 8)) AS DOUBLE)), 8) AS DECIMAL(38, 8)) END END AS "x1" FROM "r1")
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4", "fault_3" AS "fault_5"
FROM "r2";

-- Ln
-- Ln(1)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1)) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", CASE WHEN CAST("const_1" AS DECIMAL(38, 8)) > 0 THEN CASE WHEN isfinite(ln(CAST(CAST("const_1" AS DECIMAL(38, 8)) AS DOUBLE))) THEN TRY_CAST(round(ln(CAST(CAST("const_1" AS DECIMAL(38, 8)) AS DOUBLE)), 8) AS DECIMAL(38, 8)) END END AS "Test_2", CASE WHEN (CAST("const_1" AS DECIMAL(38, 8)) = 0) THEN 'no-logarithm' END AS "fault_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4", "fault_3" AS "fault_5"
FROM "r2";

-- Log
-- Log(8, 2)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 8, 2)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN CAST("const_1" AS DECIMAL(38, 8)) > 0 AND CAST("const_2" AS DECIMAL(38, 8)) > 0 AND CAST("const_2" AS DECIMAL(38, 8)) <> 1 THEN CASE WHEN isfinite((ln(CAST(CAST("const_1" AS DECIMAL(38, 8)) AS DOUBLE)) / ln(CAST(CAST("const_2" AS DECIMAL(38, 8)) AS DOUBLE)))) THEN TRY_CAST(round((ln(CAST(CAST("const_1" AS DECIMAL(38, 8)) AS DOUBLE)) / ln(CAST(CAST("const_2" AS DECIMAL(38, 8)) AS DOUBLE))), 8) AS DECIMAL(38, 8)) END END AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- Power
-- Power(2, 10)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2, 10)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN "const_2" < 0 THEN CASE WHEN "const_1" = 1 OR ("const_1" = -1 AND "const_2" % 2 = 0) THEN CAST(1 AS INTEGER) WHEN "const_1" = -1 THEN CAST(-1 AS INTEGER) END ELSE TRY_CAST(TRY(CAST(list_reduce(list_prepend(CAST(1 AS HUGEINT), list_resize(CAST([] AS HUGEINT[]), CAST(least("const_2", 130) AS INTEGER), CAST("const_1" AS HUGEINT))), lambda a, b: a * b) AS HUGEINT)) AS INTEGER) END AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- Query, AliasRef
-- ({-2}) X return all Power(2, X)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST(-2 AS INTEGER), 2)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CAST(["const_1"] AS INTEGER[]) AS "list_6"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_6") AS "item_7", CAST(unnest(generate_series(1, len("list_6"))) AS INTEGER) AS "pos_8"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_7" AS "item_9", "pos_8" AS "pos_10"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", "const_2" AS "const_11"
  FROM "r1"
),
"r6" AS (
  SELECT l."pid", l."item_9", l."pos_10", r."const_11"
  FROM "r4" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := "pos_10", v := CASE WHEN "item_9" < 0 THEN CASE WHEN "const_11" = 1 OR ("const_11" = -1 AND "item_9" % 2 = 0) THEN CAST(1 AS INTEGER) WHEN "const_11" = -1 THEN CAST(-1 AS INTEGER) END ELSE TRY_CAST(TRY(CAST(list_reduce(list_prepend(CAST(1 AS HUGEINT), list_resize(CAST([] AS HUGEINT[]), CAST(least("item_9", 130) AS INTEGER), CAST("const_11" AS HUGEINT))), lambda a, b: a * b) AS HUGEINT)) AS INTEGER) END))), lambda e: (e).v) AS INTEGER[]) AS "list_12"
  FROM "r6"
  GROUP BY "pid"
),
"r8" AS (
  SELECT l."pid", r."list_12"
  FROM "r1" AS l LEFT JOIN "r7" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", coalesce("list_12", CAST([] AS INTEGER[])) AS "Test_13"
FROM "r8";

-- Successor
-- successor of 1.0
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('1.0' AS DECIMAL(38, 8)))) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", CASE WHEN abs(("const_1" + CAST('0.00000001' AS DECIMAL(38, 8)))) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN ("const_1" + CAST('0.00000001' AS DECIMAL(38, 8))) END AS "Test_2", CASE WHEN (CASE WHEN abs(("const_1" + CAST('0.00000001' AS DECIMAL(38, 8)))) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN ("const_1" + CAST('0.00000001' AS DECIMAL(38, 8))) END IS NULL) THEN 'beyond-range' END AS "fault_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4", "fault_3" AS "fault_5"
FROM "r2";

-- Predecessor
-- predecessor of @2014-01-01
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 1, 1)) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", CASE WHEN "x3" IS NOT NULL THEN struct_pack(lo := "x3", hi := "x3" + CASE ("x2")."precision" WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(("x2")."offset_min" AS SMALLINT), "precision" := CAST(("x2")."precision" AS UTINYINT)) END AS "Test_4", coalesce(CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END, CASE WHEN ("x3" NOT BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999') THEN 'beyond-range' END) AS "fault_5"
  FROM (SELECT *, CASE ("x2")."precision" WHEN 1 THEN date_trunc('year', ("x1" - INTERVAL 1 MILLISECOND)) WHEN 2 THEN date_trunc('month', ("x1" - INTERVAL 1 MILLISECOND)) WHEN 3 THEN date_trunc('day', ("x1" - INTERVAL 1 MILLISECOND)) WHEN 4 THEN date_trunc('hour', ("x1" - INTERVAL 1 MILLISECOND)) WHEN 5 THEN date_trunc('minute', ("x1" - INTERVAL 1 MILLISECOND)) WHEN 6 THEN date_trunc('second', ("x1" - INTERVAL 1 MILLISECOND)) ELSE ("x1" - INTERVAL 1 MILLISECOND) END AS "x3" FROM (SELECT *, CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE 3 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(3 AS UTINYINT)) END AS "x2" FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce("const_3", 1), 0, 0, 0)) END AS "x1" FROM "r1")))
)
SELECT "pid" AS "pid", "Test_4" AS "Test_6", "fault_5" AS "fault_7"
FROM "r2";

-- MinValue
-- minimum Integer
WITH "r1" AS (
  SELECT * FROM (VALUES (0)) AS t("pid")
)
SELECT "pid" AS "pid", CAST(-2147483648 AS INTEGER) AS "Test_1"
FROM "r1";

-- MaxValue
-- maximum Date
WITH "r1" AS (
  SELECT * FROM (VALUES (0)) AS t("pid")
)
SELECT "pid" AS "pid", struct_pack(lo := TIMESTAMP '9999-12-31 00:00:00.000', hi := TIMESTAMP '9999-12-31 23:59:59.999', offset_min := CAST(NULL AS SMALLINT), "precision" := CAST(3 AS UTINYINT)) AS "Test_1"
FROM "r1";

-- HighBoundary
-- HighBoundary(1.587, 8)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('1.587' AS DECIMAL(38, 8)), 8)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN "const_2" BETWEEN 0 AND 8 THEN list_transform([[(CAST(trunc("const_1") AS HUGEINT) * 100000000 + CAST(("const_1" - trunc("const_1")) * 100000000 AS HUGEINT)), CAST(pow(10, 8 - "const_2") AS HUGEINT), CASE WHEN "const_1" >= 0 AND "const_2" > 3 THEN CAST(pow(10, 8 - 3) AS HUGEINT) - CAST(pow(10, 8 - "const_2") AS HUGEINT) ELSE 0 END]], lambda b: list_transform([b[1] - b[1] % b[2] + CASE WHEN b[1] < 0 THEN -b[3] ELSE b[3] END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1] END AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- LowBoundary
-- LowBoundary(-1.587, 8)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('-1.587' AS DECIMAL(38, 8)), 8)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN "const_2" BETWEEN 0 AND 8 THEN list_transform([[(CAST(trunc("const_1") AS HUGEINT) * 100000000 + CAST(("const_1" - trunc("const_1")) * 100000000 AS HUGEINT)), CAST(pow(10, 8 - "const_2") AS HUGEINT), CASE WHEN "const_1" < 0 AND "const_2" > 3 THEN CAST(pow(10, 8 - 3) AS HUGEINT) - CAST(pow(10, 8 - "const_2") AS HUGEINT) ELSE 0 END]], lambda b: list_transform([b[1] - b[1] % b[2] + CASE WHEN b[1] < 0 THEN -b[3] ELSE b[3] END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1] END AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- DurationBetween
-- (days between @2014-01 and @2014-02-15) div 2
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 1, 2014, 2, 15, 2)) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", CASE WHEN "const_6" <> 0 THEN TRY_CAST(CAST(CASE WHEN (("x6" IS NULL) OR ("x7" IS NULL)) THEN CAST(NULL AS INTEGER) ELSE "x6" END AS BIGINT) // "const_6" AS INTEGER) END AS "Test_7", coalesce(coalesce(coalesce(CASE WHEN ("x9" IS NOT NULL) THEN "x9" WHEN (("x6" IS NULL) OR ("x7" IS NULL)) THEN CAST(NULL AS VARCHAR) ELSE "x9" END, CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END), CASE WHEN ("x3" IS NULL) THEN 'invalid-date' END), CASE WHEN (NOT (CASE WHEN (("x6" IS NULL) OR ("x7" IS NULL)) THEN CAST(NULL AS INTEGER) ELSE "x6" END IS NOT DISTINCT FROM CASE WHEN (("x6" IS NULL) OR ("x7" IS NULL)) THEN CAST(NULL AS INTEGER) ELSE "x7" END)) THEN 'irregular: uncertain value' END) AS "fault_8"
  FROM (SELECT *, CASE WHEN ((3 <= ("x2")."precision") AND (3 <= ("x4")."precision")) THEN "x5" ELSE TRY_CAST(date_sub('day', CASE 3 WHEN 1 THEN date_trunc('year', ("x2")."hi") WHEN 2 THEN date_trunc('month', ("x2")."hi") WHEN 3 THEN date_trunc('day', ("x2")."hi") WHEN 4 THEN date_trunc('hour', ("x2")."hi") WHEN 5 THEN date_trunc('minute', ("x2")."hi") WHEN 6 THEN date_trunc('second', ("x2")."hi") ELSE ("x2")."hi" END, "x3") AS INTEGER) END AS "x6", CASE WHEN ((3 <= ("x2")."precision") AND (3 <= ("x4")."precision")) THEN "x5" ELSE TRY_CAST(date_sub('day', "x1", CASE 3 WHEN 1 THEN date_trunc('year', ("x4")."hi") WHEN 2 THEN date_trunc('month', ("x4")."hi") WHEN 3 THEN date_trunc('day', ("x4")."hi") WHEN 4 THEN date_trunc('hour', ("x4")."hi") WHEN 5 THEN date_trunc('minute', ("x4")."hi") WHEN 6 THEN date_trunc('second', ("x4")."hi") ELSE ("x4")."hi" END) AS INTEGER) END AS "x7" FROM (SELECT *, TRY_CAST(date_sub('day', CASE least(("x2")."precision", ("x4")."precision") WHEN 1 THEN date_trunc('year', "x1") WHEN 2 THEN date_trunc('month', "x1") WHEN 3 THEN date_trunc('day', "x1") WHEN 4 THEN date_trunc('hour', "x1") WHEN 5 THEN date_trunc('minute', "x1") WHEN 6 THEN date_trunc('second', "x1") ELSE "x1" END, CASE least(("x2")."precision", ("x4")."precision") WHEN 1 THEN date_trunc('year', "x3") WHEN 2 THEN date_trunc('month', "x3") WHEN 3 THEN date_trunc('day', "x3") WHEN 4 THEN date_trunc('hour', "x3") WHEN 5 THEN date_trunc('minute', "x3") WHEN 6 THEN date_trunc('second', "x3") ELSE "x3" END) AS INTEGER) AS "x5", CASE WHEN ("x8" IS NOT NULL) THEN "x8" WHEN ((3 <= ("x2")."precision") AND (3 <= ("x4")."precision")) THEN coalesce(CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END, "x8") ELSE "x8" END AS "x9" FROM (SELECT *, CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE 2 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(2 AS UTINYINT)) END AS "x2", CASE WHEN "x3" IS NOT NULL THEN struct_pack(lo := "x3", hi := "x3" + CASE 3 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(3 AS UTINYINT)) END AS "x4", coalesce(CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END, CASE WHEN ("x3" IS NULL) THEN 'invalid-date' END) AS "x8" FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce(CAST(NULL AS INTEGER), 1), 0, 0, 0)) END AS "x1", CASE WHEN "const_3" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_3", coalesce("const_4", 1), coalesce("const_5", 1), 0, 0, 0)) END AS "x3" FROM "r1"))))
)
SELECT "pid" AS "pid", "Test_7" AS "Test_9", "fault_8" AS "fault_10"
FROM "r2";

-- Time
-- HighBoundary(@T10:30, 9)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 10, 30, 9)) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", CASE WHEN ("x1" IS NOT NULL) THEN CASE WHEN "x4" IS NOT NULL THEN struct_pack(lo := "x4", hi := "x4" + CASE "x1" WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(("x3")."offset_min" AS SMALLINT), "precision" := CAST("x1" AS UTINYINT)) END END AS "Test_4", coalesce(CASE WHEN ("x1" IS NOT NULL) THEN CASE WHEN ("x2" IS NULL) THEN 'invalid-date' END END, CASE WHEN ("x2" IS NULL) THEN 'invalid-date' END) AS "fault_5"
  FROM (SELECT *, CASE "x1" WHEN 1 THEN date_trunc('year', ("x3")."hi") WHEN 2 THEN date_trunc('month', ("x3")."hi") WHEN 3 THEN date_trunc('day', ("x3")."hi") WHEN 4 THEN date_trunc('hour', ("x3")."hi") WHEN 5 THEN date_trunc('minute', ("x3")."hi") WHEN 6 THEN date_trunc('second', ("x3")."hi") ELSE ("x3")."hi" END AS "x4" FROM (SELECT *, CASE WHEN "x2" IS NOT NULL THEN struct_pack(lo := "x2", hi := "x2" + CASE 5 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(5 AS UTINYINT)) END AS "x3" FROM (SELECT *, CASE WHEN 'Time' = 'Time' THEN CASE coalesce("const_3", 9) WHEN 2 THEN 4 WHEN 4 THEN 5 WHEN 6 THEN 6 WHEN 9 THEN 7 END
      ELSE CASE coalesce("const_3", CASE WHEN 'Time' = 'Date' THEN 8 ELSE 17 END) WHEN 4 THEN 1 WHEN 6 THEN 2 WHEN 8 THEN 3 WHEN 10 THEN 4 WHEN 12 THEN 5 WHEN 14 THEN 6 WHEN 17 THEN 7 END END AS "x1", CASE WHEN "const_1" BETWEEN 0 AND 23 AND coalesce("const_2", 0) BETWEEN 0 AND 59 AND coalesce(CAST(NULL AS INTEGER), 0) BETWEEN 0 AND 59 AND coalesce(CAST(NULL AS INTEGER), 0) BETWEEN 0 AND 999 THEN TIMESTAMP '1970-01-01' + to_milliseconds((("const_1" * 60 + coalesce("const_2", 0)) * 60 + coalesce(CAST(NULL AS INTEGER), 0)) * 1000 + coalesce(CAST(NULL AS INTEGER), 0)) END AS "x2" FROM "r1")))
)
SELECT "pid" AS "pid", "Test_4" AS "Test_6", "fault_5" AS "fault_7"
FROM "r2";

-- Precision
-- Precision(@2014-01)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 1)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN 'Date' = 'Time' THEN CASE ("x2")."precision" WHEN 4 THEN 2 WHEN 5 THEN 4 WHEN 6 THEN 6 WHEN 7 THEN 9 END
      ELSE CASE ("x2")."precision" WHEN 1 THEN 4 WHEN 2 THEN 6 WHEN 3 THEN 8 WHEN 4 THEN 10 WHEN 5 THEN 12 WHEN 6 THEN 14 WHEN 7 THEN 17 END END AS "Test_3", CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END AS "fault_4"
  FROM (SELECT *, CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE 2 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(2 AS UTINYINT)) END AS "x2" FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce(CAST(NULL AS INTEGER), 1), 0, 0, 0)) END AS "x1" FROM "r1"))
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5", "fault_4" AS "fault_6"
FROM "r2";
