-- QueryLetRef
-- ({1, 2}) X let Y: X * 2 where Y > 2 return Y
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 2, 2, 2)) AS t("pid", "const_1", "const_2", "const_3", "const_4")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2"] AS INTEGER[]) AS "list_8"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_8") AS "item_9", CAST(unnest(generate_series(1, len("list_8"))) AS INTEGER) AS "pos_10"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_9" AS "item_11", "pos_10" AS "pos_12"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", "const_3" AS "const_13"
  FROM "r1"
),
"r6" AS (
  SELECT l."pid", l."item_11", l."pos_12", r."const_13"
  FROM "r4" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", "pos_12", TRY_CAST(CAST("item_11" AS BIGINT) * "const_13" AS INTEGER) AS "Y_14"
  FROM "r6"
),
"r8" AS (
  SELECT "pid", "const_4" AS "const_16"
  FROM "r1"
),
"r9" AS (
  SELECT l."pid", l."pos_12", l."Y_14", r."const_16"
  FROM "r7" AS l LEFT JOIN "r8" AS r ON l."pid" = r."pid"
),
"r10" AS (
  SELECT "pid", "pos_12", "Y_14"
  FROM "r9"
  WHERE ("const_16" < "Y_14")
),
"r11" AS (
  SELECT "pid", "pos_12", "Y_14", CAST(row_number() OVER (PARTITION BY "pid", "Y_14" ORDER BY "pos_12" ASC NULLS FIRST) AS INTEGER) AS "n_17"
  FROM "r10"
),
"r12" AS (
  SELECT "pid", "pos_12", "Y_14"
  FROM "r11"
  WHERE ("n_17" = 1)
),
"r13" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := "pos_12", v := "Y_14"))), lambda e: (e).v) AS INTEGER[]) AS "list_18"
  FROM "r12"
  GROUP BY "pid"
),
"r14" AS (
  SELECT l."pid", r."list_18"
  FROM "r1" AS l LEFT JOIN "r13" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", coalesce("list_18", CAST([] AS INTEGER[])) AS "Test_19"
FROM "r14";

-- With
-- ({1, 2, 3}) X with ({2, 3}) Y such that X = Y
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 2, 3, 2, 3)) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2", "const_3"] AS INTEGER[]) AS "list_9"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_9") AS "item_10", CAST(unnest(generate_series(1, len("list_9"))) AS INTEGER) AS "pos_11"
  FROM "r2"
),
"r4" AS MATERIALIZED (
  SELECT "pid", "item_10" AS "item_12", "pos_11" AS "pos_13"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", CAST(["const_4", "const_5"] AS INTEGER[]) AS "list_14"
  FROM "r1"
),
"r6" AS (
  SELECT "pid", unnest("list_14") AS "item_15", CAST(unnest(generate_series(1, len("list_14"))) AS INTEGER) AS "pos_16"
  FROM "r5"
),
"r7" AS (
  SELECT "pid" AS "pid_17", "item_15" AS "item_18"
  FROM "r6"
),
"r8" AS (
  SELECT l."pid", l."pos_13", r."item_18"
  FROM "r4" AS l JOIN "r7" AS r ON l."pid" = r."pid_17"
),
"r9" AS (
  SELECT "pid", "pos_13", "item_12" AS "item_20"
  FROM "r4"
),
"r10" AS (
  SELECT l."pid", l."pos_13", l."item_18", r."item_20"
  FROM "r8" AS l LEFT JOIN "r9" AS r ON l."pid" = r."pid" AND l."pos_13" = r."pos_13"
),
"r11" AS (
  SELECT "pid", "pos_13", bool_or(("item_20" = "item_18")) AS "found_21"
  FROM "r10"
  GROUP BY "pid", "pos_13"
),
"r12" AS (
  SELECT l."pid", l."item_12", l."pos_13", r."found_21"
  FROM "r4" AS l LEFT JOIN "r11" AS r ON l."pid" = r."pid" AND l."pos_13" = r."pos_13"
),
"r13" AS (
  SELECT "pid", "item_12", "pos_13"
  FROM "r12"
  WHERE ("found_21" IS TRUE)
),
"r14" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := "pos_13", v := "item_12"))), lambda e: (e).v) AS INTEGER[]) AS "list_22"
  FROM "r13"
  GROUP BY "pid"
),
"r15" AS (
  SELECT l."pid", r."list_22"
  FROM "r1" AS l LEFT JOIN "r14" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", coalesce("list_22", CAST([] AS INTEGER[])) AS "Test_23"
FROM "r15";

-- Without
-- ({1, 2, 3}) X without ({2, 3}) Y such that X = Y
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 2, 3, 2, 3)) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2", "const_3"] AS INTEGER[]) AS "list_9"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_9") AS "item_10", CAST(unnest(generate_series(1, len("list_9"))) AS INTEGER) AS "pos_11"
  FROM "r2"
),
"r4" AS MATERIALIZED (
  SELECT "pid", "item_10" AS "item_12", "pos_11" AS "pos_13"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", CAST(["const_4", "const_5"] AS INTEGER[]) AS "list_14"
  FROM "r1"
),
"r6" AS (
  SELECT "pid", unnest("list_14") AS "item_15", CAST(unnest(generate_series(1, len("list_14"))) AS INTEGER) AS "pos_16"
  FROM "r5"
),
"r7" AS (
  SELECT "pid" AS "pid_17", "item_15" AS "item_18"
  FROM "r6"
),
"r8" AS (
  SELECT l."pid", l."pos_13", r."item_18"
  FROM "r4" AS l JOIN "r7" AS r ON l."pid" = r."pid_17"
),
"r9" AS (
  SELECT "pid", "pos_13", "item_12" AS "item_20"
  FROM "r4"
),
"r10" AS (
  SELECT l."pid", l."pos_13", l."item_18", r."item_20"
  FROM "r8" AS l LEFT JOIN "r9" AS r ON l."pid" = r."pid" AND l."pos_13" = r."pos_13"
),
"r11" AS (
  SELECT "pid", "pos_13", bool_or(("item_20" = "item_18")) AS "found_21"
  FROM "r10"
  GROUP BY "pid", "pos_13"
),
"r12" AS (
  SELECT l."pid", l."item_12", l."pos_13", r."found_21"
  FROM "r4" AS l LEFT JOIN "r11" AS r ON l."pid" = r."pid" AND l."pos_13" = r."pos_13"
),
"r13" AS (
  SELECT "pid", "item_12", "pos_13"
  FROM "r12"
  WHERE (NOT ("found_21" IS TRUE))
),
"r14" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := "pos_13", v := "item_12"))), lambda e: (e).v) AS INTEGER[]) AS "list_22"
  FROM "r13"
  GROUP BY "pid"
),
"r15" AS (
  SELECT l."pid", r."list_22"
  FROM "r1" AS l LEFT JOIN "r14" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", coalesce("list_22", CAST([] AS INTEGER[])) AS "Test_23"
FROM "r15";

-- ByDirection
-- ({3, 1, null, 2}) X sort asc
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 3, 1, 2)) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2", CAST(NULL AS INTEGER), "const_3"] AS INTEGER[]) AS "list_7"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_7") AS "item_8", CAST(unnest(generate_series(1, len("list_7"))) AS INTEGER) AS "pos_9"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_8" AS "item_10", "pos_9" AS "pos_11"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", "item_10" AS "item_12", "pos_11" AS "pos_13"
  FROM "r4"
),
"r6" AS (
  SELECT "pid", "item_12", CAST(row_number() OVER (PARTITION BY "pid" ORDER BY "item_12" ASC NULLS FIRST, "pos_13" ASC NULLS FIRST) AS INTEGER) AS "pos_14"
  FROM "r5"
),
"r7" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := "pos_14", v := "item_12"))), lambda e: (e).v) AS INTEGER[]) AS "list_15"
  FROM "r6"
  GROUP BY "pid"
),
"r8" AS (
  SELECT l."pid", r."list_15"
  FROM "r1" AS l LEFT JOIN "r7" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", coalesce("list_15", CAST([] AS INTEGER[])) AS "Test_16"
FROM "r8";

-- ByColumn
-- ({Tuple { a: 2, b: 1 }, Tuple { a: 1, b: 2 }, Tuple { a: 2, b: 3 }}) X return all X sort by a desc, b desc
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2, 1, 1, 2, 2, 3)) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5", "const_6")
),
"r2" AS (
  SELECT "pid", CAST([CAST(struct_pack("a" := "const_1", "b" := "const_2") AS STRUCT("a" INTEGER, "b" INTEGER)), CAST(struct_pack("a" := "const_3", "b" := "const_4") AS STRUCT("a" INTEGER, "b" INTEGER)), CAST(struct_pack("a" := "const_5", "b" := "const_6") AS STRUCT("a" INTEGER, "b" INTEGER))] AS STRUCT("a" INTEGER, "b" INTEGER)[]) AS "list_10"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_10") AS "item_11", CAST(unnest(generate_series(1, len("list_10"))) AS INTEGER) AS "pos_12"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_11" AS "item_13", "pos_12" AS "pos_14"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", "item_13" AS "item_15", "pos_14" AS "pos_16"
  FROM "r4"
),
"r6" AS (
  SELECT "pid", "item_15", CAST(row_number() OVER (PARTITION BY "pid" ORDER BY ("item_15")."a" DESC NULLS LAST, ("item_15")."b" DESC NULLS LAST, "pos_16" ASC NULLS FIRST) AS INTEGER) AS "pos_17"
  FROM "r5"
),
"r7" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := "pos_17", v := "item_15"))), lambda e: (e).v) AS STRUCT("a" INTEGER, "b" INTEGER)[]) AS "list_18"
  FROM "r6"
  GROUP BY "pid"
),
"r8" AS (
  SELECT l."pid", r."list_18"
  FROM "r1" AS l LEFT JOIN "r7" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", coalesce("list_18", CAST([] AS STRUCT("a" INTEGER, "b" INTEGER)[])) AS "Test_19"
FROM "r8";

-- Property
-- (({Tuple { a: 1, b: 1 }, Tuple { a: 1, b: 2 }}) X return all X sort by a desc) Y return all Y.b
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 1, 1, 2)) AS t("pid", "const_1", "const_2", "const_3", "const_4")
),
"r2" AS (
  SELECT "pid", CAST([CAST(struct_pack("a" := "const_1", "b" := "const_2") AS STRUCT("a" INTEGER, "b" INTEGER)), CAST(struct_pack("a" := "const_3", "b" := "const_4") AS STRUCT("a" INTEGER, "b" INTEGER))] AS STRUCT("a" INTEGER, "b" INTEGER)[]) AS "list_8"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_8") AS "item_9", CAST(unnest(generate_series(1, len("list_8"))) AS INTEGER) AS "pos_10"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_9" AS "item_11", "pos_10" AS "pos_12"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", "item_11" AS "item_13", "pos_12" AS "pos_14"
  FROM "r4"
),
"r6" AS (
  SELECT "pid", "item_13", CAST(row_number() OVER (PARTITION BY "pid" ORDER BY ("item_13")."a" DESC NULLS LAST, "pos_14" ASC NULLS FIRST) AS INTEGER) AS "pos_15"
  FROM "r5"
),
"r7" AS (
  SELECT "pid", "item_13" AS "item_16", "pos_15" AS "pos_18"
  FROM "r6"
),
"r8" AS (
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := "pos_18", v := ("item_16")."b"))), lambda e: (e).v) AS INTEGER[]) AS "list_19"
  FROM "r7"
  GROUP BY "pid"
),
"r9" AS (
  SELECT l."pid", r."list_19"
  FROM "r1" AS l LEFT JOIN "r8" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", coalesce("list_19", CAST([] AS INTEGER[])) AS "Test_20"
FROM "r9";
