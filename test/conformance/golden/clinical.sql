-- ToConcept
-- Code { code: 'a', system: 's' } ~ ToConcept(Code { code: 'a', system: 's' })
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 'a', 's', 'a', 's')) AS t("pid", "const_1", "const_2", "const_3", "const_4")
),
"r2" AS (
  SELECT "pid", CASE WHEN (("x1" IS NULL) OR ("x2" IS NULL)) THEN (("x1" IS NULL) AND ("x2" IS NULL)) ELSE (list_has_any(list_transform("x1", lambda c: struct_pack(code := (c).code, "system" := (c)."system")), list_transform("x2", lambda c: struct_pack(code := (c).code, "system" := (c)."system"))) IS TRUE) END AS "Test_5"
  FROM (SELECT *, CASE WHEN CAST(struct_pack("code" := "const_1", "system" := "const_2", "version" := CAST(NULL AS VARCHAR), "display" := CAST(NULL AS VARCHAR)) AS STRUCT(code VARCHAR, "system" VARCHAR, "version" VARCHAR, display VARCHAR)) IS NULL THEN CAST([] AS STRUCT(code VARCHAR, "system" VARCHAR, "version" VARCHAR, display VARCHAR)[]) ELSE [CAST(struct_pack("code" := "const_1", "system" := "const_2", "version" := CAST(NULL AS VARCHAR), "display" := CAST(NULL AS VARCHAR)) AS STRUCT(code VARCHAR, "system" VARCHAR, "version" VARCHAR, display VARCHAR))] END AS "x1", CASE WHEN CAST(struct_pack("code" := "const_3", "system" := "const_4", "version" := CAST(NULL AS VARCHAR), "display" := CAST(NULL AS VARCHAR)) AS STRUCT(code VARCHAR, "system" VARCHAR, "version" VARCHAR, display VARCHAR)) IS NULL THEN CAST([] AS STRUCT(code VARCHAR, "system" VARCHAR, "version" VARCHAR, display VARCHAR)[]) ELSE [CAST(struct_pack("code" := "const_3", "system" := "const_4", "version" := CAST(NULL AS VARCHAR), "display" := CAST(NULL AS VARCHAR)) AS STRUCT(code VARCHAR, "system" VARCHAR, "version" VARCHAR, display VARCHAR))] END AS "x2" FROM "r1")
)
SELECT "pid" AS "pid", "Test_5" AS "Test_7"
FROM "r2";
