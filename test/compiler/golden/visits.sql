-- "Visits": its letter is Visits_72
--   define "Visits": [Encounter] E where E.period.start.value during day of "Measurement Period"
--
-- "Seen": its letter is Seen_101
--   define "Seen": exists "Visits"
--
-- "Measured": its letter is Measured_269, its fault fault_270
--   define "Measured": exists [Observation] and (singleton from ([Condition])) is null

SELECT "pid" AS pid,
  concat("Visits_72", "Seen_101", CASE WHEN "fault_270" IS NOT NULL THEN 'e' ELSE "Measured_269" END) AS letters,
  nullif(list_filter([CASE WHEN "fault_270" IS NOT NULL THEN struct_pack(define := 2, code := "fault_270") END], lambda f: f IS NOT NULL), []) AS faults,
  list_concat(list_transform("rids_74", lambda r: struct_pack(define := 0, rid := r))) AS evidence
FROM (
WITH "r1" AS (
  SELECT "pid", "rid_1" AS "rid_24", "period_7" AS "period_30"
  FROM (SELECT "pid" AS "pid", "rid" AS "rid_1", "period" AS "period_7" FROM set_typed_encounter)
),
"r2" AS MATERIALIZED (
  SELECT "pid", "rid_24"
  FROM "r1"
  WHERE CASE WHEN ("period_30" IS NULL) THEN CAST(NULL AS BOOLEAN) ELSE ((date_trunc('day', TIMESTAMP '2025-01-01 00:00:00.000') <= (("period_30")."start")."lo") AND ((("period_30")."start")."lo" <= date_trunc('day', TIMESTAMP '2025-12-31 23:59:59.999'))) END
),
"r3" AS (
  SELECT "pid", "rid_24" AS "rid_47"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", bool_or(true) AS "some_70", CAST(list_transform(list_sort(list(struct_pack(k := "rid_47", v := "rid_47")) FILTER (WHERE ("rid_47" IS NOT NULL))), lambda e: (e).v) AS BIGINT[]) AS "rids_71"
  FROM "r3"
  GROUP BY "pid"
),
"r5" AS (
  SELECT l."pid", r."some_70", r."rids_71"
  FROM (SELECT "pid" AS "pid" FROM set_person) AS l LEFT JOIN "r4" AS r ON l."pid" = r."pid"
),
"r6" AS (
  SELECT "pid", "rid_24" AS "rid_75"
  FROM "r2"
),
"r7" AS (
  SELECT "pid", bool_or(("rid_75" IS NOT NULL)) AS "value_98"
  FROM "r6"
  GROUP BY "pid"
),
"r8" AS (
  SELECT l."pid", l."some_70", l."rids_71", r."value_98"
  FROM "r5" AS l LEFT JOIN "r7" AS r ON l."pid" = r."pid"
),
"r9" AS (
  SELECT "pid", "some_70", "rids_71", ("value_98" IS TRUE) AS "Seen_99"
  FROM "r8"
),
"r10" AS (
  SELECT "pid", "rid_104" AS "rid_143"
  FROM (SELECT "pid" AS "pid", "rid" AS "rid_104" FROM set_typed_observation)
),
"r11" AS (
  SELECT "pid", bool_or(("rid_143" IS NOT NULL)) AS "value_182"
  FROM "r10"
  GROUP BY "pid"
),
"r12" AS (
  SELECT l."pid", l."some_70", l."rids_71", l."Seen_99", r."value_182"
  FROM "r9" AS l LEFT JOIN "r11" AS r ON l."pid" = r."pid"
),
"r13" AS (
  SELECT "pid", "rid_183" AS "rid_210"
  FROM (SELECT "pid" AS "pid", "rid" AS "rid_183" FROM set_typed_condition)
),
"r14" AS (
  SELECT "pid", CAST(count_if(true) AS INTEGER) AS "value_237"
  FROM "r13"
  GROUP BY "pid"
),
"r15" AS (
  SELECT l."pid", l."some_70", l."rids_71", l."Seen_99", l."value_182", r."value_237"
  FROM "r12" AS l LEFT JOIN "r14" AS r ON l."pid" = r."pid"
),
"r16" AS (
  SELECT "pid", "rid_210", CAST(row_number() OVER (PARTITION BY "pid" ORDER BY "rid_210" ASC NULLS FIRST) AS INTEGER) AS "n_238"
  FROM "r13"
),
"r17" AS (
  SELECT "pid", "rid_210"
  FROM "r16"
  WHERE ("n_238" = 1)
),
"r18" AS (
  SELECT "pid", "rid_210" AS "rid_239"
  FROM "r17"
),
"r19" AS (
  SELECT l."pid", l."some_70", l."rids_71", l."Seen_99", l."value_182", l."value_237", r."rid_239"
  FROM "r15" AS l LEFT JOIN "r18" AS r ON l."pid" = r."pid"
),
"r20" AS (
  SELECT "pid", "some_70", "rids_71", "Seen_99", (("value_182" IS TRUE) AND (NOT ("rid_239" IS NOT NULL))) AS "Measured_267", CASE WHEN (1 < CASE WHEN ("value_237" IS NOT NULL) THEN "value_237" ELSE 0 END) THEN 'not-a-singleton' END AS "fault_268"
  FROM "r19"
)
SELECT "pid" AS "pid", CASE WHEN ("some_70" IS TRUE) THEN 'l' ELSE 'z' END AS "Visits_72", "rids_71" AS "rids_74", CASE WHEN "Seen_99" THEN 't' WHEN ("Seen_99" IS NULL) THEN 'n' ELSE 'f' END AS "Seen_101", CASE WHEN "Measured_267" THEN 't' WHEN ("Measured_267" IS NULL) THEN 'n' ELSE 'f' END AS "Measured_269", "fault_268" AS "fault_270"
FROM "r20"
) AS whole
ORDER BY pid;