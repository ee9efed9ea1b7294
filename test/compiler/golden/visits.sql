-- "Visits": its letter is Visits_66
--   define "Visits": [Encounter] E where E.period.start.value during day of "Measurement Period"
--
-- "Seen": its letter is Seen_93
--   define "Seen": exists "Visits"
--
-- "Measured": its letter is Measured_251, its fault fault_252
--   define "Measured": exists [Observation] and (singleton from ([Condition])) is null

SET VARIABLE unit_known_d6b5915c = CAST(['1'] AS VARCHAR[]);

SET VARIABLE unit_equal_d6b5915c = CAST(MAP {} AS MAP(VARCHAR, STRUCT(num HUGEINT, den HUGEINT)));

SET VARIABLE unit_equivalent_d6b5915c = CAST(MAP {} AS MAP(VARCHAR, STRUCT(num HUGEINT, den HUGEINT)));

SET VARIABLE unit_finer_d6b5915c = CAST(MAP {'1 1': '1'} AS MAP(VARCHAR, VARCHAR));

SET VARIABLE unit_product_d6b5915c = CAST(MAP {'1 1': '1'} AS MAP(VARCHAR, VARCHAR));

SET VARIABLE unit_quotient_d6b5915c = CAST(MAP {'1 1': '1'} AS MAP(VARCHAR, VARCHAR));

SET VARIABLE unit_canonical_d6b5915c = CAST(MAP {} AS MAP(VARCHAR, STRUCT(unit VARCHAR, factor STRUCT(num HUGEINT, den HUGEINT))));

SELECT "pid" AS pid,
  concat("Visits_66", "Seen_93", CASE WHEN "fault_252" IS NOT NULL THEN 'e' ELSE "Measured_251" END) AS letters,
  nullif(list_filter([CASE WHEN "fault_252" IS NOT NULL THEN struct_pack(define := 2, code := "fault_252") END], lambda f: f IS NOT NULL), []) AS faults,
  list_concat(list_transform("rids_68", lambda r: struct_pack(define := 0, rid := r))) AS evidence
