-- Start
-- start of Interval(1, 5)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 5)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", TRY_CAST(CAST("const_1" AS BIGINT) + 1 AS INTEGER) AS "Test_5", coalesce(coalesce(CASE WHEN (TRY_CAST(CAST("const_2" AS BIGINT) - 1 AS INTEGER) IS NULL) THEN 'beyond-range' END, CASE WHEN (TRY_CAST(CAST("const_1" AS BIGINT) + 1 AS INTEGER) IS NULL) THEN 'beyond-range' END), CASE WHEN (TRY_CAST(CAST("const_2" AS BIGINT) - 1 AS INTEGER) < TRY_CAST(CAST("const_1" AS BIGINT) + 1 AS INTEGER)) THEN 'invalid-interval' END) AS "fault_6"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_5" AS "Test_7", "fault_6" AS "fault_8"
FROM "r2";

-- End
-- end of Interval[1, 5)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 5)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", TRY_CAST(CAST("const_2" AS BIGINT) - 1 AS INTEGER) AS "Test_5", coalesce(CASE WHEN (TRY_CAST(CAST("const_2" AS BIGINT) - 1 AS INTEGER) IS NULL) THEN 'beyond-range' END, CASE WHEN (TRY_CAST(CAST("const_2" AS BIGINT) - 1 AS INTEGER) < "const_1") THEN 'invalid-interval' END) AS "fault_6"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_5" AS "Test_7", "fault_6" AS "fault_8"
FROM "r2";

-- In
-- 5 in Interval[1, null as Integer]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 5, 1)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", (("const_2" <= "const_1") AND ("const_1" <= 2147483647)) AS "Test_5", CASE WHEN (2147483647 < "const_2") THEN 'invalid-interval' END AS "fault_6"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_5" AS "Test_7", "fault_6" AS "fault_8"
FROM "r2";

-- ProperIn
-- 1 properly included in Interval[1, 5]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 1, 5)) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", (("const_2" < "const_1") AND ("const_1" < "const_3")) AS "Test_6", CASE WHEN ("const_3" < "const_2") THEN 'invalid-interval' END AS "fault_7"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_6" AS "Test_8", "fault_7" AS "fault_9"
FROM "r2";

