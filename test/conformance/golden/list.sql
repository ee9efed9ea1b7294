-- Exists
-- exists {1}
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1)) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", ((0 < CAST(list_aggregate(CAST(["const_1"] AS INTEGER[]), 'count') AS INTEGER)) IS TRUE) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- Distinct
-- distinct {1, null, 1, null, 2}
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 1, 2)) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", CAST(NULL AS INTEGER), "const_2", CAST(NULL AS INTEGER), "const_3"] AS INTEGER[]) AS "list_4"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_4") AS "item_5", CAST(unnest(generate_series(1, len("list_4"))) AS INTEGER) AS "pos_6"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_5" AS "item_7", "pos_6" AS "pos_8"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", "item_7", "pos_8", CAST(row_number() OVER (PARTITION BY "pid", "item_7" ORDER BY "pos_8" ASC NULLS FIRST) AS INTEGER) AS "n_9"
  FROM "r4"
),
"r6" AS (
  SELECT "pid", "item_7", "pos_8"
  FROM "r5"
  WHERE ("n_9" = 1)
),
"r7" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := "pos_8", v := "item_7"))), lambda e: (e).v) AS INTEGER[]) AS "list_10"
  FROM "r6"
  GROUP BY "pid"
),
"r8" AS (
  SELECT l."pid", r."list_10"
  FROM "r1" AS l LEFT JOIN "r7" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", coalesce("list_10", CAST([] AS INTEGER[])) AS "Test_11"
FROM "r8";

-- Flatten
-- flatten {{1, 2}, null, {3}}
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 2, 3)) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", CAST([CAST(["const_1", "const_2"] AS INTEGER[]), CAST(NULL AS INTEGER[]), CAST(["const_3"] AS INTEGER[])] AS INTEGER[][]) AS "list_4"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_4") AS "item_5", CAST(unnest(generate_series(1, len("list_4"))) AS INTEGER) AS "pos_6"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_5" AS "item_7", "pos_6" AS "pos_8"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", "pos_8", "item_7" AS "list_9"
  FROM "r4"
),
"r6" AS (
  SELECT "pid", "pos_8", unnest("list_9") AS "item_10", CAST(unnest(generate_series(1, len("list_9"))) AS INTEGER) AS "pos_11"
  FROM "r5"
),
"r7" AS (
  SELECT "pid", "pos_8", "item_10" AS "item_12", "pos_11" AS "pos_13"
  FROM "r6"
),
"r8" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := struct_pack(k0 := "pos_8", k1 := "pos_13"), v := "item_12"))), lambda e: (e).v) AS INTEGER[]) AS "list_14"
  FROM "r7"
  GROUP BY "pid"
),
"r9" AS (
  SELECT l."pid", r."list_14"
  FROM "r1" AS l LEFT JOIN "r8" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", coalesce("list_14", CAST([] AS INTEGER[])) AS "Test_15"
FROM "r9";

-- First
-- First({1, 2})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 2)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2"] AS INTEGER[])[1] AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- Last
-- Last({1, 2})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 2)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2"] AS INTEGER[])[CAST(-1 AS INTEGER)] AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- IndexOf
-- IndexOf({1, 2, 3}, 3)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 2, 3, 3)) AS t("pid", "const_1", "const_2", "const_3", "const_4")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2", "const_3"] AS INTEGER[]) AS "list_5"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_5") AS "item_6", CAST(unnest(generate_series(1, len("list_5"))) AS INTEGER) AS "pos_7"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_6" AS "item_8", "pos_7" AS "pos_9"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", "item_8", CAST(row_number() OVER (PARTITION BY "pid" ORDER BY "pos_9" ASC NULLS FIRST) AS INTEGER) AS "n_10"
  FROM "r4"
),
"r6" AS (
  SELECT "pid", "const_4" AS "const_11"
  FROM "r1"
),
"r7" AS (
  SELECT l."pid", l."item_8", l."n_10", r."const_11"
  FROM "r5" AS l LEFT JOIN "r6" AS r ON l."pid" = r."pid"
),
"r8" AS (
  SELECT "pid", min("n_10") FILTER (WHERE (("item_8" = "const_11") IS TRUE)) AS "value_12"
  FROM "r7"
  GROUP BY "pid"
),
"r9" AS (
  SELECT l."pid", r."value_12"
  FROM "r1" AS l LEFT JOIN "r8" AS r ON l."pid" = r."pid"
),
"r10" AS (
  SELECT "pid", CASE WHEN ("value_12" IS NOT NULL) THEN TRY_CAST(CAST("value_12" AS BIGINT) - 1 AS INTEGER) ELSE CAST(-1 AS INTEGER) END AS "Test_13"
  FROM "r9"
)
SELECT "pid" AS "pid", "Test_13" AS "Test_15"
FROM "r10";

