import { cvx, rxnorm, snomed } from './code.ts'

export const medications = {
  metformin: rxnorm('861007', 'metformin hydrochloride 500 MG Oral Tablet'),
  insulin: rxnorm('311041', 'insulin glargine 100 UNT/ML Injectable Solution'),
  lisinopril: rxnorm('314076', 'lisinopril 10 MG Oral Tablet'),
  amlodipine: rxnorm('197361', 'amlodipine 5 MG Oral Tablet'),
  losartan: rxnorm('979492', 'losartan potassium 50 MG Oral Tablet'),
  atorvastatin: rxnorm('617310', 'atorvastatin 20 MG Oral Tablet'),
  sertraline: rxnorm('312941', 'sertraline 50 MG Oral Tablet'),
  fluoxetine: rxnorm('310385', 'fluoxetine 20 MG Oral Capsule'),
  escitalopram: rxnorm('349332', 'escitalopram 10 MG Oral Tablet'),
  donepezil: rxnorm('997223', 'donepezil hydrochloride 10 MG Oral Tablet'),
  donepezilLow: rxnorm('997229', 'donepezil hydrochloride 5 MG Oral Tablet'),
  albuterol: rxnorm('2123111', 'NDA020503 200 ACTUAT albuterol 0.09 MG/ACTUAT Metered Dose Inhaler'),
  omeprazole: rxnorm('198051', 'omeprazole 20 MG Delayed Release Oral Capsule'),
} as const

export const vaccines = {
  influenza: cvx('150', 'Influenza, injectable, quadrivalent, preservative free'),
  tdap: cvx('115', 'Tdap'),
  covid: cvx('309', 'COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose'),
  pneumococcal: cvx('216', 'Pneumococcal conjugate PCV20'),
  shingles: cvx('187', 'zoster recombinant'),
} as const

export const allergies = {
  penicillin: rxnorm('7980', 'penicillin G'),
  sulfa: rxnorm('10831', 'sulfamethoxazole / trimethoprim'),
  peanut: snomed('91935009', 'Allergy to peanut (finding)'),
  none: snomed('716186003', 'No known allergy (situation)'),
} as const
