-- DateTimeComponentFrom
-- year from @2014-05-06
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 5, 6)) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", CASE WHEN (CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE 3 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(3 AS UTINYINT)) END)."precision" >= 1 THEN CAST(date_part('year', "x1") % CASE WHEN 'year' = 'millisecond' THEN 1000 ELSE 100000 END AS INTEGER) END AS "Test_4", CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END AS "fault_5"
  FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce("const_3", 1), 0, 0, 0)) END AS "x1" FROM "r1")
)
SELECT "pid" AS "pid", "Test_4" AS "Test_6", "fault_5" AS "fault_7"
FROM "r2";

-- DateFrom
-- date from @2014-05-06T10:00:00.0+00:00
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 5, 6, 10, 0, 0, 0, CAST('0.0' AS DECIMAL(38, 8)))) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5", "const_6", "const_7", "const_8")
),
"r2" AS (
  SELECT "pid", CASE WHEN "x2" IS NOT NULL THEN struct_pack(lo := "x2", hi := "x2" + CASE "x3" WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST("x3" AS UTINYINT)) END AS "Test_9", CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END AS "fault_10"
  FROM (SELECT *, CASE 3 WHEN 1 THEN date_trunc('year', "x1") WHEN 2 THEN date_trunc('month', "x1") WHEN 3 THEN date_trunc('day', "x1") WHEN 4 THEN date_trunc('hour', "x1") WHEN 5 THEN date_trunc('minute', "x1") WHEN 6 THEN date_trunc('second', "x1") ELSE "x1" END AS "x2", least((CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE 7 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CASE WHEN "const_8" IS NULL THEN 0 ELSE CAST(round("const_8" * 60) AS INTEGER) END AS SMALLINT), "precision" := CAST(7 AS UTINYINT)) END)."precision", 3) AS "x3" FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 AND coalesce("const_4", 0) BETWEEN 0 AND 23 AND coalesce("const_5", 0) BETWEEN 0 AND 59 AND coalesce("const_6", 0) BETWEEN 0 AND 59 AND coalesce("const_7", 0) BETWEEN 0 AND 999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce("const_3", 1), 0, 0, 0)) + to_milliseconds(((coalesce("const_4", 0) * 60 + coalesce("const_5", 0)) * 60 + coalesce("const_6", 0)) * 1000 + coalesce("const_7", 0)) END AS "x1" FROM "r1"))
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- TimeFrom
-- time from @2014-05-06T10:00:00.0+00:00
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 5, 6, 10, 0, 0, 0, CAST('0.0' AS DECIMAL(38, 8)))) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5", "const_6", "const_7", "const_8")
),
"r2" AS (
  SELECT "pid", CASE WHEN (4 <= "x2") THEN CASE WHEN (TIMESTAMP '1970-01-01' + ("x1" - date_trunc('day', "x1"))) IS NOT NULL THEN struct_pack(lo := (TIMESTAMP '1970-01-01' + ("x1" - date_trunc('day', "x1"))), hi := (TIMESTAMP '1970-01-01' + ("x1" - date_trunc('day', "x1"))) + CASE "x2" WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST("x2" AS UTINYINT)) END END AS "Test_9", coalesce(CASE WHEN (CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END IS NOT NULL) THEN CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END WHEN (4 <= "x2") THEN CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END END, CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END) AS "fault_10"
  FROM (SELECT *, (CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE 7 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CASE WHEN "const_8" IS NULL THEN 0 ELSE CAST(round("const_8" * 60) AS INTEGER) END AS SMALLINT), "precision" := CAST(7 AS UTINYINT)) END)."precision" AS "x2" FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 AND coalesce("const_4", 0) BETWEEN 0 AND 23 AND coalesce("const_5", 0) BETWEEN 0 AND 59 AND coalesce("const_6", 0) BETWEEN 0 AND 59 AND coalesce("const_7", 0) BETWEEN 0 AND 999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce("const_3", 1), 0, 0, 0)) + to_milliseconds(((coalesce("const_4", 0) * 60 + coalesce("const_5", 0)) * 60 + coalesce("const_6", 0)) * 1000 + coalesce("const_7", 0)) END AS "x1" FROM "r1"))
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- TimezoneOffsetFrom
-- timezoneoffset from @2014-05-06T10:00:00.0+05:30
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 5, 6, 10, 0, 0, 0, CAST('5.5' AS DECIMAL(38, 8)))) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5", "const_6", "const_7", "const_8")
),
"r2" AS (
  SELECT "pid", CASE WHEN "x1" IS NOT NULL THEN CAST(CAST(CAST(coalesce((CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE 7 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CASE WHEN "const_8" IS NULL THEN 0 ELSE CAST(round("const_8" * 60) AS INTEGER) END AS SMALLINT), "precision" := CAST(7 AS UTINYINT)) END)."offset_min", 0) AS BIGINT) * 100000000 // 60 AS BIGINT) * 0.00000001 AS DECIMAL(38, 8)) END AS "Test_9", CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END AS "fault_10"
  FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 AND coalesce("const_4", 0) BETWEEN 0 AND 23 AND coalesce("const_5", 0) BETWEEN 0 AND 59 AND coalesce("const_6", 0) BETWEEN 0 AND 59 AND coalesce("const_7", 0) BETWEEN 0 AND 999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce("const_3", 1), 0, 0, 0)) + to_milliseconds(((coalesce("const_4", 0) * 60 + coalesce("const_5", 0)) * 60 + coalesce("const_6", 0)) * 1000 + coalesce("const_7", 0)) END AS "x1" FROM "r1")
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- DifferenceBetween
-- difference in years between @2013-12-31 and @2014-01-01
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2013, 12, 31, 2014, 1, 1)) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", CASE WHEN (("x8" IS NULL) OR ("x10" IS NULL)) THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER)) ELSE CAST(struct_pack("low" := "x8", "high" := "x10") AS STRUCT(low INTEGER, high INTEGER)) END AS "Test_7", coalesce(coalesce(CASE WHEN ("x12" IS NOT NULL) THEN "x12" WHEN (("x8" IS NULL) OR ("x10" IS NULL)) THEN CAST(NULL AS VARCHAR) ELSE "x12" END, CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END), CASE WHEN ("x3" IS NULL) THEN 'invalid-date' END) AS "fault_8"
  FROM (SELECT *, CASE WHEN ((1 <= ("x2")."precision") AND (1 <= ("x4")."precision")) THEN TRY_CAST(CASE WHEN 'year' = 'week' THEN date_sub('week', date_trunc('day', "x5"), date_trunc('day', "x6")) ELSE date_diff('year', "x5", "x6") END AS INTEGER) ELSE TRY_CAST(CASE WHEN 'year' = 'week' THEN date_sub('week', date_trunc('day', "x7"), date_trunc('day', "x3")) ELSE date_diff('year', "x7", "x3") END AS INTEGER) END AS "x8", CASE WHEN ((1 <= ("x2")."precision") AND (1 <= ("x4")."precision")) THEN TRY_CAST(CASE WHEN 'year' = 'week' THEN date_sub('week', date_trunc('day', "x5"), date_trunc('day', "x6")) ELSE date_diff('year', "x5", "x6") END AS INTEGER) ELSE TRY_CAST(CASE WHEN 'year' = 'week' THEN date_sub('week', date_trunc('day', "x1"), date_trunc('day', "x9")) ELSE date_diff('year', "x1", "x9") END AS INTEGER) END AS "x10" FROM (SELECT *, CASE least(("x2")."precision", ("x4")."precision") WHEN 1 THEN date_trunc('year', "x1") WHEN 2 THEN date_trunc('month', "x1") WHEN 3 THEN date_trunc('day', "x1") WHEN 4 THEN date_trunc('hour', "x1") WHEN 5 THEN date_trunc('minute', "x1") WHEN 6 THEN date_trunc('second', "x1") ELSE "x1" END AS "x5", CASE least(("x2")."precision", ("x4")."precision") WHEN 1 THEN date_trunc('year', "x3") WHEN 2 THEN date_trunc('month', "x3") WHEN 3 THEN date_trunc('day', "x3") WHEN 4 THEN date_trunc('hour', "x3") WHEN 5 THEN date_trunc('minute', "x3") WHEN 6 THEN date_trunc('second', "x3") ELSE "x3" END AS "x6", CASE 3 WHEN 1 THEN date_trunc('year', ("x2")."hi") WHEN 2 THEN date_trunc('month', ("x2")."hi") WHEN 3 THEN date_trunc('day', ("x2")."hi") WHEN 4 THEN date_trunc('hour', ("x2")."hi") WHEN 5 THEN date_trunc('minute', ("x2")."hi") WHEN 6 THEN date_trunc('second', ("x2")."hi") ELSE ("x2")."hi" END AS "x7", CASE 3 WHEN 1 THEN date_trunc('year', ("x4")."hi") WHEN 2 THEN date_trunc('month', ("x4")."hi") WHEN 3 THEN date_trunc('day', ("x4")."hi") WHEN 4 THEN date_trunc('hour', ("x4")."hi") WHEN 5 THEN date_trunc('minute', ("x4")."hi") WHEN 6 THEN date_trunc('second', ("x4")."hi") ELSE ("x4")."hi" END AS "x9", CASE WHEN ("x11" IS NOT NULL) THEN "x11" WHEN ((1 <= ("x2")."precision") AND (1 <= ("x4")."precision")) THEN coalesce(CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END, "x11") ELSE "x11" END AS "x12" FROM (SELECT *, CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE 3 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(3 AS UTINYINT)) END AS "x2", CASE WHEN "x3" IS NOT NULL THEN struct_pack(lo := "x3", hi := "x3" + CASE 3 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(3 AS UTINYINT)) END AS "x4", coalesce(CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END, CASE WHEN ("x3" IS NULL) THEN 'invalid-date' END) AS "x11" FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce("const_3", 1), 0, 0, 0)) END AS "x1", CASE WHEN "const_4" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_4", coalesce("const_5", 1), coalesce("const_6", 1), 0, 0, 0)) END AS "x3" FROM "r1"))))
)
SELECT "pid" AS "pid", "Test_7" AS "Test_9", "fault_8" AS "fault_10"
FROM "r2";