-- ProperContains
-- Interval[1, 5] properly includes 2
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 5, 2)) AS t("pid", "const_1", "const_2", "const_5")
),
"r2" AS (
  SELECT "pid", (("const_1" < "const_5") AND ("const_5" < "const_2")) AS "Test_6", CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END AS "fault_7"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_6" AS "Test_8", "fault_7" AS "fault_9"
FROM "r2";

-- Includes
-- Interval[1, 5] includes Interval[2, 3]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 5, 2, 3)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", (("const_1" <= "const_5") AND ("const_6" <= "const_2")) AS "Test_9", coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END) AS "fault_10"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- ProperIncludes
-- Interval[1, 5] properly includes Interval[1, 5]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 5, 1, 5)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", ((("const_1" <= "const_5") AND ("const_6" <= "const_2")) AND (("const_1" < "const_5") OR ("const_6" < "const_2"))) AS "Test_9", coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END) AS "fault_10"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- ProperIncludedIn
-- Interval[1, 4] properly included in Interval[1, 5]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 4, 1, 5)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", ((("const_5" <= "const_1") AND ("const_2" <= "const_6")) AND (("const_5" < "const_1") OR ("const_2" < "const_6"))) AS "Test_9", coalesce(CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END, CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END) AS "fault_10"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- IncludedIn
-- Interval[2, 3] included in Interval[1, 5]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2, 3, 1, 5)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", (("const_5" <= "const_1") AND ("const_2" <= "const_6")) AS "Test_9", coalesce(CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END, CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END) AS "fault_10"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- Overlaps
-- Interval[1, 5] overlaps Interval[5, 6]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 5, 5, 6)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", (("const_1" <= "const_6") AND ("const_5" <= "const_2")) AS "Test_9", coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END) AS "fault_10"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- OverlapsBefore
-- Interval[1, 5] overlaps before Interval[2, 9]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 5, 2, 9)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", (("const_1" < "const_5") AND (("const_1" <= "const_6") AND ("const_5" <= "const_2"))) AS "Test_9", coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END) AS "fault_10"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- OverlapsAfter
-- Interval[3, 9] overlaps after Interval[2, 5]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 3, 9, 2, 5)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", (("const_6" < "const_2") AND (("const_1" <= "const_6") AND ("const_5" <= "const_2"))) AS "Test_9", coalesce(CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END, CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END) AS "fault_10"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- Meets
-- Interval[1, 5] meets Interval[6, 9]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 5, 6, 9)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", (CASE WHEN (("const_2" < "const_5") IS FALSE) THEN false ELSE (("const_2" < "const_5") AND (TRY_CAST(CAST("const_2" AS BIGINT) + 1 AS INTEGER) = "const_5")) END OR CASE WHEN (("const_6" < "const_1") IS FALSE) THEN false ELSE (("const_6" < "const_1") AND (TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER) = "const_1")) END) AS "Test_9", coalesce(coalesce(coalesce(CASE WHEN (coalesce("x1", "x2") IS NOT NULL) THEN coalesce("x1", "x2") WHEN (("const_2" < "const_5") IS FALSE) THEN CAST(NULL AS VARCHAR) ELSE coalesce(coalesce("x1", "x2"), coalesce(coalesce("x1", CASE WHEN (TRY_CAST(CAST("const_2" AS BIGINT) + 1 AS INTEGER) IS NULL) THEN 'beyond-range' END), "x2")) END, CASE WHEN (coalesce("x2", "x1") IS NOT NULL) THEN coalesce("x2", "x1") WHEN (("const_6" < "const_1") IS FALSE) THEN CAST(NULL AS VARCHAR) ELSE coalesce(coalesce("x2", "x1"), coalesce(coalesce("x2", CASE WHEN (TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER) IS NULL) THEN 'beyond-range' END), "x1")) END), "x1"), "x2") AS "fault_10"
  FROM (SELECT *, CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END AS "x1", CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END AS "x2" FROM "r1")
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- MeetsAfter
-- Interval[6, 9] meets after Interval[1, 5]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 6, 9, 1, 5)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", CASE WHEN (("const_6" < "const_1") IS FALSE) THEN false ELSE (("const_6" < "const_1") AND (TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER) = "const_1")) END AS "Test_9", coalesce(coalesce(CASE WHEN ("x1" IS NOT NULL) THEN "x1" WHEN (("const_6" < "const_1") IS FALSE) THEN CAST(NULL AS VARCHAR) ELSE coalesce("x1", coalesce(coalesce(CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END, CASE WHEN (TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER) IS NULL) THEN 'beyond-range' END), CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END)) END, CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END), CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END) AS "fault_10"
  FROM (SELECT *, coalesce(CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END, CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END) AS "x1" FROM "r1")
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- MeetsBefore
-- Interval[1, 5] meets before Interval[7, 9]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 5, 7, 9)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", CASE WHEN (("const_2" < "const_5") IS FALSE) THEN false ELSE (("const_2" < "const_5") AND (TRY_CAST(CAST("const_2" AS BIGINT) + 1 AS INTEGER) = "const_5")) END AS "Test_9", coalesce(coalesce(CASE WHEN ("x1" IS NOT NULL) THEN "x1" WHEN (("const_2" < "const_5") IS FALSE) THEN CAST(NULL AS VARCHAR) ELSE coalesce("x1", coalesce(coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN (TRY_CAST(CAST("const_2" AS BIGINT) + 1 AS INTEGER) IS NULL) THEN 'beyond-range' END), CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END)) END, CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END), CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END) AS "fault_10"
  FROM (SELECT *, coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END) AS "x1" FROM "r1")
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- Starts
-- Interval[1, 3] starts Interval[1, 5]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 3, 1, 5)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", (("const_1" = "const_5") AND ("const_2" <= "const_6")) AS "Test_9", coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END) AS "fault_10"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- Ends
-- Interval[3, 5] ends Interval[1, 5]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 3, 5, 1, 5)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", (("const_2" = "const_6") AND ("const_5" <= "const_1")) AS "Test_9", coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END) AS "fault_10"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- Intersect
-- Interval[1, 5] intersect Interval[4, 9]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 5, 4, 9)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", CASE WHEN ((("const_1" <= "const_6") AND ("const_5" <= "const_2")) IS FALSE) THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) WHEN (CASE WHEN ("const_1" <= "const_5") THEN "const_5" WHEN (NOT ("const_1" <= "const_5")) THEN "const_1" END IS NULL) THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) WHEN (CASE WHEN ("const_2" <= "const_6") THEN "const_2" WHEN (NOT ("const_2" <= "const_6")) THEN "const_6" END IS NULL) THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) WHEN (CASE WHEN ("const_2" <= "const_6") THEN "const_2" WHEN (NOT ("const_2" <= "const_6")) THEN "const_6" END < CASE WHEN ("const_1" <= "const_5") THEN "const_5" WHEN (NOT ("const_1" <= "const_5")) THEN "const_1" END) THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) ELSE CAST(struct_pack("low" := CASE WHEN ("const_1" <= "const_5") THEN "const_5" WHEN (NOT ("const_1" <= "const_5")) THEN "const_1" END, "high" := CASE WHEN ("const_2" <= "const_6") THEN "const_2" WHEN (NOT ("const_2" <= "const_6")) THEN "const_6" END, "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) END AS "Test_9", coalesce(coalesce(CASE WHEN ("x1" IS NOT NULL) THEN "x1" WHEN ((("const_1" <= "const_6") AND ("const_5" <= "const_2")) IS FALSE) THEN CAST(NULL AS VARCHAR) WHEN ("x2" IS NOT NULL) THEN "x2" WHEN (CASE WHEN ("const_1" <= "const_5") THEN "const_5" WHEN (NOT ("const_1" <= "const_5")) THEN "const_1" END IS NULL) THEN CAST(NULL AS VARCHAR) WHEN ("x3" IS NOT NULL) THEN "x3" WHEN (CASE WHEN ("const_2" <= "const_6") THEN "const_2" WHEN (NOT ("const_2" <= "const_6")) THEN "const_6" END IS NULL) THEN CAST(NULL AS VARCHAR) WHEN (coalesce("x3", "x2") IS NOT NULL) THEN coalesce("x3", "x2") WHEN (CASE WHEN ("const_2" <= "const_6") THEN "const_2" WHEN (NOT ("const_2" <= "const_6")) THEN "const_6" END < CASE WHEN ("const_1" <= "const_5") THEN "const_5" WHEN (NOT ("const_1" <= "const_5")) THEN "const_1" END) THEN CAST(NULL AS VARCHAR) ELSE coalesce("x2", "x3") END, CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END), CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END) AS "fault_10"
  FROM (SELECT *, CASE WHEN ("x1" IS NOT NULL) THEN "x1" WHEN ("const_1" <= "const_5") THEN CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END WHEN (NOT ("const_1" <= "const_5")) THEN CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END END AS "x2", CASE WHEN ("x1" IS NOT NULL) THEN "x1" WHEN ("const_2" <= "const_6") THEN CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END WHEN (NOT ("const_2" <= "const_6")) THEN CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END END AS "x3" FROM (SELECT *, coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END) AS "x1" FROM "r1"))
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- Union
-- Interval[1, 5] union Interval[6, 9]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 5, 6, 9)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", CASE WHEN "x1" THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) WHEN (CASE WHEN ("const_1" <= "const_5") THEN "const_1" WHEN (NOT ("const_1" <= "const_5")) THEN "const_5" END IS NULL) THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) WHEN (CASE WHEN ("const_2" <= "const_6") THEN "const_6" WHEN (NOT ("const_2" <= "const_6")) THEN "const_2" END IS NULL) THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) WHEN (CASE WHEN ("const_2" <= "const_6") THEN "const_6" WHEN (NOT ("const_2" <= "const_6")) THEN "const_2" END < CASE WHEN ("const_1" <= "const_5") THEN "const_1" WHEN (NOT ("const_1" <= "const_5")) THEN "const_5" END) THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) ELSE CAST(struct_pack("low" := CASE WHEN ("const_1" <= "const_5") THEN "const_1" WHEN (NOT ("const_1" <= "const_5")) THEN "const_5" END, "high" := CASE WHEN ("const_2" <= "const_6") THEN "const_6" WHEN (NOT ("const_2" <= "const_6")) THEN "const_2" END, "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) END AS "Test_9", coalesce(coalesce(CASE WHEN ("x4" IS NOT NULL) THEN "x4" WHEN "x1" THEN CAST(NULL AS VARCHAR) WHEN ("x5" IS NOT NULL) THEN "x5" WHEN (CASE WHEN ("const_1" <= "const_5") THEN "const_1" WHEN (NOT ("const_1" <= "const_5")) THEN "const_5" END IS NULL) THEN CAST(NULL AS VARCHAR) WHEN ("x6" IS NOT NULL) THEN "x6" WHEN (CASE WHEN ("const_2" <= "const_6") THEN "const_6" WHEN (NOT ("const_2" <= "const_6")) THEN "const_2" END IS NULL) THEN CAST(NULL AS VARCHAR) WHEN (coalesce("x6", "x5") IS NOT NULL) THEN coalesce("x6", "x5") WHEN (CASE WHEN ("const_2" <= "const_6") THEN "const_6" WHEN (NOT ("const_2" <= "const_6")) THEN "const_2" END < CASE WHEN ("const_1" <= "const_5") THEN "const_1" WHEN (NOT ("const_1" <= "const_5")) THEN "const_5" END) THEN CAST(NULL AS VARCHAR) ELSE coalesce("x5", "x6") END, "x2"), "x3") AS "fault_10"
  FROM (SELECT *, coalesce(CASE WHEN (coalesce("x2", "x3") IS NOT NULL) THEN coalesce("x2", "x3") WHEN ("const_2" < "const_5") THEN coalesce("x3", coalesce("x2", CASE WHEN (TRY_CAST(CAST("const_2" AS BIGINT) + 1 AS INTEGER) IS NULL) THEN 'beyond-range' END)) END, CASE WHEN (coalesce("x3", "x2") IS NOT NULL) THEN coalesce("x3", "x2") WHEN ("const_6" < "const_1") THEN coalesce("x2", coalesce("x3", CASE WHEN (TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER) IS NULL) THEN 'beyond-range' END)) END) AS "x4", CASE WHEN (coalesce("x2", "x3") IS NOT NULL) THEN coalesce("x2", "x3") WHEN ("const_1" <= "const_5") THEN "x2" WHEN (NOT ("const_1" <= "const_5")) THEN "x3" END AS "x5", CASE WHEN (coalesce("x2", "x3") IS NOT NULL) THEN coalesce("x2", "x3") WHEN ("const_2" <= "const_6") THEN "x3" WHEN (NOT ("const_2" <= "const_6")) THEN "x2" END AS "x6" FROM (SELECT *, (NOT ((CASE WHEN ("const_2" < "const_5") THEN ("const_5" <= TRY_CAST(CAST("const_2" AS BIGINT) + 1 AS INTEGER)) WHEN (("const_2" < "const_5") IS FALSE) THEN true END AND CASE WHEN ("const_6" < "const_1") THEN ("const_1" <= TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER)) WHEN (("const_6" < "const_1") IS FALSE) THEN true END) IS TRUE)) AS "x1", CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END AS "x2", CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END AS "x3" FROM "r1"))
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- Except
-- Interval[1, 9] except Interval[4, 9]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 9, 4, 9)) AS t("pid", "const_1", "const_2", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", CASE WHEN (("const_2" < "const_5") OR ("const_6" < "const_1")) THEN CAST(struct_pack("low" := "const_1", "high" := "const_2", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) WHEN ((("const_1" < "const_5") IS TRUE) AND (("const_6" < "const_2") IS FALSE)) THEN CASE WHEN (TRY_CAST(CAST("const_5" AS BIGINT) - 1 AS INTEGER) IS NULL) THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) WHEN (TRY_CAST(CAST("const_5" AS BIGINT) - 1 AS INTEGER) < "const_1") THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) ELSE CAST(struct_pack("low" := "const_1", "high" := TRY_CAST(CAST("const_5" AS BIGINT) - 1 AS INTEGER), "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) END WHEN ((("const_6" < "const_2") IS TRUE) AND (("const_1" < "const_5") IS FALSE)) THEN CASE WHEN (TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER) IS NULL) THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) WHEN ("const_2" < TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER)) THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) ELSE CAST(struct_pack("low" := TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER), "high" := "const_2", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) END END AS "Test_9", coalesce(coalesce(CASE WHEN (coalesce("x1", "x2") IS NOT NULL) THEN coalesce("x1", "x2") WHEN (("const_2" < "const_5") OR ("const_6" < "const_1")) THEN "x1" WHEN ((("const_1" < "const_5") IS TRUE) AND (("const_6" < "const_2") IS FALSE)) THEN coalesce(CASE WHEN ("x3" IS NOT NULL) THEN "x3" WHEN (TRY_CAST(CAST("const_5" AS BIGINT) - 1 AS INTEGER) IS NULL) THEN CAST(NULL AS VARCHAR) WHEN (coalesce("x3", "x1") IS NOT NULL) THEN coalesce("x3", "x1") WHEN (TRY_CAST(CAST("const_5" AS BIGINT) - 1 AS INTEGER) < "const_1") THEN CAST(NULL AS VARCHAR) ELSE coalesce("x1", "x3") END, "x1") WHEN (coalesce("x2", "x1") IS NOT NULL) THEN coalesce("x2", "x1") WHEN ((("const_6" < "const_2") IS TRUE) AND (("const_1" < "const_5") IS FALSE)) THEN coalesce(coalesce(CASE WHEN ("x2" IS NOT NULL) THEN "x2" WHEN (TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER) IS NULL) THEN CAST(NULL AS VARCHAR) WHEN ("x1" IS NOT NULL) THEN "x1" WHEN (coalesce("x1", coalesce("x2", CASE WHEN (TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER) IS NULL) THEN 'beyond-range' END)) IS NOT NULL) THEN coalesce("x1", coalesce("x2", CASE WHEN (TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER) IS NULL) THEN 'beyond-range' END)) WHEN ("const_2" < TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER)) THEN CAST(NULL AS VARCHAR) ELSE coalesce(coalesce("x2", CASE WHEN (TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER) IS NULL) THEN 'beyond-range' END), "x1") END, "x2"), CASE WHEN (TRY_CAST(CAST("const_6" AS BIGINT) + 1 AS INTEGER) IS NULL) THEN 'beyond-range' END) END, "x1"), "x2") AS "fault_10"
  FROM (SELECT *, coalesce("x2", CASE WHEN (TRY_CAST(CAST("const_5" AS BIGINT) - 1 AS INTEGER) IS NULL) THEN 'beyond-range' END) AS "x3" FROM (SELECT *, CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END AS "x1", CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END AS "x2" FROM "r1"))
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11", "fault_10" AS "fault_12"
FROM "r2";

