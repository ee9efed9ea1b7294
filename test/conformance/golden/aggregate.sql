-- Sum
-- Sum({1, null, 2})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 2)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", CAST(NULL AS INTEGER), "const_2"] AS INTEGER[]) AS "list_3"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_3") AS "item_4", CAST(unnest(generate_series(1, len("list_3"))) AS INTEGER) AS "pos_5"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_4" AS "item_6"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", sum("item_6") AS "value_8"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", r."value_8"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", TRY_CAST("value_8" AS INTEGER) AS "Test_9"
  FROM "r6"
)
SELECT "pid" AS "pid", "Test_9" AS "Test_11"
FROM "r7";

-- Product
-- Product({2, 3, 4})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 2, 3, 4)) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2", "const_3"] AS INTEGER[]) AS "list_4"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_4") AS "item_5", CAST(unnest(generate_series(1, len("list_4"))) AS INTEGER) AS "pos_6"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_5" AS "item_7"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", CAST(list("item_7") FILTER (WHERE ("item_7" IS NOT NULL)) AS INTEGER[]) AS "value_9"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", r."value_9"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", TRY_CAST(TRY(CASE WHEN len("value_9") > 0 THEN list_reduce(list_transform("value_9", lambda x: CAST(x AS HUGEINT)), lambda a, b: a * b) END) AS INTEGER) AS "Test_10"
  FROM "r6"
)
SELECT "pid" AS "pid", "Test_10" AS "Test_12"
FROM "r7";

-- Min
-- Min({3, 1, null})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 3, 1)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2", CAST(NULL AS INTEGER)] AS INTEGER[]) AS "list_3"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_3") AS "item_4", CAST(unnest(generate_series(1, len("list_3"))) AS INTEGER) AS "pos_5"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_4" AS "item_6", "pos_5" AS "pos_7"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", arg_min_null("item_6", struct_pack(n0 := "item_6" IS NOT NULL, k0 := "item_6", k1 := "pos_7")) FILTER (WHERE ("item_6" IS NOT NULL)) AS "best_8"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", r."best_8"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", "best_8" AS "Test_9"
FROM "r6";

-- Max
-- Max({'a', 'c', 'b'})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'a', 'c', 'b')) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2", "const_3"] AS VARCHAR[]) AS "list_4"
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
  SELECT "pid", arg_max_null("item_7", struct_pack(n0 := "item_7" IS NOT NULL, k0 := "item_7", k1 := -("pos_8"))) FILTER (WHERE ("item_7" IS NOT NULL)) AS "best_9"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", r."best_9"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", "best_9" AS "Test_10"
FROM "r6";