-- CalculateAgeAt
-- CalculateAgeInYearsAt(@1980-05-06, @2014-05-05)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1980, 5, 6, 2014, 5, 5)) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", CASE WHEN (("x9" IS NULL) OR ("x11" IS NULL)) THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER)) ELSE CAST(struct_pack("low" := "x9", "high" := "x11") AS STRUCT(low INTEGER, high INTEGER)) END AS "Test_7", coalesce(coalesce(CASE WHEN ("x13" IS NOT NULL) THEN "x13" WHEN (("x9" IS NULL) OR ("x11" IS NULL)) THEN CAST(NULL AS VARCHAR) ELSE "x13" END, CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END), CASE WHEN ("x3" IS NULL) THEN 'invalid-date' END) AS "fault_8"
  FROM (SELECT *, CASE WHEN ((3 <= ("x2")."precision") AND (3 <= ("x4")."precision")) THEN "x7" ELSE CASE WHEN 12 <> 0 THEN TRY_CAST(CAST(TRY_CAST(CASE WHEN "x8" <= "x3" THEN date_diff('month', "x8", "x3") - CASE WHEN ("x3" - date_trunc('month', "x3")) < ("x8" - date_trunc('month', "x8")) THEN 1 ELSE 0 END ELSE -(date_diff('month', "x3", "x8") - CASE WHEN ("x8" - date_trunc('month', "x8")) < ("x3" - date_trunc('month', "x3")) THEN 1 ELSE 0 END) END AS INTEGER) AS BIGINT) // 12 AS INTEGER) END END AS "x9", CASE WHEN ((3 <= ("x2")."precision") AND (3 <= ("x4")."precision")) THEN "x7" ELSE CASE WHEN 12 <> 0 THEN TRY_CAST(CAST(TRY_CAST(CASE WHEN "x1" <= "x10" THEN date_diff('month', "x1", "x10") - CASE WHEN ("x10" - date_trunc('month', "x10")) < ("x1" - date_trunc('month', "x1")) THEN 1 ELSE 0 END ELSE -(date_diff('month', "x10", "x1") - CASE WHEN ("x1" - date_trunc('month', "x1")) < ("x10" - date_trunc('month', "x10")) THEN 1 ELSE 0 END) END AS INTEGER) AS BIGINT) // 12 AS INTEGER) END END AS "x11" FROM (SELECT *, CASE WHEN 12 <> 0 THEN TRY_CAST(CAST(TRY_CAST(CASE WHEN "x5" <= "x6" THEN date_diff('month', "x5", "x6") - CASE WHEN ("x6" - date_trunc('month', "x6")) < ("x5" - date_trunc('month', "x5")) THEN 1 ELSE 0 END ELSE -(date_diff('month', "x6", "x5") - CASE WHEN ("x5" - date_trunc('month', "x5")) < ("x6" - date_trunc('month', "x6")) THEN 1 ELSE 0 END) END AS INTEGER) AS BIGINT) // 12 AS INTEGER) END AS "x7" FROM (SELECT *, CASE least(("x2")."precision", ("x4")."precision") WHEN 1 THEN date_trunc('year', "x1") WHEN 2 THEN date_trunc('month', "x1") WHEN 3 THEN date_trunc('day', "x1") WHEN 4 THEN date_trunc('hour', "x1") WHEN 5 THEN date_trunc('minute', "x1") WHEN 6 THEN date_trunc('second', "x1") ELSE "x1" END AS "x5", CASE least(("x2")."precision", ("x4")."precision") WHEN 1 THEN date_trunc('year', "x3") WHEN 2 THEN date_trunc('month', "x3") WHEN 3 THEN date_trunc('day', "x3") WHEN 4 THEN date_trunc('hour', "x3") WHEN 5 THEN date_trunc('minute', "x3") WHEN 6 THEN date_trunc('second', "x3") ELSE "x3" END AS "x6", CASE 3 WHEN 1 THEN date_trunc('year', ("x2")."hi") WHEN 2 THEN date_trunc('month', ("x2")."hi") WHEN 3 THEN date_trunc('day', ("x2")."hi") WHEN 4 THEN date_trunc('hour', ("x2")."hi") WHEN 5 THEN date_trunc('minute', ("x2")."hi") WHEN 6 THEN date_trunc('second', ("x2")."hi") ELSE ("x2")."hi" END AS "x8", CASE 3 WHEN 1 THEN date_trunc('year', ("x4")."hi") WHEN 2 THEN date_trunc('month', ("x4")."hi") WHEN 3 THEN date_trunc('day', ("x4")."hi") WHEN 4 THEN date_trunc('hour', ("x4")."hi") WHEN 5 THEN date_trunc('minute', ("x4")."hi") WHEN 6 THEN date_trunc('second', ("x4")."hi") ELSE ("x4")."hi" END AS "x10", CASE WHEN ("x12" IS NOT NULL) THEN "x12" WHEN ((3 <= ("x2")."precision") AND (3 <= ("x4")."precision")) THEN coalesce(CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END, "x12") ELSE "x12" END AS "x13" FROM (SELECT *, CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE 3 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(3 AS UTINYINT)) END AS "x2", CASE WHEN "x3" IS NOT NULL THEN struct_pack(lo := "x3", hi := "x3" + CASE 3 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(3 AS UTINYINT)) END AS "x4", coalesce(CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END, CASE WHEN ("x3" IS NULL) THEN 'invalid-date' END) AS "x12" FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce("const_3", 1), 0, 0, 0)) END AS "x1", CASE WHEN "const_4" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_4", coalesce("const_5", 1), coalesce("const_6", 1), 0, 0, 0)) END AS "x3" FROM "r1")))))
)
SELECT "pid" AS "pid", "Test_7" AS "Test_9", "fault_8" AS "fault_10"
FROM "r2";

-- CalculateAge
-- CalculateAgeInYears(@2000-07-02)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2000, 7, 2)) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", CASE WHEN (("x9" IS NULL) OR ("x11" IS NULL)) THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER)) ELSE CAST(struct_pack("low" := "x9", "high" := "x11") AS STRUCT(low INTEGER, high INTEGER)) END AS "Test_4", coalesce(CASE WHEN (CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END IS NOT NULL) THEN CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END WHEN (("x9" IS NULL) OR ("x11" IS NULL)) THEN CAST(NULL AS VARCHAR) ELSE CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END END, CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END) AS "fault_5"
  FROM (SELECT *, CASE WHEN ((3 <= ("x2")."precision") AND (3 <= ("x4")."precision")) THEN "x7" ELSE CASE WHEN 12 <> 0 THEN TRY_CAST(CAST(TRY_CAST(CASE WHEN "x8" <= "x3" THEN date_diff('month', "x8", "x3") - CASE WHEN ("x3" - date_trunc('month', "x3")) < ("x8" - date_trunc('month', "x8")) THEN 1 ELSE 0 END ELSE -(date_diff('month', "x3", "x8") - CASE WHEN ("x8" - date_trunc('month', "x8")) < ("x3" - date_trunc('month', "x3")) THEN 1 ELSE 0 END) END AS INTEGER) AS BIGINT) // 12 AS INTEGER) END END AS "x9", CASE WHEN ((3 <= ("x2")."precision") AND (3 <= ("x4")."precision")) THEN "x7" ELSE CASE WHEN 12 <> 0 THEN TRY_CAST(CAST(TRY_CAST(CASE WHEN "x1" <= "x10" THEN date_diff('month', "x1", "x10") - CASE WHEN ("x10" - date_trunc('month', "x10")) < ("x1" - date_trunc('month', "x1")) THEN 1 ELSE 0 END ELSE -(date_diff('month', "x10", "x1") - CASE WHEN ("x1" - date_trunc('month', "x1")) < ("x10" - date_trunc('month', "x10")) THEN 1 ELSE 0 END) END AS INTEGER) AS BIGINT) // 12 AS INTEGER) END END AS "x11" FROM (SELECT *, CASE WHEN 12 <> 0 THEN TRY_CAST(CAST(TRY_CAST(CASE WHEN "x5" <= "x6" THEN date_diff('month', "x5", "x6") - CASE WHEN ("x6" - date_trunc('month', "x6")) < ("x5" - date_trunc('month', "x5")) THEN 1 ELSE 0 END ELSE -(date_diff('month', "x6", "x5") - CASE WHEN ("x5" - date_trunc('month', "x5")) < ("x6" - date_trunc('month', "x6")) THEN 1 ELSE 0 END) END AS INTEGER) AS BIGINT) // 12 AS INTEGER) END AS "x7" FROM (SELECT *, CASE least(("x2")."precision", ("x4")."precision") WHEN 1 THEN date_trunc('year', "x1") WHEN 2 THEN date_trunc('month', "x1") WHEN 3 THEN date_trunc('day', "x1") WHEN 4 THEN date_trunc('hour', "x1") WHEN 5 THEN date_trunc('minute', "x1") WHEN 6 THEN date_trunc('second', "x1") ELSE "x1" END AS "x5", CASE least(("x2")."precision", ("x4")."precision") WHEN 1 THEN date_trunc('year', "x3") WHEN 2 THEN date_trunc('month', "x3") WHEN 3 THEN date_trunc('day', "x3") WHEN 4 THEN date_trunc('hour', "x3") WHEN 5 THEN date_trunc('minute', "x3") WHEN 6 THEN date_trunc('second', "x3") ELSE "x3" END AS "x6", CASE 3 WHEN 1 THEN date_trunc('year', ("x2")."hi") WHEN 2 THEN date_trunc('month', ("x2")."hi") WHEN 3 THEN date_trunc('day', ("x2")."hi") WHEN 4 THEN date_trunc('hour', ("x2")."hi") WHEN 5 THEN date_trunc('minute', ("x2")."hi") WHEN 6 THEN date_trunc('second', ("x2")."hi") ELSE ("x2")."hi" END AS "x8", CASE 3 WHEN 1 THEN date_trunc('year', ("x4")."hi") WHEN 2 THEN date_trunc('month', ("x4")."hi") WHEN 3 THEN date_trunc('day', ("x4")."hi") WHEN 4 THEN date_trunc('hour', ("x4")."hi") WHEN 5 THEN date_trunc('minute', ("x4")."hi") WHEN 6 THEN date_trunc('second', ("x4")."hi") ELSE ("x4")."hi" END AS "x10" FROM (SELECT *, CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE 3 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(3 AS UTINYINT)) END AS "x2", CASE WHEN "x3" IS NOT NULL THEN struct_pack(lo := "x3", hi := "x3" + CASE least(CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."precision" AS INTEGER), 3) WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(least(CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."precision" AS INTEGER), 3) AS UTINYINT)) END AS "x4" FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce("const_3", 1), 0, 0, 0)) END AS "x1", CASE 3 WHEN 1 THEN date_trunc('year', CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP)) WHEN 2 THEN date_trunc('month', CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP)) WHEN 3 THEN date_trunc('day', CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP)) WHEN 4 THEN date_trunc('hour', CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP)) WHEN 5 THEN date_trunc('minute', CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP)) WHEN 6 THEN date_trunc('second', CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP)) ELSE CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP) END AS "x3" FROM "r1")))))
)
SELECT "pid" AS "pid", "Test_4" AS "Test_6", "fault_5" AS "fault_7"
FROM "r2";

-- Today
-- Today()
WITH "r1" AS (
  SELECT * FROM (VALUES (0)) AS t("pid")
),
"r2" AS (
  SELECT "pid", CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE least(CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."precision" AS INTEGER), 3) WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(least(CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."precision" AS INTEGER), 3) AS UTINYINT)) END AS "Test_1"
  FROM (SELECT *, CASE 3 WHEN 1 THEN date_trunc('year', CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP)) WHEN 2 THEN date_trunc('month', CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP)) WHEN 3 THEN date_trunc('day', CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP)) WHEN 4 THEN date_trunc('hour', CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP)) WHEN 5 THEN date_trunc('minute', CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP)) WHEN 6 THEN date_trunc('second', CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP)) ELSE CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP) END AS "x1" FROM "r1")
)
SELECT "pid" AS "pid", "Test_1" AS "Test_3"
FROM "r2";

