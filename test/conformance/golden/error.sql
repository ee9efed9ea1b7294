-- Message
-- Message(1, true, 'c', 'Error', 'stop')
WITH "r1" AS (
  SELECT * FROM (VALUES (0, 1, true, 'Error')) AS t("pid", "const_1", "const_2", "const_4")
)
SELECT "pid" AS "pid", "const_1" AS "Test_6", CASE WHEN (("const_2" IS TRUE) AND ((lower("const_4") = 'error') IS TRUE)) THEN 'message' END AS "fault_7"
FROM "r1";