-- Width
-- width of Interval[1, 5]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 5)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", TRY_CAST(CAST("const_2" AS BIGINT) - "const_1" AS INTEGER) AS "Test_5", CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END AS "fault_6"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_5" AS "Test_7", "fault_6" AS "fault_8"
FROM "r2";

-- Size
-- Size(Interval[1, 5])
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 5)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", TRY_CAST(CAST(TRY_CAST(CAST("const_2" AS BIGINT) + 1 AS INTEGER) AS BIGINT) - "const_1" AS INTEGER) AS "Test_5", coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN (TRY_CAST(CAST("const_2" AS BIGINT) + 1 AS INTEGER) IS NULL) THEN 'beyond-range' END) AS "fault_6"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_5" AS "Test_7", "fault_6" AS "fault_8"
FROM "r2";

-- PointFrom
-- point from Interval[5, 5]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 5, 5)) AS t("pid", "const_1", "const_2")
)
SELECT "pid" AS "pid", "const_1" AS "Test_5", coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN (NOT (("const_1" = "const_2") IS TRUE)) THEN 'not-a-point' END) AS "fault_6"
FROM "r1";

-- Collapse
-- collapse {Interval[1, 3], Interval[2, 5], Interval[7, 8]}
WITH RECURSIVE "r1" AS MATERIALIZED (
  SELECT * FROM (VALUES (0, 1, 3, 2, 5, 7, 8)) AS t("pid", "const_1", "const_2", "const_5", "const_6", "const_9", "const_10")
),
"r2" AS (
  SELECT "pid", CAST([CAST(struct_pack("low" := "const_1", "high" := "const_2", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)), CAST(struct_pack("low" := "const_5", "high" := "const_6", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)), CAST(struct_pack("low" := "const_9", "high" := "const_10", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN))] AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)[]) AS "list_13"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_13") AS "item_14", CAST(unnest(generate_series(1, len("list_13"))) AS INTEGER) AS "pos_15"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_14" AS "item_16", "pos_15" AS "pos_17"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", "item_16", "pos_17"
  FROM "r4"
  WHERE ("item_16" IS NOT NULL)
),
"r6" AS (
  SELECT "pid", "item_16", "pos_17", CAST(struct_pack("low" := CASE WHEN (("item_16")."low" IS NOT NULL) THEN CASE WHEN ("item_16")."lowClosed" THEN ("item_16")."low" ELSE TRY_CAST(CAST(("item_16")."low" AS BIGINT) + 1 AS INTEGER) END ELSE CAST(-2147483648 AS INTEGER) END, "high" := CASE WHEN (("item_16")."low" IS NOT NULL) THEN CASE WHEN ("item_16")."lowClosed" THEN ("item_16")."low" ELSE TRY_CAST(CAST(("item_16")."low" AS BIGINT) + 1 AS INTEGER) END WHEN ("item_16")."lowClosed" THEN CAST(-2147483648 AS INTEGER) ELSE CASE WHEN (("item_16")."high" IS NOT NULL) THEN CASE WHEN ("item_16")."highClosed" THEN ("item_16")."high" ELSE TRY_CAST(CAST(("item_16")."high" AS BIGINT) - 1 AS INTEGER) END ELSE 2147483647 END END) AS STRUCT(low INTEGER, high INTEGER)) AS "low_18", coalesce(CASE WHEN (("item_16")."low" IS NOT NULL) THEN "x13" END, CASE WHEN (("item_16")."low" IS NOT NULL) THEN "x13" WHEN ("item_16")."lowClosed" THEN CAST(NULL AS VARCHAR) ELSE CASE WHEN (("item_16")."high" IS NOT NULL) THEN CASE WHEN ("item_16")."highClosed" THEN CAST(NULL AS VARCHAR) ELSE CASE WHEN ((("item_16")."high" IS NOT NULL) AND (TRY_CAST(CAST(("item_16")."high" AS BIGINT) - 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END END END END) AS "fault_19"
  FROM (SELECT *, CASE WHEN ("item_16")."lowClosed" THEN CAST(NULL AS VARCHAR) ELSE CASE WHEN ((("item_16")."low" IS NOT NULL) AND (TRY_CAST(CAST(("item_16")."low" AS BIGINT) + 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END END AS "x13" FROM "r5")
),
"r7" AS (
  SELECT "pid", "pos_17", "low_18", "fault_19", CAST(struct_pack("low" := CASE WHEN (("item_16")."high" IS NOT NULL) THEN CASE WHEN ("item_16")."highClosed" THEN ("item_16")."high" ELSE TRY_CAST(CAST(("item_16")."high" AS BIGINT) - 1 AS INTEGER) END WHEN ("item_16")."highClosed" THEN 2147483647 ELSE CASE WHEN (("item_16")."low" IS NOT NULL) THEN CASE WHEN ("item_16")."lowClosed" THEN ("item_16")."low" ELSE TRY_CAST(CAST(("item_16")."low" AS BIGINT) + 1 AS INTEGER) END ELSE CAST(-2147483648 AS INTEGER) END END, "high" := CASE WHEN (("item_16")."high" IS NOT NULL) THEN CASE WHEN ("item_16")."highClosed" THEN ("item_16")."high" ELSE TRY_CAST(CAST(("item_16")."high" AS BIGINT) - 1 AS INTEGER) END ELSE 2147483647 END) AS STRUCT(low INTEGER, high INTEGER)) AS "high_20", coalesce(CASE WHEN (("item_16")."high" IS NOT NULL) THEN "x12" WHEN ("item_16")."highClosed" THEN CAST(NULL AS VARCHAR) ELSE CASE WHEN (("item_16")."low" IS NOT NULL) THEN CASE WHEN ("item_16")."lowClosed" THEN CAST(NULL AS VARCHAR) ELSE CASE WHEN ((("item_16")."low" IS NOT NULL) AND (TRY_CAST(CAST(("item_16")."low" AS BIGINT) + 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END END END END, CASE WHEN (("item_16")."high" IS NOT NULL) THEN "x12" END) AS "fault_21"
  FROM (SELECT *, CASE WHEN ("item_16")."highClosed" THEN CAST(NULL AS VARCHAR) ELSE CASE WHEN ((("item_16")."high" IS NOT NULL) AND (TRY_CAST(CAST(("item_16")."high" AS BIGINT) - 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END END AS "x12" FROM "r6")
),
"r8" AS MATERIALIZED (
  SELECT "pid", "low_18", "fault_19", "high_20", "fault_21", CAST(row_number() OVER (PARTITION BY "pid" ORDER BY ("low_18")."low" ASC NULLS FIRST, "pos_17" ASC NULLS FIRST) AS INTEGER) AS "n_22"
  FROM "r7"
),
"loop_23" AS (
  SELECT "pid" AS "pid", 0 AS "step_24", CAST(NULL AS STRUCT(low INTEGER, high INTEGER)) AS "low_26", CAST(NULL AS STRUCT(low INTEGER, high INTEGER)) AS "high_27", 0 AS "group_28", CAST(NULL AS VARCHAR) AS "fault_25"
  FROM "r1"
  UNION ALL
  SELECT "pid" AS "pid", "n_22" AS "step_24", CASE WHEN "x3" THEN "low_26" ELSE "low_18" END AS "low_26", CASE WHEN "x3" THEN CASE WHEN ("x5" IS NOT NULL) THEN "x5" ELSE "high_27" END ELSE "high_20" END AS "high_27", CASE WHEN "x3" THEN "group_28" ELSE TRY_CAST(CAST("group_28" AS BIGINT) + 1 AS INTEGER) END AS "group_28", coalesce(coalesce(coalesce("fault_25", CASE WHEN ("x10" IS NOT NULL) THEN "x10" WHEN "x3" THEN "fault_25" ELSE "fault_19" END), CASE WHEN ("x10" IS NOT NULL) THEN "x10" WHEN "x3" THEN CASE WHEN (CASE WHEN ("x11" IS NOT NULL) THEN "x11" WHEN "x4" THEN CAST(NULL AS VARCHAR) ELSE "x11" END IS NOT NULL) THEN CASE WHEN ("x11" IS NOT NULL) THEN "x11" WHEN "x4" THEN CAST(NULL AS VARCHAR) ELSE "x11" END WHEN ("x5" IS NOT NULL) THEN CASE WHEN ("x11" IS NOT NULL) THEN "x11" WHEN "x4" THEN CAST(NULL AS VARCHAR) ELSE "x11" END ELSE "fault_25" END ELSE "fault_21" END), CASE WHEN ("x10" IS NOT NULL) THEN "x10" ELSE "fault_25" END) AS "fault_25"
  FROM (SELECT *, coalesce("fault_25", CASE WHEN ("x6" IS NOT NULL) THEN "x6" WHEN (CASE WHEN (("high_27")."high" < ("low_18")."low") THEN true WHEN (("low_18")."high" <= ("high_27")."low") THEN false END IS TRUE) THEN CASE WHEN ("x8" IS NOT NULL) THEN "x8" WHEN (CASE WHEN "x2" THEN CAST(NULL AS INTEGER) ELSE TRY_CAST(CAST(("high_27")."high" AS BIGINT) + 1 AS INTEGER) END < ("low_18")."low") THEN CAST(NULL AS VARCHAR) WHEN ("x9" IS NOT NULL) THEN "x9" END END) AS "x10" FROM (SELECT *, ((0 < "group_28") AND CASE WHEN (CASE WHEN (("high_27")."high" < ("low_18")."low") THEN true WHEN (("low_18")."high" <= ("high_27")."low") THEN false END IS TRUE) THEN ((NOT CASE WHEN (CASE WHEN "x2" THEN CAST(NULL AS INTEGER) ELSE TRY_CAST(CAST(("high_27")."high" AS BIGINT) + 1 AS INTEGER) END < ("low_18")."low") THEN true WHEN (("low_18")."high" <= CASE WHEN "x2" THEN CAST(NULL AS INTEGER) ELSE TRY_CAST(CAST(("high_27")."low" AS BIGINT) + 1 AS INTEGER) END) THEN false END) IS TRUE) ELSE true END) AS "x3", CASE WHEN "x4" THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER)) ELSE CAST(struct_pack("low" := CASE WHEN (("high_20")."low" <= ("high_27")."low") THEN ("high_27")."low" ELSE ("high_20")."low" END, "high" := CASE WHEN (("high_20")."high" <= ("high_27")."high") THEN ("high_27")."high" ELSE ("high_20")."high" END) AS STRUCT(low INTEGER, high INTEGER)) END AS "x5", coalesce(CASE WHEN ("x7" IS NOT NULL) THEN "x7" WHEN "x2" THEN CAST(NULL AS VARCHAR) ELSE coalesce("fault_25", CASE WHEN ((("high_27")."high" IS NOT NULL) AND (TRY_CAST(CAST(("high_27")."high" AS BIGINT) + 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END) END, "fault_19") AS "x8", coalesce("fault_19", CASE WHEN ("x7" IS NOT NULL) THEN "x7" WHEN "x2" THEN CAST(NULL AS VARCHAR) ELSE coalesce("fault_25", CASE WHEN ((("high_27")."low" IS NOT NULL) AND (TRY_CAST(CAST(("high_27")."low" AS BIGINT) + 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END) END) AS "x9" FROM (SELECT *, ((TRY_CAST(CAST(("high_27")."low" AS BIGINT) + 1 AS INTEGER) IS NULL) OR (TRY_CAST(CAST(("high_27")."high" AS BIGINT) + 1 AS INTEGER) IS NULL)) AS "x2", ((CASE WHEN (("high_20")."low" <= ("high_27")."low") THEN ("high_27")."low" ELSE ("high_20")."low" END IS NULL) OR (CASE WHEN (("high_20")."high" <= ("high_27")."high") THEN ("high_27")."high" ELSE ("high_20")."high" END IS NULL)) AS "x4", CASE WHEN (coalesce("fault_25", "fault_19") IS NOT NULL) THEN coalesce("fault_25", "fault_19") WHEN (("high_27")."high" < ("low_18")."low") THEN CAST(NULL AS VARCHAR) WHEN (coalesce("fault_19", "fault_25") IS NOT NULL) THEN coalesce("fault_19", "fault_25") END AS "x6", coalesce(coalesce("fault_25", CASE WHEN ((("high_27")."low" IS NOT NULL) AND (TRY_CAST(CAST(("high_27")."low" AS BIGINT) + 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END), coalesce("fault_25", CASE WHEN ((("high_27")."high" IS NOT NULL) AND (TRY_CAST(CAST(("high_27")."high" AS BIGINT) + 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END)) AS "x7", coalesce(CASE WHEN (coalesce("fault_21", "fault_25") IS NOT NULL) THEN coalesce("fault_21", "fault_25") WHEN (("high_20")."low" <= ("high_27")."low") THEN "fault_25" ELSE "fault_21" END, CASE WHEN (coalesce("fault_21", "fault_25") IS NOT NULL) THEN coalesce("fault_21", "fault_25") WHEN (("high_20")."high" <= ("high_27")."high") THEN "fault_25" ELSE "fault_21" END) AS "x11" FROM (SELECT l."pid", l."low_26", l."high_27", l."group_28", l."fault_25", r."low_18", r."fault_19", r."high_20", r."fault_21", r."n_22"
  FROM (SELECT "pid", "low_26", "high_27", "group_28", "fault_25", TRY_CAST(CAST("step_24" AS BIGINT) + 1 AS INTEGER) AS "next_29"
  FROM "loop_23") AS l JOIN "r8" AS r ON l."pid" = r."pid" AND l."next_29" = r."n_22"))))
),
"r10" AS (
  SELECT "pid", "step_24", "low_26", "high_27", "group_28", "fault_25", (0 < "group_28") AS "keep_30", "fault_25" AS "fault_31"
  FROM "loop_23"
),
"r11" AS (
  SELECT "pid", "step_24", "low_26", "high_27", "group_28", "fault_25"
  FROM "r10"
  WHERE ("keep_30" OR ("fault_31" IS NOT NULL))
),
"r12" AS (
  SELECT "pid", "group_28", arg_max_null("low_26", "step_24") AS "low_32", arg_max_null("high_27", "step_24") AS "high_33", min("fault_25") AS "fault_34"
  FROM "r11"
  GROUP BY "pid", "group_28"
),
"r13" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := "group_28", v := CAST(struct_pack("low" := "low_32", "high" := "high_33", "lowClosed" := true, "highClosed" := true) AS STRUCT(low STRUCT(low INTEGER, high INTEGER), high STRUCT(low INTEGER, high INTEGER), "lowClosed" BOOLEAN, "highClosed" BOOLEAN))))), lambda e: (e).v) AS STRUCT(low STRUCT(low INTEGER, high INTEGER), high STRUCT(low INTEGER, high INTEGER), "lowClosed" BOOLEAN, "highClosed" BOOLEAN)[]) AS "list_35", min("fault_34") AS "fault_36"
  FROM "r12"
  GROUP BY "pid"
),
"r14" AS (
  SELECT l."pid", l."const_1", l."const_2", l."const_5", l."const_6", l."const_9", l."const_10", r."list_35", r."fault_36"
  FROM "r1" AS l LEFT JOIN "r13" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", CASE WHEN "x1" THEN coalesce("list_35", CAST([] AS STRUCT(low STRUCT(low INTEGER, high INTEGER), high STRUCT(low INTEGER, high INTEGER), "lowClosed" BOOLEAN, "highClosed" BOOLEAN)[])) END AS "Test_37", CASE WHEN (coalesce(coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END), CASE WHEN ("const_10" < "const_9") THEN 'invalid-interval' END) IS NOT NULL) THEN coalesce(coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END), CASE WHEN ("const_10" < "const_9") THEN 'invalid-interval' END) WHEN "x1" THEN "fault_36" END AS "fault_38"
FROM (SELECT *, (CAST([CAST(struct_pack("low" := "const_1", "high" := "const_2", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)), CAST(struct_pack("low" := "const_5", "high" := "const_6", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)), CAST(struct_pack("low" := "const_9", "high" := "const_10", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN))] AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)[]) IS NOT NULL) AS "x1" FROM "r14");

-- Count
-- ({Interval[1, 3], Interval[5, 6]}) I return all Count(collapse {I, Interval[2, 3]})
WITH RECURSIVE "r1" AS (
  SELECT * FROM (VALUES (0, 1, 3, 5, 6, 2, 3)) AS t("pid", "const_1", "const_2", "const_5", "const_6", "const_9", "const_10")
),
"r2" AS (
  SELECT "pid", CAST([CAST(struct_pack("low" := "const_1", "high" := "const_2", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)), CAST(struct_pack("low" := "const_5", "high" := "const_6", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN))] AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)[]) AS "list_16"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_16") AS "item_17", CAST(unnest(generate_series(1, len("list_16"))) AS INTEGER) AS "pos_18"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_17" AS "item_19", "pos_18" AS "pos_20"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", "const_9" AS "const_21", "const_10" AS "const_22"
  FROM "r1"
),
"r6" AS MATERIALIZED (
  SELECT l."pid", l."item_19", l."pos_20", r."const_21", r."const_22"
  FROM "r4" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", "pos_20", CAST(["item_19", CAST(struct_pack("low" := "const_21", "high" := "const_22", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN))] AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)[]) AS "list_23"
  FROM "r6"
),
"r8" AS (
  SELECT "pid", "pos_20", unnest("list_23") AS "item_24", CAST(unnest(generate_series(1, len("list_23"))) AS INTEGER) AS "pos_25"
  FROM "r7"
),
"r9" AS (
  SELECT "pid", "pos_20", "item_24" AS "item_26", "pos_25" AS "pos_27"
  FROM "r8"
),
"r10" AS (
  SELECT "pid", "pos_20", "item_26", "pos_27"
  FROM "r9"
  WHERE ("item_26" IS NOT NULL)
),
"r11" AS (
  SELECT "pid", "pos_20", "item_26", "pos_27", CAST(struct_pack("low" := CASE WHEN (("item_26")."low" IS NOT NULL) THEN CASE WHEN ("item_26")."lowClosed" THEN ("item_26")."low" ELSE TRY_CAST(CAST(("item_26")."low" AS BIGINT) + 1 AS INTEGER) END ELSE CAST(-2147483648 AS INTEGER) END, "high" := CASE WHEN (("item_26")."low" IS NOT NULL) THEN CASE WHEN ("item_26")."lowClosed" THEN ("item_26")."low" ELSE TRY_CAST(CAST(("item_26")."low" AS BIGINT) + 1 AS INTEGER) END WHEN ("item_26")."lowClosed" THEN CAST(-2147483648 AS INTEGER) ELSE CASE WHEN (("item_26")."high" IS NOT NULL) THEN CASE WHEN ("item_26")."highClosed" THEN ("item_26")."high" ELSE TRY_CAST(CAST(("item_26")."high" AS BIGINT) - 1 AS INTEGER) END ELSE 2147483647 END END) AS STRUCT(low INTEGER, high INTEGER)) AS "low_28", coalesce(CASE WHEN (("item_26")."low" IS NOT NULL) THEN "x14" END, CASE WHEN (("item_26")."low" IS NOT NULL) THEN "x14" WHEN ("item_26")."lowClosed" THEN CAST(NULL AS VARCHAR) ELSE CASE WHEN (("item_26")."high" IS NOT NULL) THEN CASE WHEN ("item_26")."highClosed" THEN CAST(NULL AS VARCHAR) ELSE CASE WHEN ((("item_26")."high" IS NOT NULL) AND (TRY_CAST(CAST(("item_26")."high" AS BIGINT) - 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END END END END) AS "fault_29"
  FROM (SELECT *, CASE WHEN ("item_26")."lowClosed" THEN CAST(NULL AS VARCHAR) ELSE CASE WHEN ((("item_26")."low" IS NOT NULL) AND (TRY_CAST(CAST(("item_26")."low" AS BIGINT) + 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END END AS "x14" FROM "r10")
),
"r12" AS (
  SELECT "pid", "pos_20", "pos_27", "low_28", "fault_29", CAST(struct_pack("low" := CASE WHEN (("item_26")."high" IS NOT NULL) THEN CASE WHEN ("item_26")."highClosed" THEN ("item_26")."high" ELSE TRY_CAST(CAST(("item_26")."high" AS BIGINT) - 1 AS INTEGER) END WHEN ("item_26")."highClosed" THEN 2147483647 ELSE CASE WHEN (("item_26")."low" IS NOT NULL) THEN CASE WHEN ("item_26")."lowClosed" THEN ("item_26")."low" ELSE TRY_CAST(CAST(("item_26")."low" AS BIGINT) + 1 AS INTEGER) END ELSE CAST(-2147483648 AS INTEGER) END END, "high" := CASE WHEN (("item_26")."high" IS NOT NULL) THEN CASE WHEN ("item_26")."highClosed" THEN ("item_26")."high" ELSE TRY_CAST(CAST(("item_26")."high" AS BIGINT) - 1 AS INTEGER) END ELSE 2147483647 END) AS STRUCT(low INTEGER, high INTEGER)) AS "high_30", coalesce(CASE WHEN (("item_26")."high" IS NOT NULL) THEN "x13" WHEN ("item_26")."highClosed" THEN CAST(NULL AS VARCHAR) ELSE CASE WHEN (("item_26")."low" IS NOT NULL) THEN CASE WHEN ("item_26")."lowClosed" THEN CAST(NULL AS VARCHAR) ELSE CASE WHEN ((("item_26")."low" IS NOT NULL) AND (TRY_CAST(CAST(("item_26")."low" AS BIGINT) + 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END END END END, CASE WHEN (("item_26")."high" IS NOT NULL) THEN "x13" END) AS "fault_31"
  FROM (SELECT *, CASE WHEN ("item_26")."highClosed" THEN CAST(NULL AS VARCHAR) ELSE CASE WHEN ((("item_26")."high" IS NOT NULL) AND (TRY_CAST(CAST(("item_26")."high" AS BIGINT) - 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END END AS "x13" FROM "r11")
),
"r13" AS MATERIALIZED (
  SELECT "pid", "pos_20", "low_28", "fault_29", "high_30", "fault_31", CAST(row_number() OVER (PARTITION BY "pid", "pos_20" ORDER BY ("low_28")."low" ASC NULLS FIRST, "pos_27" ASC NULLS FIRST) AS INTEGER) AS "n_32"
  FROM "r12"
),
"loop_33" AS (
  SELECT "pid" AS "pid", "pos_20" AS "pos_20", 0 AS "step_34", CAST(NULL AS STRUCT(low INTEGER, high INTEGER)) AS "low_36", CAST(NULL AS STRUCT(low INTEGER, high INTEGER)) AS "high_37", 0 AS "group_38", CAST(NULL AS VARCHAR) AS "fault_35"
  FROM "r6"
  UNION ALL
  SELECT "pid" AS "pid", "pos_20" AS "pos_20", "n_32" AS "step_34", CASE WHEN "x4" THEN "low_36" ELSE "low_28" END AS "low_36", CASE WHEN "x4" THEN CASE WHEN ("x6" IS NOT NULL) THEN "x6" ELSE "high_37" END ELSE "high_30" END AS "high_37", CASE WHEN "x4" THEN "group_38" ELSE TRY_CAST(CAST("group_38" AS BIGINT) + 1 AS INTEGER) END AS "group_38", coalesce(coalesce(coalesce("fault_35", CASE WHEN ("x11" IS NOT NULL) THEN "x11" WHEN "x4" THEN "fault_35" ELSE "fault_29" END), CASE WHEN ("x11" IS NOT NULL) THEN "x11" WHEN "x4" THEN CASE WHEN (CASE WHEN ("x12" IS NOT NULL) THEN "x12" WHEN "x5" THEN CAST(NULL AS VARCHAR) ELSE "x12" END IS NOT NULL) THEN CASE WHEN ("x12" IS NOT NULL) THEN "x12" WHEN "x5" THEN CAST(NULL AS VARCHAR) ELSE "x12" END WHEN ("x6" IS NOT NULL) THEN CASE WHEN ("x12" IS NOT NULL) THEN "x12" WHEN "x5" THEN CAST(NULL AS VARCHAR) ELSE "x12" END ELSE "fault_35" END ELSE "fault_31" END), CASE WHEN ("x11" IS NOT NULL) THEN "x11" ELSE "fault_35" END) AS "fault_35"
  FROM (SELECT *, coalesce("fault_35", CASE WHEN ("x7" IS NOT NULL) THEN "x7" WHEN (CASE WHEN (("high_37")."high" < ("low_28")."low") THEN true WHEN (("low_28")."high" <= ("high_37")."low") THEN false END IS TRUE) THEN CASE WHEN ("x9" IS NOT NULL) THEN "x9" WHEN (CASE WHEN "x3" THEN CAST(NULL AS INTEGER) ELSE TRY_CAST(CAST(("high_37")."high" AS BIGINT) + 1 AS INTEGER) END < ("low_28")."low") THEN CAST(NULL AS VARCHAR) WHEN ("x10" IS NOT NULL) THEN "x10" END END) AS "x11" FROM (SELECT *, ((0 < "group_38") AND CASE WHEN (CASE WHEN (("high_37")."high" < ("low_28")."low") THEN true WHEN (("low_28")."high" <= ("high_37")."low") THEN false END IS TRUE) THEN ((NOT CASE WHEN (CASE WHEN "x3" THEN CAST(NULL AS INTEGER) ELSE TRY_CAST(CAST(("high_37")."high" AS BIGINT) + 1 AS INTEGER) END < ("low_28")."low") THEN true WHEN (("low_28")."high" <= CASE WHEN "x3" THEN CAST(NULL AS INTEGER) ELSE TRY_CAST(CAST(("high_37")."low" AS BIGINT) + 1 AS INTEGER) END) THEN false END) IS TRUE) ELSE true END) AS "x4", CASE WHEN "x5" THEN CAST(NULL AS STRUCT(low INTEGER, high INTEGER)) ELSE CAST(struct_pack("low" := CASE WHEN (("high_30")."low" <= ("high_37")."low") THEN ("high_37")."low" ELSE ("high_30")."low" END, "high" := CASE WHEN (("high_30")."high" <= ("high_37")."high") THEN ("high_37")."high" ELSE ("high_30")."high" END) AS STRUCT(low INTEGER, high INTEGER)) END AS "x6", coalesce(CASE WHEN ("x8" IS NOT NULL) THEN "x8" WHEN "x3" THEN CAST(NULL AS VARCHAR) ELSE coalesce("fault_35", CASE WHEN ((("high_37")."high" IS NOT NULL) AND (TRY_CAST(CAST(("high_37")."high" AS BIGINT) + 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END) END, "fault_29") AS "x9", coalesce("fault_29", CASE WHEN ("x8" IS NOT NULL) THEN "x8" WHEN "x3" THEN CAST(NULL AS VARCHAR) ELSE coalesce("fault_35", CASE WHEN ((("high_37")."low" IS NOT NULL) AND (TRY_CAST(CAST(("high_37")."low" AS BIGINT) + 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END) END) AS "x10" FROM (SELECT *, ((TRY_CAST(CAST(("high_37")."low" AS BIGINT) + 1 AS INTEGER) IS NULL) OR (TRY_CAST(CAST(("high_37")."high" AS BIGINT) + 1 AS INTEGER) IS NULL)) AS "x3", ((CASE WHEN (("high_30")."low" <= ("high_37")."low") THEN ("high_37")."low" ELSE ("high_30")."low" END IS NULL) OR (CASE WHEN (("high_30")."high" <= ("high_37")."high") THEN ("high_37")."high" ELSE ("high_30")."high" END IS NULL)) AS "x5", CASE WHEN (coalesce("fault_35", "fault_29") IS NOT NULL) THEN coalesce("fault_35", "fault_29") WHEN (("high_37")."high" < ("low_28")."low") THEN CAST(NULL AS VARCHAR) WHEN (coalesce("fault_29", "fault_35") IS NOT NULL) THEN coalesce("fault_29", "fault_35") END AS "x7", coalesce(coalesce("fault_35", CASE WHEN ((("high_37")."low" IS NOT NULL) AND (TRY_CAST(CAST(("high_37")."low" AS BIGINT) + 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END), coalesce("fault_35", CASE WHEN ((("high_37")."high" IS NOT NULL) AND (TRY_CAST(CAST(("high_37")."high" AS BIGINT) + 1 AS INTEGER) IS NULL)) THEN 'beyond-range' END)) AS "x8", coalesce(CASE WHEN (coalesce("fault_31", "fault_35") IS NOT NULL) THEN coalesce("fault_31", "fault_35") WHEN (("high_30")."low" <= ("high_37")."low") THEN "fault_35" ELSE "fault_31" END, CASE WHEN (coalesce("fault_31", "fault_35") IS NOT NULL) THEN coalesce("fault_31", "fault_35") WHEN (("high_30")."high" <= ("high_37")."high") THEN "fault_35" ELSE "fault_31" END) AS "x12" FROM (SELECT l."pid", l."pos_20", l."low_36", l."high_37", l."group_38", l."fault_35", r."low_28", r."fault_29", r."high_30", r."fault_31", r."n_32"
  FROM (SELECT "pid", "pos_20", "low_36", "high_37", "group_38", "fault_35", TRY_CAST(CAST("step_34" AS BIGINT) + 1 AS INTEGER) AS "next_39"
  FROM "loop_33") AS l JOIN "r13" AS r ON l."pid" = r."pid" AND l."pos_20" = r."pos_20" AND l."next_39" = r."n_32"))))
),
"r15" AS (
  SELECT "pid", "pos_20", "group_38", "fault_35", (0 < "group_38") AS "keep_40", "fault_35" AS "fault_41"
  FROM "loop_33"
),
"r16" AS (
  SELECT "pid", "pos_20", "group_38", "fault_35"
  FROM "r15"
  WHERE ("keep_40" OR ("fault_41" IS NOT NULL))
),
"r17" AS (
  SELECT "pid", "pos_20", "group_38", min("fault_35") AS "fault_44"
  FROM "r16"
  GROUP BY "pid", "pos_20", "group_38"
),
"r18" AS (
  SELECT "pid", "pos_20", "fault_44" AS "fault_48"
  FROM "r17"
),
"r19" AS (
  SELECT "pid", "pos_20", CAST(count_if(true) AS INTEGER) AS "value_49", min("fault_48") AS "fault_50"
  FROM "r18"
  GROUP BY "pid", "pos_20"
),
"r20" AS (
  SELECT l."pid", l."item_19", l."pos_20", l."const_21", l."const_22", r."value_49", r."fault_50"
  FROM "r6" AS l LEFT JOIN "r19" AS r ON l."pid" = r."pid" AND l."pos_20" = r."pos_20"
),
"r21" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := "pos_20", v := CASE WHEN "x2" THEN 0 ELSE CASE WHEN ("value_49" IS NOT NULL) THEN "value_49" ELSE 0 END END))), lambda e: (e).v) AS INTEGER[]) AS "list_51", min(CASE WHEN (CASE WHEN ("const_22" < "const_21") THEN 'invalid-interval' END IS NOT NULL) THEN CASE WHEN ("const_22" < "const_21") THEN 'invalid-interval' END WHEN "x2" THEN CAST(NULL AS VARCHAR) ELSE CASE WHEN ("fault_50" IS NOT NULL) THEN "fault_50" WHEN ("value_49" IS NOT NULL) THEN "fault_50" END END) AS "fault_52"
  FROM (SELECT *, (NOT (CAST(["item_19", CAST(struct_pack("low" := "const_21", "high" := "const_22", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN))] AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)[]) IS NOT NULL)) AS "x2" FROM "r20")
  GROUP BY "pid"
),
"r22" AS (
  SELECT l."pid", l."const_1", l."const_2", l."const_5", l."const_6", r."list_51", r."fault_52"
  FROM "r1" AS l LEFT JOIN "r21" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", CASE WHEN "x1" THEN coalesce("list_51", CAST([] AS INTEGER[])) END AS "Test_53", CASE WHEN (coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END) IS NOT NULL) THEN coalesce(CASE WHEN ("const_2" < "const_1") THEN 'invalid-interval' END, CASE WHEN ("const_6" < "const_5") THEN 'invalid-interval' END) WHEN "x1" THEN "fault_52" END AS "fault_54"
FROM (SELECT *, (CAST([CAST(struct_pack("low" := "const_1", "high" := "const_2", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)), CAST(struct_pack("low" := "const_5", "high" := "const_6", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN))] AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)[]) IS NOT NULL) AS "x1" FROM "r22");

-- Expand
-- expand Interval[1, 3]
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 3)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN (NOT (("const_2" < "const_1") IS TRUE)) THEN CAST(struct_pack("low" := "const_1", "high" := "const_2", "lowClosed" := true, "highClosed" := true) AS STRUCT(low INTEGER, high INTEGER, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)) END AS "interval_5"
  FROM "r1"
),
"r3" AS MATERIALIZED (
  SELECT "pid", "interval_5", "x1" AS "steps_7", CASE WHEN (100000 < "x1") THEN 'too-many-steps' END AS "fault_8"
  FROM (SELECT *, CASE WHEN ("interval_5" IS NULL) THEN 0 ELSE CASE WHEN TRY_CAST(trunc(CAST('1.0' AS DECIMAL(38, 8))) AS BIGINT) >= 1 AND ("interval_5")."low" <= ("interval_5")."high" THEN CAST(least(greatest((CAST(("interval_5")."high" AS HUGEINT) - ("interval_5")."low" + 1) // TRY_CAST(trunc(CAST('1.0' AS DECIMAL(38, 8))) AS BIGINT), 0), 200000) AS INTEGER) ELSE 0 END END AS "x1" FROM "r2")
),
"r4" AS MATERIALIZED (
  SELECT "pid", "interval_5", "steps_7", "fault_8", ("interval_5")."low" AS "v_14"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", generate_series(1, CASE WHEN "steps_7" <= 100000 THEN "steps_7" ELSE 0 END) AS "list_9"
  FROM "r3"
),
"r6" AS (
  SELECT "pid", unnest("list_9") AS "item_10", CAST(unnest(generate_series(1, len("list_9"))) AS INTEGER) AS "pos_11"
  FROM "r5"
),
"r7" AS (
  SELECT "pid", "item_10" AS "item_12", "pos_11" AS "pos_13"
  FROM "r6"
),
"r8" AS (
  SELECT "pid", "v_14" AS "v_16"
  FROM "r4"
),
"r9" AS (
  SELECT l."pid", l."item_12", l."pos_13", r."v_16"
  FROM "r7" AS l LEFT JOIN "r8" AS r ON l."pid" = r."pid"
),
"r10" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := "pos_13", v := TRY_CAST(CAST("v_16" AS HUGEINT) + CAST(TRY_CAST(trunc(CAST('1.0' AS DECIMAL(38, 8))) AS BIGINT) AS HUGEINT) * ("item_12" - 1) - 0 AS INTEGER)))), lambda e: (e).v) AS INTEGER[]) AS "list_17"
  FROM "r9"
  GROUP BY "pid"
),
"r11" AS (
  SELECT l."pid", l."interval_5", l."steps_7", l."fault_8", r."list_17"
  FROM "r4" AS l LEFT JOIN "r10" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", CASE WHEN (("interval_5" IS NOT NULL) AND ("steps_7" IS NOT NULL)) THEN coalesce("list_17", CAST([] AS INTEGER[])) END AS "Test_18", "fault_8" AS "fault_19"
FROM "r11";
