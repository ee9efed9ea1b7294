-- Is
-- 5 is Integer
WITH "r1" AS (
  SELECT * FROM (VALUES (0)) AS t("pid")
)
SELECT "pid" AS "pid", true AS "Test_2"
FROM "r1";

-- ToString
-- convert 5 to String
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 5)) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", CAST("const_1" AS VARCHAR) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ToInteger
-- convert 'x' to Integer
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'x')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", CASE WHEN regexp_full_match("const_1", '[+-]?[0-9]+') THEN TRY_CAST("const_1" AS INTEGER) END AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ToBoolean
-- ToBoolean('yes')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'yes')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", CASE WHEN lower("const_1") IN ('true', 't', 'yes', 'y', '1') THEN true WHEN lower("const_1") IN ('false', 'f', 'no', 'n', '0') THEN false END AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ToDate
-- ToDate('2014-02-30')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, '2014-02-30')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE CASE length("const_1") WHEN 4 THEN 1 WHEN 7 THEN 2 ELSE 3 END WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(CASE length("const_1") WHEN 4 THEN 1 WHEN 7 THEN 2 ELSE 3 END AS UTINYINT)) END AS "Test_2"
  FROM (SELECT *, CASE WHEN regexp_full_match("const_1", '[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?') THEN TRY_CAST((split_part("const_1", 'T', 1) || substr('0001-01-01', length(split_part("const_1", 'T', 1)) + 1)) AS TIMESTAMP) END AS "x1" FROM "r1")
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ToDateTime
-- ToDateTime('2014-02-03T10:11:12.5Z')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, '2014-02-03T10:11:12.5Z')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE "x2" WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CASE regexp_extract("const_1", 'T.*(Z|[+-][0-9]{2}:[0-9]{2})$', 1) WHEN '' THEN 0 WHEN 'Z' THEN 0 ELSE CAST(left(regexp_extract("const_1", 'T.*(Z|[+-][0-9]{2}:[0-9]{2})$', 1), 3) AS INTEGER) * 60 + CAST(left(regexp_extract("const_1", 'T.*(Z|[+-][0-9]{2}:[0-9]{2})$', 1), 1) || right(regexp_extract("const_1", 'T.*(Z|[+-][0-9]{2}:[0-9]{2})$', 1), 2) AS INTEGER) END AS SMALLINT), "precision" := CAST("x2" AS UTINYINT)) END AS "Test_2"
  FROM (SELECT *, CASE WHEN (regexp_full_match("const_1", '[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?T?') OR regexp_full_match("const_1", '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}(:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?')) THEN TRY_CAST((split_part("const_1", 'T', 1) || substr('0001-01-01', length(split_part("const_1", 'T', 1)) + 1)) || ' ' || left(regexp_extract("const_1", 'T([0-9:.]*)', 1) || substr('00:00:00.000', length(regexp_extract("const_1", 'T([0-9:.]*)', 1)) + 1), 12) AS TIMESTAMP) END AS "x1", CASE WHEN length(regexp_extract("const_1", 'T([0-9:.]*)', 1)) = 0 THEN CASE length(split_part("const_1", 'T', 1)) WHEN 4 THEN 1 WHEN 7 THEN 2 ELSE 3 END ELSE CASE length(regexp_extract("const_1", 'T([0-9:.]*)', 1)) WHEN 2 THEN 4 WHEN 5 THEN 5 WHEN 8 THEN 6 ELSE 7 END END AS "x2" FROM "r1")
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ToTime
-- ToTime('T10:11')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'T10:11')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE CASE length(regexp_extract("const_1", '^T?([0-9:.]+)', 1)) WHEN 2 THEN 4 WHEN 5 THEN 5 WHEN 8 THEN 6 ELSE 7 END WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(CASE length(regexp_extract("const_1", '^T?([0-9:.]+)', 1)) WHEN 2 THEN 4 WHEN 5 THEN 5 WHEN 8 THEN 6 ELSE 7 END AS UTINYINT)) END AS "Test_2"
  FROM (SELECT *, CASE WHEN regexp_full_match("const_1", 'T?[0-9]{2}(:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?') THEN TRY_CAST('1970-01-01 ' || left(regexp_extract("const_1", '^T?([0-9:.]+)', 1) || substr('00:00:00.000', length(regexp_extract("const_1", '^T?([0-9:.]+)', 1)) + 1), 12) AS TIMESTAMP) END AS "x1" FROM "r1")
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ConvertsToInteger
-- ConvertsToInteger('x')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'x')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", (CASE WHEN regexp_full_match("const_1", '[+-]?[0-9]+') THEN TRY_CAST("const_1" AS INTEGER) END IS NOT NULL) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ConvertsToBoolean
-- ConvertsToBoolean('maybe')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'maybe')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", (CASE WHEN lower("const_1") IN ('true', 't', 'yes', 'y', '1') THEN true WHEN lower("const_1") IN ('false', 'f', 'no', 'n', '0') THEN false END IS NOT NULL) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ConvertsToLong
-- ConvertsToLong('9')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, '9')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", (CASE WHEN regexp_full_match("const_1", '[+-]?[0-9]+L?') THEN TRY_CAST(rtrim("const_1", 'L') AS BIGINT) END IS NOT NULL) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ConvertsToDecimal
-- ConvertsToDecimal('1.5')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, '1.5')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", (CASE WHEN regexp_full_match("const_1", '[+-]?[0-9]+(\.[0-9]+)?') THEN CASE WHEN abs(TRY_CAST("const_1" AS DECIMAL(38, 8))) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY_CAST("const_1" AS DECIMAL(38, 8)) END END IS NOT NULL) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ConvertsToDate
-- ConvertsToDate('2014-13')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, '2014-13')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", (CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE CASE length("const_1") WHEN 4 THEN 1 WHEN 7 THEN 2 ELSE 3 END WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(CASE length("const_1") WHEN 4 THEN 1 WHEN 7 THEN 2 ELSE 3 END AS UTINYINT)) END IS NOT NULL) AS "Test_2"
  FROM (SELECT *, CASE WHEN regexp_full_match("const_1", '[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?') THEN TRY_CAST((split_part("const_1", 'T', 1) || substr('0001-01-01', length(split_part("const_1", 'T', 1)) + 1)) AS TIMESTAMP) END AS "x1" FROM "r1")
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ConvertsToDateTime
-- ConvertsToDateTime('2014-01-01T10:00:00Z')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, '2014-01-01T10:00:00Z')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", (CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE "x2" WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CASE regexp_extract("const_1", 'T.*(Z|[+-][0-9]{2}:[0-9]{2})$', 1) WHEN '' THEN 0 WHEN 'Z' THEN 0 ELSE CAST(left(regexp_extract("const_1", 'T.*(Z|[+-][0-9]{2}:[0-9]{2})$', 1), 3) AS INTEGER) * 60 + CAST(left(regexp_extract("const_1", 'T.*(Z|[+-][0-9]{2}:[0-9]{2})$', 1), 1) || right(regexp_extract("const_1", 'T.*(Z|[+-][0-9]{2}:[0-9]{2})$', 1), 2) AS INTEGER) END AS SMALLINT), "precision" := CAST("x2" AS UTINYINT)) END IS NOT NULL) AS "Test_2"
  FROM (SELECT *, CASE WHEN (regexp_full_match("const_1", '[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?T?') OR regexp_full_match("const_1", '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}(:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?')) THEN TRY_CAST((split_part("const_1", 'T', 1) || substr('0001-01-01', length(split_part("const_1", 'T', 1)) + 1)) || ' ' || left(regexp_extract("const_1", 'T([0-9:.]*)', 1) || substr('00:00:00.000', length(regexp_extract("const_1", 'T([0-9:.]*)', 1)) + 1), 12) AS TIMESTAMP) END AS "x1", CASE WHEN length(regexp_extract("const_1", 'T([0-9:.]*)', 1)) = 0 THEN CASE length(split_part("const_1", 'T', 1)) WHEN 4 THEN 1 WHEN 7 THEN 2 ELSE 3 END ELSE CASE length(regexp_extract("const_1", 'T([0-9:.]*)', 1)) WHEN 2 THEN 4 WHEN 5 THEN 5 WHEN 8 THEN 6 ELSE 7 END END AS "x2" FROM "r1")
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ConvertsToTime
-- ConvertsToTime('25:00')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, '25:00')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", (CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE CASE length(regexp_extract("const_1", '^T?([0-9:.]+)', 1)) WHEN 2 THEN 4 WHEN 5 THEN 5 WHEN 8 THEN 6 ELSE 7 END WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(CASE length(regexp_extract("const_1", '^T?([0-9:.]+)', 1)) WHEN 2 THEN 4 WHEN 5 THEN 5 WHEN 8 THEN 6 ELSE 7 END AS UTINYINT)) END IS NOT NULL) AS "Test_2"
  FROM (SELECT *, CASE WHEN regexp_full_match("const_1", 'T?[0-9]{2}(:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?') THEN TRY_CAST('1970-01-01 ' || left(regexp_extract("const_1", '^T?([0-9:.]+)', 1) || substr('00:00:00.000', length(regexp_extract("const_1", '^T?([0-9:.]+)', 1)) + 1), 12) AS TIMESTAMP) END AS "x1" FROM "r1")
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ConvertsToQuantity
-- ConvertsToQuantity('5 \'g\'')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, '5 ''g''')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", (CASE WHEN (CASE WHEN regexp_full_match(trim("const_1"), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?') THEN struct_pack("value" := CASE WHEN abs(TRY_CAST(regexp_extract(trim("const_1"), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8))) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY_CAST(regexp_extract(trim("const_1"), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8)) END, unit := CASE WHEN regexp_extract(trim("const_1"), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3) <> '' THEN rtrim(regexp_extract(trim("const_1"), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3), 's') WHEN contains("const_1", '''') THEN regexp_extract(trim("const_1"), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 2) ELSE '1' END) END)."value" IS NOT NULL THEN CASE WHEN regexp_full_match(trim("const_1"), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?') THEN struct_pack("value" := CASE WHEN abs(TRY_CAST(regexp_extract(trim("const_1"), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8))) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY_CAST(regexp_extract(trim("const_1"), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8)) END, unit := CASE WHEN regexp_extract(trim("const_1"), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3) <> '' THEN rtrim(regexp_extract(trim("const_1"), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3), 's') WHEN contains("const_1", '''') THEN regexp_extract(trim("const_1"), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 2) ELSE '1' END) END END IS NOT NULL) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ConvertsToRatio
-- ConvertsToRatio('1:2:3')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, '1:2:3')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", (CASE WHEN length("const_1") - length(replace("const_1", ':', '')) = 1 THEN list_transform([[CASE WHEN (CASE WHEN regexp_full_match(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?') THEN struct_pack("value" := CASE WHEN abs(TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8))) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8)) END, unit := CASE WHEN regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3) <> '' THEN rtrim(regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3), 's') WHEN contains(split_part("const_1", ':', 1), '''') THEN regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 2) ELSE '1' END) END)."value" IS NOT NULL THEN CASE WHEN regexp_full_match(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?') THEN struct_pack("value" := CASE WHEN abs(TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8))) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8)) END, unit := CASE WHEN regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3) <> '' THEN rtrim(regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3), 's') WHEN contains(split_part("const_1", ':', 1), '''') THEN regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 2) ELSE '1' END) END END, CASE WHEN (CASE WHEN regexp_full_match(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?') THEN struct_pack("value" := CASE WHEN abs(TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8))) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8)) END, unit := CASE WHEN regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3) <> '' THEN rtrim(regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3), 's') WHEN contains(split_part("const_1", ':', 2), '''') THEN regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 2) ELSE '1' END) END)."value" IS NOT NULL THEN CASE WHEN regexp_full_match(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?') THEN struct_pack("value" := CASE WHEN abs(TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8))) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8)) END, unit := CASE WHEN regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3) <> '' THEN rtrim(regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3), 's') WHEN contains(split_part("const_1", ':', 2), '''') THEN regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 2) ELSE '1' END) END END]], lambda q: CASE WHEN q[1] IS NOT NULL AND q[2] IS NOT NULL THEN struct_pack(numerator := q[1], denominator := q[2]) END)[1] END IS NOT NULL) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ConvertsToString
-- ConvertsToString(5)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 5)) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", (CAST("const_1" AS VARCHAR) IS NOT NULL) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- ConvertQuantity
-- convert 1 'g' to 'mg'
SET VARIABLE unit_known_12d7b5a3 = CAST(['1', 'g', 'mg'] AS VARCHAR[]);