-- Now
-- Now()
WITH "r1" AS (
  SELECT * FROM (VALUES (0)) AS t("pid")
)
SELECT "pid" AS "pid", struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)) AS "Test_1"
FROM "r1";

-- TimeOfDay
-- TimeOfDay()
WITH "r1" AS (
  SELECT * FROM (VALUES (0)) AS t("pid")
),
"r2" AS (
  SELECT "pid", CASE WHEN (4 <= CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."precision" AS INTEGER)) THEN CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."precision" AS INTEGER) WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."precision" AS INTEGER) AS UTINYINT)) END END AS "Test_1"
  FROM (SELECT *, (TIMESTAMP '1970-01-01' + (CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP) - date_trunc('day', CAST((struct_pack(lo := TIMESTAMP '2026-07-01 12:00:00.000', hi := TIMESTAMP '2026-07-01 12:00:00.000', offset_min := CAST(0 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."lo" AS TIMESTAMP)))) AS "x1" FROM "r1")
)
SELECT "pid" AS "pid", "Test_1" AS "Test_3"
FROM "r2";

-- SameAs
-- @2014-05-06T23:30:00.000-05:00 same day as @2014-05-06T01:00:00.000Z
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 5, 6, 23, 30, 0, 0, 2014, 5, 6, 1, 0, 0, 0)) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5", "const_6", "const_7", "const_9", "const_10", "const_11", "const_12", "const_13", "const_14", "const_15")
),
"r2" AS (
  SELECT "pid", (date_trunc('day', "x1") = date_trunc('day', "x2")) AS "Test_17", coalesce(CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END, CASE WHEN ("x2" IS NULL) THEN 'invalid-date' END) AS "fault_18"
  FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 AND coalesce("const_4", 0) BETWEEN 0 AND 23 AND coalesce("const_5", 0) BETWEEN 0 AND 59 AND coalesce("const_6", 0) BETWEEN 0 AND 59 AND coalesce("const_7", 0) BETWEEN 0 AND 999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce("const_3", 1), 0, 0, 0)) + to_milliseconds(((coalesce("const_4", 0) * 60 + coalesce("const_5", 0)) * 60 + coalesce("const_6", 0)) * 1000 + coalesce("const_7", 0)) END AS "x1", CASE WHEN "const_9" BETWEEN 1 AND 9999 AND coalesce("const_12", 0) BETWEEN 0 AND 23 AND coalesce("const_13", 0) BETWEEN 0 AND 59 AND coalesce("const_14", 0) BETWEEN 0 AND 59 AND coalesce("const_15", 0) BETWEEN 0 AND 999 THEN TRY(make_timestamp("const_9", coalesce("const_10", 1), coalesce("const_11", 1), 0, 0, 0)) + to_milliseconds(((coalesce("const_12", 0) * 60 + coalesce("const_13", 0)) * 60 + coalesce("const_14", 0)) * 1000 + coalesce("const_15", 0)) END AS "x2" FROM "r1")
)
SELECT "pid" AS "pid", "Test_17" AS "Test_19", "fault_18" AS "fault_20"
FROM "r2";