-- Slice
-- Skip({1, 2, 3}, 1)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 2, 3, 1)) AS t("pid", "const_1", "const_2", "const_3", "const_4")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2", "const_3"] AS INTEGER[]) AS "list_5"
  FROM "r1"
),
"r3" AS MATERIALIZED (
  SELECT "pid", unnest("list_5") AS "item_6", CAST(unnest(generate_series(1, len("list_5"))) AS INTEGER) AS "pos_7"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", CAST(count_if(true) AS INTEGER) AS "value_10"
  FROM "r3"
  GROUP BY "pid"
),
"r5" AS (
  SELECT l."pid", l."const_4", r."value_10"
  FROM "r1" AS l LEFT JOIN "r4" AS r ON l."pid" = r."pid"
),
"r6" AS MATERIALIZED (
  SELECT "pid", "value_10", CASE WHEN ("const_4" < 0) THEN TRY_CAST(CAST(CASE WHEN ("value_10" IS NOT NULL) THEN "value_10" ELSE 0 END AS BIGINT) + "const_4" AS INTEGER) ELSE "const_4" END AS "v_14"
  FROM "r5"
),
"r7" AS MATERIALIZED (
  SELECT "pid", CASE WHEN ("value_10" IS NOT NULL) THEN "value_10" ELSE 0 END AS "v_17"
  FROM "r6"
),
"r8" AS (
  SELECT "pid", "item_6" AS "item_11", "pos_7" AS "pos_12"
  FROM "r3"
),
"r9" AS (
  SELECT "pid", "item_11", "pos_12", CAST(row_number() OVER (PARTITION BY "pid" ORDER BY "pos_12" ASC NULLS FIRST) AS INTEGER) AS "n_13"
  FROM "r8"
),
"r10" AS (
  SELECT "pid", "v_14" AS "v_16"
  FROM "r6"
),
"r11" AS (
  SELECT l."pid", l."item_11", l."pos_12", l."n_13", r."v_16"
  FROM "r9" AS l LEFT JOIN "r10" AS r ON l."pid" = r."pid"
),
"r12" AS (
  SELECT "pid", "v_17" AS "v_19"
  FROM "r7"
),
"r13" AS (
  SELECT l."pid", l."item_11", l."pos_12", l."n_13", l."v_16", r."v_19"
  FROM "r11" AS l LEFT JOIN "r12" AS r ON l."pid" = r."pid"
),
"r14" AS (
  SELECT "pid", "item_11", "pos_12"
  FROM "r13"
  WHERE (("v_16" < "n_13") AND ("n_13" <= "v_19"))
),
"r15" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := "pos_12", v := "item_11"))), lambda e: (e).v) AS INTEGER[]) AS "list_20"
  FROM "r14"
  GROUP BY "pid"
),
"r16" AS (
  SELECT l."pid", r."list_20"
  FROM "r7" AS l LEFT JOIN "r15" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", coalesce("list_20", CAST([] AS INTEGER[])) AS "Test_21"
FROM "r16";
