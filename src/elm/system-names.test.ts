import { expect, test } from 'vitest'
import { renamedTypes, systemNames } from './system-names.ts'

const model = {
  name: 'Plain',
  version: '1',
  stamp: 'plain',
  xml: () => `<modelInfo name="Plain" url="http://example.org/plain" targetUrl="http://hl7.org/fhir">
    <typeInfo xsi:type="ClassInfo" namespace="Plain" name="SexExtension" baseType="System.String"/>
    <typeInfo xsi:type="ClassInfo" namespace="Plain" name="Narrower" baseType="Plain.SexExtension"/>
    <typeInfo xsi:type="ClassInfo" namespace="Plain" name="AccountStatus" baseType="System.String"/>
    <typeInfo xsi:type="ClassInfo" namespace="Plain" name="Element" baseType="System.Any"/>
    <typeInfo xsi:type="ClassInfo" namespace="Plain" name="Circle" baseType="Plain.Circle"/>
  </modelInfo>`,
}

test('names of types of System are those of System, but for names that FHIR has and for what is only of any type', () => {
  const names = systemNames([model])
  const text = '"{urn:hl7-org:elm-types:r1}String"'
  for (const uri of ['http://hl7.org/fhir', 'http://example.org/plain'])
    for (const name of ['SexExtension', 'Narrower']) expect(renamedTypes(`"{${uri}}${name}"`, names)).toBe(text)
  for (const name of ['AccountStatus', 'Element', 'Circle', 'Patient'])
    expect(renamedTypes(`"{http://hl7.org/fhir}${name}"`, names)).toBe(`"{http://hl7.org/fhir}${name}"`)
})

test('the model of FHIR itself is not asked', () => {
  expect(systemNames([{ ...model, name: 'FHIR' }]).size).toBe(0)
})
