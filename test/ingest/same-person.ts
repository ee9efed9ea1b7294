import { type Config, defaultConfig } from '../../src/base/index.ts'

const memberId = 'https://aco.example/member'

/** Persons are joined by a member's number. */
export const byMemberId: Config = { ...defaultConfig, identity: { identifierSystems: [memberId] } }

/** What Patients of several sources say who are one person. */
export const sure = (member: string): object => ({
  birthDate: '1961-02-03',
  gender: 'female',
  identifier: [{ system: memberId, value: member }],
})