-- SameOrBefore
-- @2014-05 same or before @2014-06
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 5, 2014, 6)) AS t("pid", "const_1", "const_2", "const_3", "const_4")
),
"r2" AS (
  SELECT "pid", (CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce(CAST(NULL AS INTEGER), 1), 0, 0, 0)) END <= CASE WHEN "const_3" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_3", coalesce("const_4", 1), coalesce(CAST(NULL AS INTEGER), 1), 0, 0, 0)) END) AS "Test_5", coalesce(CASE WHEN (CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce(CAST(NULL AS INTEGER), 1), 0, 0, 0)) END IS NULL) THEN 'invalid-date' END, CASE WHEN (CASE WHEN "const_3" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_3", coalesce("const_4", 1), coalesce(CAST(NULL AS INTEGER), 1), 0, 0, 0)) END IS NULL) THEN 'invalid-date' END) AS "fault_6"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_5" AS "Test_7", "fault_6" AS "fault_8"
FROM "r2";

-- Before
-- @2014-05 before @2014-05-10
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 5, 2014, 5, 10)) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5")
),
"r2" AS (
  SELECT "pid", (CASE WHEN ("x2")."precision" >= 6 AND ("x4")."precision" >= 6 THEN CASE WHEN ("x2").lo < ("x4").lo THEN -1 WHEN ("x2").lo > ("x4").lo THEN 1 ELSE 0 END ELSE CASE WHEN ("x2").hi < ("x4").lo THEN -1 WHEN ("x2").lo > ("x4").hi THEN 1 WHEN ("x2")."precision" = ("x4")."precision" THEN 0 END END < 0) AS "Test_6", coalesce(CASE WHEN ("x1" IS NULL) THEN 'invalid-date' END, CASE WHEN ("x3" IS NULL) THEN 'invalid-date' END) AS "fault_7"
  FROM (SELECT *, CASE WHEN "x1" IS NOT NULL THEN struct_pack(lo := "x1", hi := "x1" + CASE 2 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(2 AS UTINYINT)) END AS "x2", CASE WHEN "x3" IS NOT NULL THEN struct_pack(lo := "x3", hi := "x3" + CASE 3 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END - INTERVAL 1 MILLISECOND, offset_min := CAST(CAST(NULL AS INTEGER) AS SMALLINT), "precision" := CAST(3 AS UTINYINT)) END AS "x4" FROM (SELECT *, CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce(CAST(NULL AS INTEGER), 1), 0, 0, 0)) END AS "x1", CASE WHEN "const_3" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_3", coalesce("const_4", 1), coalesce("const_5", 1), 0, 0, 0)) END AS "x3" FROM "r1"))
)
SELECT "pid" AS "pid", "Test_6" AS "Test_8", "fault_7" AS "fault_9"
FROM "r2";

