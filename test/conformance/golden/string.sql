-- Concatenate
-- 'a' + 'b'
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'a', 'b')) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", ("const_1" || "const_2") AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- Combine
-- Combine({'a', null, 'b'}, '-')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'a', 'b', '-')) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", CAST(["const_1", CAST(NULL AS VARCHAR), "const_2"] AS VARCHAR[]) AS "list_4"
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
  SELECT "pid", CAST(list_transform(list_sort(list(struct_pack(k := "pos_8", v := "item_7")) FILTER (WHERE ("item_7" IS NOT NULL))), lambda e: (e).v) AS VARCHAR[]) AS "value_9"
  FROM "r4"
  GROUP BY "pid"
),
"r6" AS (
  SELECT l."pid", l."const_3", r."value_9"
  FROM "r1" AS l LEFT JOIN "r5" AS r ON l."pid" = r."pid"
),
"r7" AS (
  SELECT "pid", CASE WHEN len("value_9") > 0 THEN list_reduce("value_9", lambda a, b: a || "const_3" || b) END AS "Test_10"
  FROM "r6"
)
SELECT "pid" AS "pid", "Test_10" AS "Test_12"
FROM "r7";

-- Split
-- Split('a,b,,c', ',')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'a,b,,c', ',')) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN "const_1" IS NULL THEN NULL WHEN "const_2" IS NULL THEN ["const_1"] ELSE string_split("const_1", "const_2") END AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- SplitOnMatches
-- SplitOnMatches('a1b22c', '[0-9]+')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'a1b22c', '[0-9]+')) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", regexp_split_to_array("const_1", "const_2") AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- Length
-- Length('abc')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'abc')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", CAST(length("const_1") AS INTEGER) AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- Upper
-- Upper('abc')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'abc')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", upper("const_1") AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- Lower
-- Lower('ABC')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'ABC')) AS t("pid", "const_1")
),
"r2" AS (
  SELECT "pid", lower("const_1") AS "Test_2"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_2" AS "Test_4"
FROM "r2";

-- StartsWith
-- StartsWith('abc', 'ab')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'abc', 'ab')) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", starts_with("const_1", "const_2") AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- EndsWith
-- EndsWith('abc', 'bc')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'abc', 'bc')) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", suffix("const_1", "const_2") AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- PositionOf
-- PositionOf('c', 'abc')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'c', 'abc')) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CAST(instr("const_2", "const_1") - 1 AS INTEGER) AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- LastPositionOf
-- LastPositionOf('a', 'abca')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'a', 'abca')) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN "const_1" IS NULL OR "const_2" IS NULL THEN NULL WHEN contains("const_2", "const_1") THEN CAST(length("const_2") - length("const_1") - instr(reverse("const_2"), reverse("const_1")) + 1 AS INTEGER) ELSE -1 END AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- Substring
-- Substring('abc', 1)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'abc', 1)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN "const_1" IS NULL OR "const_2" IS NULL OR "const_2" < 0 OR "const_2" > length("const_1") OR ("const_2" = length("const_1") AND length("const_1") > 0) THEN NULL WHEN CAST(NULL AS INTEGER) IS NULL THEN substr("const_1", "const_2" + 1) ELSE substr("const_1", "const_2" + 1, greatest(CAST(NULL AS INTEGER), 0)) END AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- Matches
-- Matches('abc123', '[a-z]+')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'abc123', '[a-z]+')) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", regexp_full_match("const_1", "const_2", 's') AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";

-- ReplaceMatches
-- ReplaceMatches('abc', 'b', 'x')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'abc', 'b', 'x')) AS t("pid", "const_1", "const_2", "const_3")
),
"r2" AS (
  SELECT "pid", regexp_replace("const_1", "const_2", replace(regexp_replace(replace("const_3", '\$', chr(1)), '[$]([0-9])', '\\\1', 'g'), chr(1), '$'), 'g') AS "Test_4"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_4" AS "Test_6"
FROM "r2";

-- Indexer
-- Indexer('abc', 2)
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'abc', 2)) AS t("pid", "const_1", "const_2")
),
"r2" AS (
  SELECT "pid", CASE WHEN "const_2" >= 0 AND "const_2" < length("const_1") THEN substr("const_1", "const_2" + 1, 1) END AS "Test_3"
  FROM "r1"
)
SELECT "pid" AS "pid", "Test_3" AS "Test_5"
FROM "r2";
