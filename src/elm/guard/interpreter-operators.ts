const byKind = {
  references: `
    AliasRef CodeRef CodeSystemRef ConceptRef ExpressionRef FunctionRef IdentifierRef OperandRef
    ParameterRef QueryLetRef ValueSetRef
  `,
  values: `
    Code Concept Instance Interval List Literal Null Property Quantity Ratio Tuple
  `,
  logic: `
    And Coalesce Implies IsFalse IsNull IsTrue Not Or Xor
  `,
  choice: `
    Case If Message
  `,
  comparison: `
    Equal Equivalent Greater GreaterOrEqual Less LessOrEqual NotEqual
  `,
  arithmetic: `
    Abs Add Ceiling Divide Exp Floor Ln Log MaxValue MinValue Modulo Multiply Negate Power Predecessor
    Round Subtract Successor Truncate TruncatedDivide
  `,
  text: `
    Combine Concatenate EndsWith LastPositionOf Length Lower Matches PositionOf ReplaceMatches Split
    SplitOnMatches StartsWith Substring Upper
  `,
  time: `
    Date DateFrom DateTime DateTimeComponentFrom DifferenceBetween DurationBetween Now SameAs
    SameOrAfter SameOrBefore Time TimeFrom TimeOfDay TimezoneOffsetFrom Today
  `,
  intervals: `
    After Before Collapse Contains End Ends Except Expand In IncludedIn Includes Intersect Meets
    MeetsAfter MeetsBefore Overlaps OverlapsAfter OverlapsBefore ProperIncludedIn ProperIncludes Size
    Start Starts Union Width
  `,
  lists: `
    Distinct Exists First Flatten IndexOf Indexer Last SingletonFrom Slice ToList
  `,
  aggregates: `
    AllTrue AnyTrue Avg Count GeometricMean Max Median Min Mode PopulationStdDev PopulationVariance
    Product StdDev Sum Variance
  `,
  queries: `
    ByColumn ByDirection ByExpression Query Retrieve With Without
  `,
  types: `
    As CanConvertQuantity Convert ConvertQuantity ConvertsToBoolean ConvertsToDate ConvertsToDateTime
    ConvertsToDecimal ConvertsToInteger ConvertsToQuantity ConvertsToRatio ConvertsToString
    ConvertsToTime Is ToBoolean ToConcept ToDate ToDateTime ToDecimal ToInteger ToQuantity ToRatio
    ToString ToTime
  `,
  clinical: `
    AnyInValueSet CalculateAge CalculateAgeAt ExpandValueSet InValueSet
  `,
} as const

/**
 * The ELM node types that cql-execution 3.3.2 evaluates. Any other is built as null there and evaluates to null
 * without a word, so it is refused before it runs. A test compares this table with the package.
 */
export const interpreterOperators: ReadonlySet<string> = new Set(
  Object.values(byKind).flatMap((names) => names.trim().split(/\s+/)),
)