FROM (
WITH "r1" AS (
  SELECT "pid" AS "pid" FROM set_person
),
"r2" AS (
  SELECT "pid" AS "pid", "rid" AS "rid_1", "period" AS "period_7" FROM set_typed_encounter
),
"r3" AS (
  SELECT "pid", "rid_1" AS "rid_22", "period_7" AS "period_28"
  FROM "r2"
),
"r4" AS (
  SELECT "pid", "rid_22", "period_28"
  FROM "r3"
  WHERE CASE WHEN (("period_28")."start" IS NULL) THEN CAST(NULL AS BOOLEAN) ELSE ((CASE WHEN date_trunc('day', (struct_pack(lo := TIMESTAMP '2025-01-01 00:00:00.000', hi := TIMESTAMP '2025-01-01 00:00:00.000', offset_min := CAST(-300 AS SMALLINT), "precision" := CAST(7 AS UTINYINT))).hi) < date_trunc('day', (("period_28")."start").lo) THEN -1 WHEN date_trunc('day', (struct_pack(lo := TIMESTAMP '2025-01-01 00:00:00.000', hi := TIMESTAMP '2025-01-01 00:00:00.000', offset_min := CAST(-300 AS SMALLINT), "precision" := CAST(7 AS UTINYINT))).lo) > date_trunc('day', (("period_28")."start").hi) THEN 1 WHEN (struct_pack(lo := TIMESTAMP '2025-01-01 00:00:00.000', hi := TIMESTAMP '2025-01-01 00:00:00.000', offset_min := CAST(-300 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."precision" >= 3 AND (("period_28")."start")."precision" >= 3 THEN 0 END <= 0) AND (CASE WHEN date_trunc('day', (("period_28")."start").hi) < date_trunc('day', (struct_pack(lo := TIMESTAMP '2025-12-31 23:59:59.999', hi := TIMESTAMP '2025-12-31 23:59:59.999', offset_min := CAST(-300 AS SMALLINT), "precision" := CAST(7 AS UTINYINT))).lo) THEN -1 WHEN date_trunc('day', (("period_28")."start").lo) > date_trunc('day', (struct_pack(lo := TIMESTAMP '2025-12-31 23:59:59.999', hi := TIMESTAMP '2025-12-31 23:59:59.999', offset_min := CAST(-300 AS SMALLINT), "precision" := CAST(7 AS UTINYINT))).hi) THEN 1 WHEN (("period_28")."start")."precision" >= 3 AND (struct_pack(lo := TIMESTAMP '2025-12-31 23:59:59.999', hi := TIMESTAMP '2025-12-31 23:59:59.999', offset_min := CAST(-300 AS SMALLINT), "precision" := CAST(7 AS UTINYINT)))."precision" >= 3 THEN 0 END <= 0)) END
),
"r5" AS (
  SELECT "pid", "rid_22" AS "rid_43"
  FROM "r4"
),
"r6" AS (
  SELECT "pid", bool_or(true) AS "some_64", CAST(list_transform(list_sort(list(struct_pack(k := "rid_43", v := "rid_43")) FILTER (WHERE ("rid_43" IS NOT NULL))), lambda e: (e).v) AS BIGINT[]) AS "rids_65"
  FROM "r5"
  GROUP BY "pid"
),
"r7" AS (
  SELECT l."pid", r."some_64", r."rids_65"
  FROM "r1" AS l LEFT JOIN "r6" AS r ON l."pid" = r."pid"
),
"r8" AS (
  SELECT "pid", "rid_22" AS "rid_69"
  FROM "r4"
),
"r9" AS (
  SELECT "pid", bool_or(("rid_69" IS NOT NULL)) AS "value_90"
  FROM "r8"
  GROUP BY "pid"
),
"r10" AS (
  SELECT l."pid", l."some_64", l."rids_65", r."value_90"
  FROM "r7" AS l LEFT JOIN "r9" AS r ON l."pid" = r."pid"
),
"r11" AS (
  SELECT "pid", "some_64", "rids_65", "value_90", ("value_90" IS TRUE) AS "Seen_91"
  FROM "r10"
),
"r12" AS (
  SELECT "pid" AS "pid", "rid" AS "rid_96" FROM set_typed_observation
),
"r13" AS (
  SELECT "pid", "rid_96" AS "rid_133"
  FROM "r12"
),
"r14" AS (
  SELECT "pid", bool_or(("rid_133" IS NOT NULL)) AS "value_170"
  FROM "r13"
  GROUP BY "pid"
),
"r15" AS (
  SELECT l."pid", l."some_64", l."rids_65", l."value_90", l."Seen_91", r."value_170"
  FROM "r11" AS l LEFT JOIN "r14" AS r ON l."pid" = r."pid"
),
"r16" AS (
  SELECT "pid" AS "pid", "rid" AS "rid_171" FROM set_typed_condition
),
"r17" AS (
  SELECT "pid", "rid_171" AS "rid_196"
  FROM "r16"
),
"r18" AS (
  SELECT "pid", CAST(count_if(true) AS INTEGER) AS "value_221"
  FROM "r17"
  GROUP BY "pid"
),
"r19" AS (
  SELECT l."pid", l."some_64", l."rids_65", l."value_90", l."Seen_91", l."value_170", r."value_221"
  FROM "r15" AS l LEFT JOIN "r18" AS r ON l."pid" = r."pid"
),
"r20" AS (
  SELECT "pid", "rid_196", CAST(row_number() OVER (PARTITION BY "pid" ORDER BY "rid_196" ASC NULLS FIRST) AS INTEGER) AS "n_222"
  FROM "r17"
),
"r21" AS (
  SELECT "pid", "rid_196", "n_222"
  FROM "r20"
  WHERE ("n_222" = 1)
),
"r22" AS (
  SELECT "pid", "rid_196" AS "rid_223"
  FROM "r21"
),
"r23" AS (
  SELECT l."pid", l."some_64", l."rids_65", l."value_90", l."Seen_91", l."value_170", l."value_221", r."rid_223"
  FROM "r19" AS l LEFT JOIN "r22" AS r ON l."pid" = r."pid"
),
"r24" AS (
  SELECT "pid", "some_64", "rids_65", "value_90", "Seen_91", "value_170", "value_221", "rid_223", (("value_170" IS TRUE) AND (NOT (("rid_223" IS NOT NULL) IS TRUE))) AS "Measured_249", CASE WHEN (1 < CASE WHEN ("value_221" IS NOT NULL) THEN "value_221" ELSE 0 END) THEN 'not-a-singleton' ELSE CAST(NULL AS VARCHAR) END AS "fault_250"
  FROM "r23"
)
SELECT "pid" AS "pid", CASE WHEN ("some_64" IS TRUE) THEN 'l' ELSE 'z' END AS "Visits_66", "rids_65" AS "rids_68", CASE WHEN "Seen_91" THEN 't' WHEN ("Seen_91" IS NULL) THEN 'n' ELSE 'f' END AS "Seen_93", CASE WHEN "Measured_249" THEN 't' WHEN ("Measured_249" IS NULL) THEN 'n' ELSE 'f' END AS "Measured_251", CASE WHEN ("fault_250" IS NOT NULL) THEN "fault_250" WHEN "Measured_249" THEN CAST(NULL AS VARCHAR) WHEN ("fault_250" IS NOT NULL) THEN "fault_250" WHEN ("Measured_249" IS NULL) THEN CAST(NULL AS VARCHAR) ELSE CAST(NULL AS VARCHAR) END AS "fault_252"
FROM "r24"
) AS whole
ORDER BY pid;