SET VARIABLE unit_equal_12d7b5a3 = CAST(MAP {'g mg': {'num': CAST('1000' AS HUGEINT), 'den': CAST('1' AS HUGEINT)}, 'mg g': {'num': CAST('1' AS HUGEINT), 'den': CAST('1000' AS HUGEINT)}} AS MAP(VARCHAR, STRUCT(num HUGEINT, den HUGEINT)));

WITH "r1" AS (
  SELECT * FROM (VALUES (0, struct_pack("value" := CAST('1.0' AS DECIMAL(38, 8)), "unit" := 'g'), 'mg')) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN ("x1" IS NULL) THEN CAST(NULL AS STRUCT("value" DECIMAL(38, 8), unit VARCHAR)) ELSE CAST(struct_pack("value" := "x1", "unit" := "const_2") AS STRUCT("value" DECIMAL(38, 8), unit VARCHAR)) END AS "Test_3", coalesce(CASE WHEN ("x1" IS NULL) THEN CAST(NULL AS VARCHAR) ELSE "x2" END, "x2") AS "fault_4"
  FROM (SELECT *, CASE WHEN ("const_1")."unit" = "const_2" THEN ("const_1")."value" ELSE CAST(TRY(list_transform([[(CAST(trunc(("const_1")."value") AS HUGEINT) * 100000000 + CAST((("const_1")."value" - trunc(("const_1")."value")) * 100000000 AS HUGEINT)) * (getvariable('unit_equal_12d7b5a3')[("const_1")."unit" || ' ' || "const_2"]).num, (getvariable('unit_equal_12d7b5a3')[("const_1")."unit" || ' ' || "const_2"]).den]], lambda f: list_transform([((f[1] + CASE WHEN (f[1] < 0) = (f[2] < 0) THEN abs(f[2]) // 2 * sign(f[2]) ELSE -(abs(f[2]) // 2) * sign(f[2]) END) // f[2])], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) AS DECIMAL(38, 8)) END AS "x1", CASE WHEN (("const_1")."unit" <> "const_2" AND NOT (list_contains(getvariable('unit_known_12d7b5a3'), ("const_1")."unit") AND list_contains(getvariable('unit_known_12d7b5a3'), "const_2"))) THEN 'irregular: units that the data and the logic do not have in common' END AS "x2" FROM "r1")
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5", "fault_4" AS "fault_6"
FROM "r2";

-- CanConvertQuantity
-- CanConvertQuantity(1 'g', 'cm')
SET VARIABLE unit_known_9e3e8c3d = CAST(['1', 'g', 'cm'] AS VARCHAR[]);

SET VARIABLE unit_equal_9e3e8c3d = CAST(MAP {} AS MAP(VARCHAR, STRUCT(num HUGEINT, den HUGEINT)));

WITH "r1" AS (
  SELECT * FROM (VALUES (0, struct_pack("value" := CAST('1.0' AS DECIMAL(38, 8)), "unit" := 'g'), 'cm')) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", (NOT (CASE WHEN ("const_1")."unit" = "const_2" THEN ("const_1")."value" ELSE CAST(TRY(list_transform([[(CAST(trunc(("const_1")."value") AS HUGEINT) * 100000000 + CAST((("const_1")."value" - trunc(("const_1")."value")) * 100000000 AS HUGEINT)) * (getvariable('unit_equal_9e3e8c3d')[("const_1")."unit" || ' ' || "const_2"]).num, (getvariable('unit_equal_9e3e8c3d')[("const_1")."unit" || ' ' || "const_2"]).den]], lambda f: list_transform([((f[1] + CASE WHEN (f[1] < 0) = (f[2] < 0) THEN abs(f[2]) // 2 * sign(f[2]) ELSE -(abs(f[2]) // 2) * sign(f[2]) END) // f[2])], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) AS DECIMAL(38, 8)) END IS NULL)) AS "Test_3", CASE WHEN (("const_1")."unit" <> "const_2" AND NOT (list_contains(getvariable('unit_known_9e3e8c3d'), ("const_1")."unit") AND list_contains(getvariable('unit_known_9e3e8c3d'), "const_2"))) THEN 'irregular: units that the data and the logic do not have in common' END AS "fault_4"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5", "fault_4" AS "fault_6"
FROM "r2";

-- ToRatio
-- ToRatio('1 \'g\':2 \'mL\'').denominator
WITH "r1" AS (
  SELECT * FROM (VALUES (0, '1 ''g'':2 ''mL''')) AS t("pid", "const_1")
)
SELECT "pid" AS "pid", (CASE WHEN length("const_1") - length(replace("const_1", ':', '')) = 1 THEN list_transform([[CASE WHEN (CASE WHEN regexp_full_match(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?') THEN struct_pack("value" := CASE WHEN abs(TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8))) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8)) END, unit := CASE WHEN regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3) <> '' THEN rtrim(regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3), 's') WHEN contains(split_part("const_1", ':', 1), '''') THEN regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 2) ELSE '1' END) END)."value" IS NOT NULL THEN CASE WHEN regexp_full_match(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?') THEN struct_pack("value" := CASE WHEN abs(TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8))) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8)) END, unit := CASE WHEN regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3) <> '' THEN rtrim(regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3), 's') WHEN contains(split_part("const_1", ':', 1), '''') THEN regexp_extract(trim(split_part("const_1", ':', 1)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 2) ELSE '1' END) END END, CASE WHEN (CASE WHEN regexp_full_match(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?') THEN struct_pack("value" := CASE WHEN abs(TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8))) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8)) END, unit := CASE WHEN regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3) <> '' THEN rtrim(regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3), 's') WHEN contains(split_part("const_1", ':', 2), '''') THEN regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 2) ELSE '1' END) END)."value" IS NOT NULL THEN CASE WHEN regexp_full_match(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?') THEN struct_pack("value" := CASE WHEN abs(TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8))) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY_CAST(regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 1) AS DECIMAL(38, 8)) END, unit := CASE WHEN regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3) <> '' THEN rtrim(regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 3), 's') WHEN contains(split_part("const_1", ':', 2), '''') THEN regexp_extract(trim(split_part("const_1", ':', 2)), '([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?', 2) ELSE '1' END) END END]], lambda q: CASE WHEN q[1] IS NOT NULL AND q[2] IS NOT NULL THEN struct_pack(numerator := q[1], denominator := q[2]) END)[1] END)."denominator" AS "Test_2"
FROM "r1";

-- ToChars
-- ToChars('abc')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'abc')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", CASE WHEN "const_1" = '' THEN CAST([] AS VARCHAR[]) ELSE string_split("const_1", '') END AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- Children
-- ({1, 2}).children()
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 2)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2"] AS INTEGER[]) AS "list_3"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_3") AS "item_4", CAST(unnest(generate_series(1, len("list_3"))) AS INTEGER) AS "pos_5"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := "pos_5", v := "item_4"))), lambda e: (e).v) AS INTEGER[]) AS "list_6"
  FROM "r3"
  GROUP BY "pid"
),
"r5" AS (
  SELECT l."pid", r."list_6"
  FROM "r1" AS l LEFT JOIN "r4" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", coalesce("list_6", CAST([] AS INTEGER[])) AS "Test_7"
FROM "r5";

-- Descendents
-- (Tuple { a: 1, b: {Tuple { x: 1, y: 'z' }} }).descendents()
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 1, 'z')) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS MATERIALIZED (
  SELECT "pid", CAST(struct_pack("a" := "const_1", "b" := CAST([CAST(struct_pack("x" := "const_2", "y" := "const_3") AS STRUCT("x" INTEGER, "y" VARCHAR))] AS STRUCT("x" INTEGER, "y" VARCHAR)[])) AS STRUCT("a" INTEGER, "b" STRUCT("x" INTEGER, "y" VARCHAR)[])) AS "value_4"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", CAST([("value_4")."a"] AS INTEGER[]) AS "list_6"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", unnest("list_6") AS "item_7", CAST(unnest(generate_series(1, len("list_6"))) AS INTEGER) AS "pos_8"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", "item_7" AS "item_39", "pos_8" AS "pos_40"
  FROM "r4"
),
"r6" AS (
  SELECT "pid" AS "pid", 0 AS "part_33", "pos_40" AS "pos_35", 0 AS "pos_36", 0 AS "pos_37", CASE WHEN ("item_39" IS NULL) THEN CAST(NULL AS STRUCT(of_type VARCHAR, as_Integer INTEGER, as_Tuple_x_Integer_y_String_ STRUCT("x" INTEGER, "y" VARCHAR), as_String VARCHAR)) ELSE CAST(struct_pack("of_type" := 'Integer', "as_Integer" := "item_39", "as_Tuple_x_Integer_y_String_" := CAST(NULL AS STRUCT("x" INTEGER, "y" VARCHAR)), "as_String" := CAST(NULL AS VARCHAR)) AS STRUCT(of_type VARCHAR, as_Integer INTEGER, as_Tuple_x_Integer_y_String_ STRUCT("x" INTEGER, "y" VARCHAR), as_String VARCHAR)) END AS "item_38"
  FROM "r5"
),
"r7" AS (
  SELECT "pid", ("value_4")."b" AS "list_9"
  FROM "r2"
),
"r8" AS (
  SELECT "pid", unnest("list_9") AS "item_10", CAST(unnest(generate_series(1, len("list_9"))) AS INTEGER) AS "pos_11"
  FROM "r7"
),
"r9" AS MATERIALIZED (
  SELECT "pid", "item_10" AS "item_12", "pos_11" AS "pos_13"
  FROM "r8"
),
"r10" AS (
  SELECT "pid", "pos_13", CAST(["item_12"] AS STRUCT("x" INTEGER, "y" VARCHAR)[]) AS "list_14"
  FROM "r9"
),
"r11" AS (
  SELECT "pid", "pos_13", unnest("list_14") AS "item_15", CAST(unnest(generate_series(1, len("list_14"))) AS INTEGER) AS "pos_16"
  FROM "r10"
),
"r12" AS (
  SELECT "pid", "pos_13", "item_15" AS "item_27", "pos_16" AS "pos_28"
  FROM "r11"
),
"r13" AS (
  SELECT "pid" AS "pid", "pos_13" AS "pos_13", 0 AS "part_23", "pos_28" AS "pos_25", CASE WHEN ("item_27" IS NULL) THEN CAST(NULL AS STRUCT(of_type VARCHAR, as_Tuple_x_Integer_y_String_ STRUCT("x" INTEGER, "y" VARCHAR), as_Integer INTEGER, as_String VARCHAR)) ELSE CAST(struct_pack("of_type" := 'Tuple{x Integer, y String}', "as_Tuple_x_Integer_y_String_" := "item_27", "as_Integer" := CAST(NULL AS INTEGER), "as_String" := CAST(NULL AS VARCHAR)) AS STRUCT(of_type VARCHAR, as_Tuple_x_Integer_y_String_ STRUCT("x" INTEGER, "y" VARCHAR), as_Integer INTEGER, as_String VARCHAR)) END AS "item_26"
  FROM "r12"
),
"r14" AS (
  SELECT "pid", "pos_13", CASE WHEN ("item_12" IS NOT NULL) THEN CAST([("item_12")."x"] AS INTEGER[]) END AS "list_17"
  FROM "r9"
),
"r15" AS (
  SELECT "pid", "pos_13", unnest("list_17") AS "item_18", CAST(unnest(generate_series(1, len("list_17"))) AS INTEGER) AS "pos_19"
  FROM "r14"
),
"r16" AS (
  SELECT "pid", "pos_13", "item_18" AS "item_29", "pos_19" AS "pos_30"
  FROM "r15"
),
"r17" AS (
  SELECT "pid" AS "pid", "pos_13" AS "pos_13", 1 AS "part_23", "pos_30" AS "pos_25", CASE WHEN ("item_29" IS NULL) THEN CAST(NULL AS STRUCT(of_type VARCHAR, as_Tuple_x_Integer_y_String_ STRUCT("x" INTEGER, "y" VARCHAR), as_Integer INTEGER, as_String VARCHAR)) ELSE CAST(struct_pack("of_type" := 'Integer', "as_Tuple_x_Integer_y_String_" := CAST(NULL AS STRUCT("x" INTEGER, "y" VARCHAR)), "as_Integer" := "item_29", "as_String" := CAST(NULL AS VARCHAR)) AS STRUCT(of_type VARCHAR, as_Tuple_x_Integer_y_String_ STRUCT("x" INTEGER, "y" VARCHAR), as_Integer INTEGER, as_String VARCHAR)) END AS "item_26"
  FROM "r16"
),
"r18" AS (
  SELECT "pid", "pos_13", CASE WHEN ("item_12" IS NOT NULL) THEN CAST([("item_12")."y"] AS VARCHAR[]) END AS "list_20"
  FROM "r9"
),
"r19" AS (
  SELECT "pid", "pos_13", unnest("list_20") AS "item_21", CAST(unnest(generate_series(1, len("list_20"))) AS INTEGER) AS "pos_22"
  FROM "r18"
),
"r20" AS (
  SELECT "pid", "pos_13", "item_21" AS "item_31", "pos_22" AS "pos_32"
  FROM "r19"
),
"r21" AS (
  SELECT "pid" AS "pid", "pos_13" AS "pos_13", 2 AS "part_23", "pos_32" AS "pos_25", CASE WHEN ("item_31" IS NULL) THEN CAST(NULL AS STRUCT(of_type VARCHAR, as_Tuple_x_Integer_y_String_ STRUCT("x" INTEGER, "y" VARCHAR), as_Integer INTEGER, as_String VARCHAR)) ELSE CAST(struct_pack("of_type" := 'String', "as_Tuple_x_Integer_y_String_" := CAST(NULL AS STRUCT("x" INTEGER, "y" VARCHAR)), "as_Integer" := CAST(NULL AS INTEGER), "as_String" := "item_31") AS STRUCT(of_type VARCHAR, as_Tuple_x_Integer_y_String_ STRUCT("x" INTEGER, "y" VARCHAR), as_Integer INTEGER, as_String VARCHAR)) END AS "item_26"
  FROM "r20"
),
"r22" AS (
  SELECT "pid", "pos_13", "part_23", "pos_25", "item_26" FROM "r13"
  UNION ALL
  SELECT "pid", "pos_13", "part_23", "pos_25", "item_26" FROM "r17"
  UNION ALL
  SELECT "pid", "pos_13", "part_23", "pos_25", "item_26" FROM "r21"
),
"r23" AS (
  SELECT "pid", "pos_13" AS "pos_41", "part_23" AS "part_42", "pos_25" AS "pos_43", "item_26" AS "item_44"
  FROM "r22"
),
"r24" AS (
  SELECT "pid" AS "pid", 1 AS "part_33", "pos_41" AS "pos_35", "part_42" AS "pos_36", "pos_43" AS "pos_37", CASE WHEN ("item_44" IS NULL) THEN CAST(NULL AS STRUCT(of_type VARCHAR, as_Integer INTEGER, as_Tuple_x_Integer_y_String_ STRUCT("x" INTEGER, "y" VARCHAR), as_String VARCHAR)) ELSE CAST(struct_pack("of_type" := ("item_44")."of_type", "as_Integer" := ("item_44")."as_Integer", "as_Tuple_x_Integer_y_String_" := ("item_44")."as_Tuple_x_Integer_y_String_", "as_String" := ("item_44")."as_String") AS STRUCT(of_type VARCHAR, as_Integer INTEGER, as_Tuple_x_Integer_y_String_ STRUCT("x" INTEGER, "y" VARCHAR), as_String VARCHAR)) END AS "item_38"
  FROM "r23"
),
"r25" AS (
  SELECT "pid", "part_33", "pos_35", "pos_36", "pos_37", "item_38" FROM "r6"
  UNION ALL
  SELECT "pid", "part_33", "pos_35", "pos_36", "pos_37", "item_38" FROM "r24"
),
"r26" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := struct_pack(k0 := "part_33", k1 := "pos_35", k2 := "pos_36", k3 := "pos_37"), v := "item_38"))), lambda e: (e).v) AS STRUCT(of_type VARCHAR, as_Integer INTEGER, as_Tuple_x_Integer_y_String_ STRUCT("x" INTEGER, "y" VARCHAR), as_String VARCHAR)[]) AS "list_46"
  FROM "r25"
  GROUP BY "pid"
),
"r27" AS (
  SELECT l."pid", r."list_46"
  FROM "r2" AS l LEFT JOIN "r26" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", coalesce("list_46", CAST([] AS STRUCT(of_type VARCHAR, as_Integer INTEGER, as_Tuple_x_Integer_y_String_ STRUCT("x" INTEGER, "y" VARCHAR), as_String VARCHAR)[])) AS "Test_47"
FROM "r27";
