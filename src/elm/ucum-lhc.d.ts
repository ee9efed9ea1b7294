declare module '@lhncbc/ucum-lhc' {
  interface UnitResult {
    readonly status: 'valid' | 'invalid' | 'error'
    readonly ucumCode: string | null
    readonly msg: readonly (string | null)[]
  }
  interface ConversionResult {
    readonly status: 'succeeded' | 'failed' | 'error'
    readonly toVal: number | null
    readonly msg: readonly string[]
  }
  interface UcumUtilities {
    validateUnitString(unit: string, suggest?: boolean): UnitResult
    convertUnitTo(from: string, value: number, to: string): ConversionResult
  }
  const ucum: { readonly UcumLhcUtils: { getInstance(): UcumUtilities } }
  export default ucum
}