-- After
-- @2014-05-10 after day of @2014-05-09
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 5, 10, 2014, 5, 9)) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", (CASE WHEN "const_4" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_4", coalesce("const_5", 1), coalesce("const_6", 1), 0, 0, 0)) END < CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce("const_3", 1), 0, 0, 0)) END) AS "Test_7", coalesce(CASE WHEN (CASE WHEN "const_4" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_4", coalesce("const_5", 1), coalesce("const_6", 1), 0, 0, 0)) END IS NULL) THEN 'invalid-date' END, CASE WHEN (CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce("const_3", 1), 0, 0, 0)) END IS NULL) THEN 'invalid-date' END) AS "fault_8"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_7" AS "Test_9", "fault_8" AS "fault_10"
FROM "r2";

-- SameOrAfter
-- @2014-05-10 same month or after @2014-05-20
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2014, 5, 10, 2014, 5, 20)) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", (date_trunc('month', CASE WHEN "const_4" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_4", coalesce("const_5", 1), coalesce("const_6", 1), 0, 0, 0)) END) <= date_trunc('month', CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce("const_3", 1), 0, 0, 0)) END)) AS "Test_7", coalesce(CASE WHEN (CASE WHEN "const_4" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_4", coalesce("const_5", 1), coalesce("const_6", 1), 0, 0, 0)) END IS NULL) THEN 'invalid-date' END, CASE WHEN (CASE WHEN "const_1" BETWEEN 1 AND 9999 THEN TRY(make_timestamp("const_1", coalesce("const_2", 1), coalesce("const_3", 1), 0, 0, 0)) END IS NULL) THEN 'invalid-date' END) AS "fault_8"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_7" AS "Test_9", "fault_8" AS "fault_10"
FROM "r2";