-- Avg
-- Avg({1.0, 2.0, 6.0})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('1.0' AS DECIMAL(38, 8)), CAST('2.0' AS DECIMAL(38, 8)), CAST('6.0' AS DECIMAL(38, 8)))) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2", "const_3"] AS DECIMAL(38, 8)[]) AS "list_4"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_4") AS "item_5", CAST(unnest(generate_series(1, len("list_4"))) AS INTEGER) AS "pos_6"
  FROM "r2"
),
"r4" AS MATERIALIZED (
  SELECT "pid", "item_5" AS "item_7"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", sum("item_7") AS "value_9"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", r."value_9"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", CAST(count_if(("item_7" IS NOT NULL)) AS INTEGER) AS "value_10"
  FROM "r4"
  GROUP BY "pid"
),
"r8" AS (
  SELECT l."pid", l."value_9", r."value_10"
  FROM "r6" AS l LEFT JOIN "r7" AS r ON l."pid" = r."pid"
),
"r9" AS (
  SELECT "pid", CASE WHEN abs(CASE WHEN "x1" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_9") AS HUGEINT) * 100000000 + CAST(("value_9" - trunc("value_9")) * 100000000 AS HUGEINT)), (CAST(trunc("x1") AS HUGEINT) * 100000000 + CAST(("x1" - trunc("x1")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN CASE WHEN "x1" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_9") AS HUGEINT) * 100000000 + CAST(("value_9" - trunc("value_9")) * 100000000 AS HUGEINT)), (CAST(trunc("x1") AS HUGEINT) * 100000000 + CAST(("x1" - trunc("x1")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END END AS "Test_11"
  FROM (SELECT *, CAST("value_10" AS DECIMAL(38, 8)) AS "x1" FROM "r8")
)
SELECT "pid" AS "pid", "Test_11" AS "Test_13"
FROM "r9";

-- Median
-- Median({1.0, 2.0, 6.0})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('1.0' AS DECIMAL(38, 8)), CAST('2.0' AS DECIMAL(38, 8)), CAST('6.0' AS DECIMAL(38, 8)))) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2", "const_3"] AS DECIMAL(38, 8)[]) AS "list_4"
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
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := struct_pack(n0 := "item_7" IS NOT NULL, k0 := "item_7", k1 := "pos_8"), v := "item_7")) FILTER (WHERE ("item_7" IS NOT NULL))), lambda e: (e).v) AS DECIMAL(38, 8)[]) AS "sorted_9"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", r."sorted_9"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", CASE WHEN (CASE WHEN 2 <> 0 THEN CAST(len("sorted_9") AS INTEGER) % 2 END = 1) THEN "x1" ELSE CASE WHEN abs(CASE WHEN "x3" <> 0 THEN TRY(list_transform([[(CAST(trunc("x2") AS HUGEINT) * 100000000 + CAST(("x2" - trunc("x2")) * 100000000 AS HUGEINT)), (CAST(trunc("x3") AS HUGEINT) * 100000000 + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN CASE WHEN "x3" <> 0 THEN TRY(list_transform([[(CAST(trunc("x2") AS HUGEINT) * 100000000 + CAST(("x2" - trunc("x2")) * 100000000 AS HUGEINT)), (CAST(trunc("x3") AS HUGEINT) * 100000000 + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END END END AS "Test_10"
  FROM (SELECT *, CASE WHEN abs(("sorted_9"[CASE WHEN 2 <> 0 THEN TRY_CAST(CAST(CAST(len("sorted_9") AS INTEGER) AS BIGINT) // 2 AS INTEGER) END] + "x1")) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN ("sorted_9"[CASE WHEN 2 <> 0 THEN TRY_CAST(CAST(CAST(len("sorted_9") AS INTEGER) AS BIGINT) // 2 AS INTEGER) END] + "x1") END AS "x2" FROM (SELECT *, "sorted_9"[TRY_CAST(CAST(CASE WHEN 2 <> 0 THEN TRY_CAST(CAST(CAST(len("sorted_9") AS INTEGER) AS BIGINT) // 2 AS INTEGER) END AS BIGINT) + 1 AS INTEGER)] AS "x1", CAST(2 AS DECIMAL(38, 8)) AS "x3" FROM "r6"))
)
SELECT "pid" AS "pid", "Test_10" AS "Test_12"
FROM "r7";

-- Mode
-- Mode({1, 2, 2, 3, 3})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, 2, 2, 3, 3)) AS t("pid", "const_1", "const_2", "const_3", "const_4", "const_5")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2", "const_3", "const_4", "const_5"] AS INTEGER[]) AS "list_6"
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
  SELECT "pid", mode("item_9") FILTER (WHERE ("item_9" IS NOT NULL)) AS "best_11"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", r."best_11"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
)
SELECT "pid" AS "pid", "best_11" AS "Test_12"
FROM "r6";

-- Variance
-- Variance({1.0, 2.0, 3.0})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('1.0' AS DECIMAL(38, 8)), CAST('2.0' AS DECIMAL(38, 8)), CAST('3.0' AS DECIMAL(38, 8)))) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2", "const_3"] AS DECIMAL(38, 8)[]) AS "list_4"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_4") AS "item_5", CAST(unnest(generate_series(1, len("list_4"))) AS INTEGER) AS "pos_6"
  FROM "r2"
),
"r4" AS MATERIALIZED (
  SELECT "pid", "item_5" AS "item_7"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", sum("item_7") AS "value_9"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", r."value_9"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", CAST(count_if(("item_7" IS NOT NULL)) AS INTEGER) AS "value_10"
  FROM "r4"
  GROUP BY "pid"
),
"r8" AS (
  SELECT l."pid", l."value_9", r."value_10"
  FROM "r6" AS l LEFT JOIN "r7" AS r ON l."pid" = r."pid"
),
"r9" AS MATERIALIZED (
  SELECT "pid", CASE WHEN abs(CASE WHEN "x2" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_9") AS HUGEINT) * 100000000 + CAST(("value_9" - trunc("value_9")) * 100000000 AS HUGEINT)), (CAST(trunc("x2") AS HUGEINT) * 100000000 + CAST(("x2" - trunc("x2")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN CASE WHEN "x2" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_9") AS HUGEINT) * 100000000 + CAST(("value_9" - trunc("value_9")) * 100000000 AS HUGEINT)), (CAST(trunc("x2") AS HUGEINT) * 100000000 + CAST(("x2" - trunc("x2")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END END AS "v_11"
  FROM (SELECT *, CAST("value_10" AS DECIMAL(38, 8)) AS "x2" FROM "r8")
),
"r10" AS (
  SELECT "pid", "v_11" AS "v_13"
  FROM "r9"
),
"r11" AS MATERIALIZED (
  SELECT l."pid", l."item_7", r."v_13"
  FROM "r4" AS l LEFT JOIN "r10" AS r ON l."pid" = r."pid"
),
"r12" AS (
  SELECT "pid", sum(CASE WHEN abs(TRY(list_transform([CAST(trunc("x3") AS HUGEINT) * (CAST(trunc("x3") AS HUGEINT) * 100000000 + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT)) + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT) * CAST(trunc("x3") AS HUGEINT) + ((CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT) * CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT)) + 50000000 * sign((CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT) * CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT)))) // 100000000], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY(list_transform([CAST(trunc("x3") AS HUGEINT) * (CAST(trunc("x3") AS HUGEINT) * 100000000 + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT)) + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT) * CAST(trunc("x3") AS HUGEINT) + ((CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT) * CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT)) + 50000000 * sign((CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT) * CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT)))) // 100000000], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1]) END) AS "value_14"
  FROM (SELECT *, CASE WHEN abs(("item_7" - "v_13")) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN ("item_7" - "v_13") END AS "x3" FROM "r11")
  GROUP BY "pid"
),
"r13" AS (
  SELECT l."pid", r."value_14"
  FROM "r9" AS l LEFT JOIN "r12" AS r ON l."pid" = r."pid"
),
"r14" AS (
  SELECT "pid", CAST(count_if(("item_7" IS NOT NULL)) AS INTEGER) AS "value_15"
  FROM "r11"
  GROUP BY "pid"
),
"r15" AS (
  SELECT l."pid", l."value_14", r."value_15"
  FROM "r13" AS l LEFT JOIN "r14" AS r ON l."pid" = r."pid"
),
"r16" AS (
  SELECT "pid", CASE WHEN (0 < TRY_CAST(CAST("value_15" AS BIGINT) - 1 AS INTEGER)) THEN CASE WHEN abs(CASE WHEN "x1" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_14") AS HUGEINT) * 100000000 + CAST(("value_14" - trunc("value_14")) * 100000000 AS HUGEINT)), (CAST(trunc("x1") AS HUGEINT) * 100000000 + CAST(("x1" - trunc("x1")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN CASE WHEN "x1" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_14") AS HUGEINT) * 100000000 + CAST(("value_14" - trunc("value_14")) * 100000000 AS HUGEINT)), (CAST(trunc("x1") AS HUGEINT) * 100000000 + CAST(("x1" - trunc("x1")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END END END AS "Test_16"
  FROM (SELECT *, CAST(TRY_CAST(CAST("value_15" AS BIGINT) - 1 AS INTEGER) AS DECIMAL(38, 8)) AS "x1" FROM "r15")
)
SELECT "pid" AS "pid", "Test_16" AS "Test_18"
FROM "r16";

-- PopulationVariance
-- PopulationVariance({1.0, 3.0})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('1.0' AS DECIMAL(38, 8)), CAST('3.0' AS DECIMAL(38, 8)))) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2"] AS DECIMAL(38, 8)[]) AS "list_3"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_3") AS "item_4", CAST(unnest(generate_series(1, len("list_3"))) AS INTEGER) AS "pos_5"
  FROM "r2"
),
"r4" AS MATERIALIZED (
  SELECT "pid", "item_4" AS "item_6"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", sum("item_6") AS "value_8"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", r."value_8"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", CAST(count_if(("item_6" IS NOT NULL)) AS INTEGER) AS "value_9"
  FROM "r4"
  GROUP BY "pid"
),
"r8" AS (
  SELECT l."pid", l."value_8", r."value_9"
  FROM "r6" AS l LEFT JOIN "r7" AS r ON l."pid" = r."pid"
),
"r9" AS MATERIALIZED (
  SELECT "pid", CASE WHEN abs(CASE WHEN "x2" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_8") AS HUGEINT) * 100000000 + CAST(("value_8" - trunc("value_8")) * 100000000 AS HUGEINT)), (CAST(trunc("x2") AS HUGEINT) * 100000000 + CAST(("x2" - trunc("x2")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN CASE WHEN "x2" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_8") AS HUGEINT) * 100000000 + CAST(("value_8" - trunc("value_8")) * 100000000 AS HUGEINT)), (CAST(trunc("x2") AS HUGEINT) * 100000000 + CAST(("x2" - trunc("x2")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END END AS "v_10"
  FROM (SELECT *, CAST("value_9" AS DECIMAL(38, 8)) AS "x2" FROM "r8")
),
"r10" AS (
  SELECT "pid", "v_10" AS "v_12"
  FROM "r9"
),
"r11" AS MATERIALIZED (
  SELECT l."pid", l."item_6", r."v_12"
  FROM "r4" AS l LEFT JOIN "r10" AS r ON l."pid" = r."pid"
),
"r12" AS (
  SELECT "pid", sum(CASE WHEN abs(TRY(list_transform([CAST(trunc("x3") AS HUGEINT) * (CAST(trunc("x3") AS HUGEINT) * 100000000 + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT)) + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT) * CAST(trunc("x3") AS HUGEINT) + ((CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT) * CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT)) + 50000000 * sign((CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT) * CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT)))) // 100000000], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY(list_transform([CAST(trunc("x3") AS HUGEINT) * (CAST(trunc("x3") AS HUGEINT) * 100000000 + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT)) + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT) * CAST(trunc("x3") AS HUGEINT) + ((CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT) * CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT)) + 50000000 * sign((CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT) * CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT)))) // 100000000], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1]) END) AS "value_13"
  FROM (SELECT *, CASE WHEN abs(("item_6" - "v_12")) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN ("item_6" - "v_12") END AS "x3" FROM "r11")
  GROUP BY "pid"
),
"r13" AS (
  SELECT l."pid", r."value_13"
  FROM "r9" AS l LEFT JOIN "r12" AS r ON l."pid" = r."pid"
),
"r14" AS (
  SELECT "pid", CAST(count_if(("item_6" IS NOT NULL)) AS INTEGER) AS "value_14"
  FROM "r11"
  GROUP BY "pid"
),
"r15" AS (
  SELECT l."pid", l."value_13", r."value_14"
  FROM "r13" AS l LEFT JOIN "r14" AS r ON l."pid" = r."pid"
),
"r16" AS (
  SELECT "pid", CASE WHEN (0 < TRY_CAST(CAST("value_14" AS BIGINT) - 0 AS INTEGER)) THEN CASE WHEN abs(CASE WHEN "x1" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_13") AS HUGEINT) * 100000000 + CAST(("value_13" - trunc("value_13")) * 100000000 AS HUGEINT)), (CAST(trunc("x1") AS HUGEINT) * 100000000 + CAST(("x1" - trunc("x1")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN CASE WHEN "x1" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_13") AS HUGEINT) * 100000000 + CAST(("value_13" - trunc("value_13")) * 100000000 AS HUGEINT)), (CAST(trunc("x1") AS HUGEINT) * 100000000 + CAST(("x1" - trunc("x1")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END END END AS "Test_15"
  FROM (SELECT *, CAST(TRY_CAST(CAST("value_14" AS BIGINT) - 0 AS INTEGER) AS DECIMAL(38, 8)) AS "x1" FROM "r15")
)
SELECT "pid" AS "pid", "Test_15" AS "Test_17"
FROM "r16";

-- StdDev
-- StdDev({1.0})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('1.0' AS DECIMAL(38, 8)))) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", CAST(["const_1"] AS DECIMAL(38, 8)[]) AS "list_2"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_2") AS "item_3", CAST(unnest(generate_series(1, len("list_2"))) AS INTEGER) AS "pos_4"
  FROM "r2"
),
"r4" AS MATERIALIZED (
  SELECT "pid", "item_3" AS "item_5"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", sum("item_5") AS "value_7"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", r."value_7"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", CAST(count_if(("item_5" IS NOT NULL)) AS INTEGER) AS "value_8"
  FROM "r4"
  GROUP BY "pid"
),
"r8" AS (
  SELECT l."pid", l."value_7", r."value_8"
  FROM "r6" AS l LEFT JOIN "r7" AS r ON l."pid" = r."pid"
),
"r9" AS MATERIALIZED (
  SELECT "pid", CASE WHEN abs(CASE WHEN "x3" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_7") AS HUGEINT) * 100000000 + CAST(("value_7" - trunc("value_7")) * 100000000 AS HUGEINT)), (CAST(trunc("x3") AS HUGEINT) * 100000000 + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN CASE WHEN "x3" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_7") AS HUGEINT) * 100000000 + CAST(("value_7" - trunc("value_7")) * 100000000 AS HUGEINT)), (CAST(trunc("x3") AS HUGEINT) * 100000000 + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END END AS "v_9"
  FROM (SELECT *, CAST("value_8" AS DECIMAL(38, 8)) AS "x3" FROM "r8")
),
"r10" AS (
  SELECT "pid", "v_9" AS "v_11"
  FROM "r9"
),
"r11" AS MATERIALIZED (
  SELECT l."pid", l."item_5", r."v_11"
  FROM "r4" AS l LEFT JOIN "r10" AS r ON l."pid" = r."pid"
),
"r12" AS (
  SELECT "pid", sum(CASE WHEN abs(TRY(list_transform([CAST(trunc("x4") AS HUGEINT) * (CAST(trunc("x4") AS HUGEINT) * 100000000 + CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT)) + CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT) * CAST(trunc("x4") AS HUGEINT) + ((CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT) * CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT)) + 50000000 * sign((CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT) * CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT)))) // 100000000], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY(list_transform([CAST(trunc("x4") AS HUGEINT) * (CAST(trunc("x4") AS HUGEINT) * 100000000 + CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT)) + CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT) * CAST(trunc("x4") AS HUGEINT) + ((CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT) * CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT)) + 50000000 * sign((CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT) * CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT)))) // 100000000], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1]) END) AS "value_12"
  FROM (SELECT *, CASE WHEN abs(("item_5" - "v_11")) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN ("item_5" - "v_11") END AS "x4" FROM "r11")
  GROUP BY "pid"
),
"r13" AS (
  SELECT l."pid", r."value_12"
  FROM "r9" AS l LEFT JOIN "r12" AS r ON l."pid" = r."pid"
),
"r14" AS (
  SELECT "pid", CAST(count_if(("item_5" IS NOT NULL)) AS INTEGER) AS "value_13"
  FROM "r11"
  GROUP BY "pid"
),
"r15" AS (
  SELECT l."pid", l."value_12", r."value_13"
  FROM "r13" AS l LEFT JOIN "r14" AS r ON l."pid" = r."pid"
),
"r16" AS (
  SELECT "pid", CASE WHEN "x2" >= 0 THEN CASE WHEN isfinite(sqrt(CAST("x2" AS DOUBLE))) THEN TRY_CAST(round(sqrt(CAST("x2" AS DOUBLE)), 8) AS DECIMAL(38, 8)) END END AS "Test_14"
  FROM (SELECT *, CASE WHEN (0 < TRY_CAST(CAST("value_13" AS BIGINT) - 1 AS INTEGER)) THEN CASE WHEN abs(CASE WHEN "x1" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_12") AS HUGEINT) * 100000000 + CAST(("value_12" - trunc("value_12")) * 100000000 AS HUGEINT)), (CAST(trunc("x1") AS HUGEINT) * 100000000 + CAST(("x1" - trunc("x1")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN CASE WHEN "x1" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_12") AS HUGEINT) * 100000000 + CAST(("value_12" - trunc("value_12")) * 100000000 AS HUGEINT)), (CAST(trunc("x1") AS HUGEINT) * 100000000 + CAST(("x1" - trunc("x1")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END END END AS "x2" FROM (SELECT *, CAST(TRY_CAST(CAST("value_13" AS BIGINT) - 1 AS INTEGER) AS DECIMAL(38, 8)) AS "x1" FROM "r15"))
)
SELECT "pid" AS "pid", "Test_14" AS "Test_16"
FROM "r16";

-- PopulationStdDev
-- PopulationStdDev({1.0, 3.0})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('1.0' AS DECIMAL(38, 8)), CAST('3.0' AS DECIMAL(38, 8)))) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2"] AS DECIMAL(38, 8)[]) AS "list_3"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_3") AS "item_4", CAST(unnest(generate_series(1, len("list_3"))) AS INTEGER) AS "pos_5"
  FROM "r2"
),
"r4" AS MATERIALIZED (
  SELECT "pid", "item_4" AS "item_6"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", sum("item_6") AS "value_8"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", r."value_8"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", CAST(count_if(("item_6" IS NOT NULL)) AS INTEGER) AS "value_9"
  FROM "r4"
  GROUP BY "pid"
),
"r8" AS (
  SELECT l."pid", l."value_8", r."value_9"
  FROM "r6" AS l LEFT JOIN "r7" AS r ON l."pid" = r."pid"
),
"r9" AS MATERIALIZED (
  SELECT "pid", CASE WHEN abs(CASE WHEN "x3" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_8") AS HUGEINT) * 100000000 + CAST(("value_8" - trunc("value_8")) * 100000000 AS HUGEINT)), (CAST(trunc("x3") AS HUGEINT) * 100000000 + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN CASE WHEN "x3" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_8") AS HUGEINT) * 100000000 + CAST(("value_8" - trunc("value_8")) * 100000000 AS HUGEINT)), (CAST(trunc("x3") AS HUGEINT) * 100000000 + CAST(("x3" - trunc("x3")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END END AS "v_10"
  FROM (SELECT *, CAST("value_9" AS DECIMAL(38, 8)) AS "x3" FROM "r8")
),
"r10" AS (
  SELECT "pid", "v_10" AS "v_12"
  FROM "r9"
),
"r11" AS MATERIALIZED (
  SELECT l."pid", l."item_6", r."v_12"
  FROM "r4" AS l LEFT JOIN "r10" AS r ON l."pid" = r."pid"
),
"r12" AS (
  SELECT "pid", sum(CASE WHEN abs(TRY(list_transform([CAST(trunc("x4") AS HUGEINT) * (CAST(trunc("x4") AS HUGEINT) * 100000000 + CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT)) + CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT) * CAST(trunc("x4") AS HUGEINT) + ((CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT) * CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT)) + 50000000 * sign((CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT) * CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT)))) // 100000000], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN TRY(list_transform([CAST(trunc("x4") AS HUGEINT) * (CAST(trunc("x4") AS HUGEINT) * 100000000 + CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT)) + CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT) * CAST(trunc("x4") AS HUGEINT) + ((CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT) * CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT)) + 50000000 * sign((CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT) * CAST(("x4" - trunc("x4")) * 100000000 AS HUGEINT)))) // 100000000], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1]) END) AS "value_13"
  FROM (SELECT *, CASE WHEN abs(("item_6" - "v_12")) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN ("item_6" - "v_12") END AS "x4" FROM "r11")
  GROUP BY "pid"
),
"r13" AS (
  SELECT l."pid", r."value_13"
  FROM "r9" AS l LEFT JOIN "r12" AS r ON l."pid" = r."pid"
),
"r14" AS (
  SELECT "pid", CAST(count_if(("item_6" IS NOT NULL)) AS INTEGER) AS "value_14"
  FROM "r11"
  GROUP BY "pid"
),
"r15" AS (
  SELECT l."pid", l."value_13", r."value_14"
  FROM "r13" AS l LEFT JOIN "r14" AS r ON l."pid" = r."pid"
),
"r16" AS (
  SELECT "pid", CASE WHEN "x2" >= 0 THEN CASE WHEN isfinite(sqrt(CAST("x2" AS DOUBLE))) THEN TRY_CAST(round(sqrt(CAST("x2" AS DOUBLE)), 8) AS DECIMAL(38, 8)) END END AS "Test_15"
  FROM (SELECT *, CASE WHEN (0 < TRY_CAST(CAST("value_14" AS BIGINT) - 0 AS INTEGER)) THEN CASE WHEN abs(CASE WHEN "x1" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_13") AS HUGEINT) * 100000000 + CAST(("value_13" - trunc("value_13")) * 100000000 AS HUGEINT)), (CAST(trunc("x1") AS HUGEINT) * 100000000 + CAST(("x1" - trunc("x1")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN CASE WHEN "x1" <> 0 THEN TRY(list_transform([[(CAST(trunc("value_13") AS HUGEINT) * 100000000 + CAST(("value_13" - trunc("value_13")) * 100000000 AS HUGEINT)), (CAST(trunc("x1") AS HUGEINT) * 100000000 + CAST(("x1" - trunc("x1")) * 100000000 AS HUGEINT))]], lambda q: list_transform([CASE WHEN abs(q[1]) < 1000000000000000000000000000000
      THEN (((q[1] * 100000000) + CASE WHEN ((q[1] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2])
      ELSE q[1] // q[2] * 100000000 + (((q[1] % q[2] * 100000000) + CASE WHEN ((q[1] % q[2] * 100000000) < 0) = (q[2] < 0) THEN abs(q[2]) // 2 * sign(q[2]) ELSE -(abs(q[2]) // 2) * sign(q[2]) END) // q[2]) END], lambda p: (CAST(p // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(p % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8))))[1])[1]) END END END AS "x2" FROM (SELECT *, CAST(TRY_CAST(CAST("value_14" AS BIGINT) - 0 AS INTEGER) AS DECIMAL(38, 8)) AS "x1" FROM "r15"))
)
SELECT "pid" AS "pid", "Test_15" AS "Test_17"
FROM "r16";

-- GeometricMean
-- GeometricMean({2.0, 8.0})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, CAST('2.0' AS DECIMAL(38, 8)), CAST('8.0' AS DECIMAL(38, 8)))) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", "const_2"] AS DECIMAL(38, 8)[]) AS "list_3"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_3") AS "item_4", CAST(unnest(generate_series(1, len("list_3"))) AS INTEGER) AS "pos_5"
  FROM "r2"
),
"r4" AS MATERIALIZED (
  SELECT "pid", "item_4" AS "item_6"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", sum(CASE WHEN "item_6" > 0 THEN ln(CAST("item_6" AS DOUBLE)) END) AS "value_8"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", r."value_8"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", CAST(count_if(("item_6" IS NOT NULL)) AS INTEGER) AS "value_9"
  FROM "r4"
  GROUP BY "pid"
),
"r8" AS (
  SELECT l."pid", l."value_8", r."value_9"
  FROM "r6" AS l LEFT JOIN "r7" AS r ON l."pid" = r."pid"
),
"r9" AS (
  SELECT "pid", bool_or(("item_6" <= 0)) AS "value_10"
  FROM "r4"
  GROUP BY "pid"
),
"r10" AS (
  SELECT l."pid", l."value_8", l."value_9", r."value_10"
  FROM "r8" AS l LEFT JOIN "r9" AS r ON l."pid" = r."pid"
),
"r11" AS (
  SELECT "pid", CASE WHEN (NOT ("value_10" IS TRUE)) THEN CASE WHEN "value_9" > 0 THEN CASE WHEN isfinite(exp("value_8" / "value_9")) THEN TRY_CAST(round(exp("value_8" / "value_9"), 8) AS DECIMAL(38, 8)) END END END AS "Test_11"
  FROM "r10"
)
SELECT "pid" AS "pid", "Test_11" AS "Test_13"
FROM "r11";

-- AllTrue
-- AllTrue({true, null})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, true)) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", CAST(NULL AS BOOLEAN)] AS BOOLEAN[]) AS "list_2"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_2") AS "item_3", CAST(unnest(generate_series(1, len("list_2"))) AS INTEGER) AS "pos_4"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_3" AS "item_5"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", bool_or(("item_5" IS FALSE)) AS "value_7"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", r."value_7"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", (NOT ("value_7" IS TRUE)) AS "Test_8"
  FROM "r6"
)
SELECT "pid" AS "pid", "Test_8" AS "Test_10"
FROM "r7";

-- AnyTrue
-- AnyTrue({null, true})
WITH "r1" AS (
  SELECT * FROM (VALUES (0, true)) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", CAST([CAST(NULL AS BOOLEAN), "const_1"] AS BOOLEAN[]) AS "list_2"
  FROM "r1"
),
"r3" AS (
  SELECT "pid", unnest("list_2") AS "item_3", CAST(unnest(generate_series(1, len("list_2"))) AS INTEGER) AS "pos_4"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "item_3" AS "item_5"
  FROM "r3"
),
"r5" AS (
  SELECT "pid", bool_or("item_5") AS "value_7"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", r."value_7"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", ("value_7" IS TRUE) AS "Test_8"
  FROM "r6"
)
SELECT "pid" AS "pid", "Test_8" AS "Test_10"
FROM "r7";
