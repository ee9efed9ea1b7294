import { hcpcs, icd10pcs, snomed } from './code.ts'

export const procedures = {
  colonoscopy: snomed('73761001', 'Colonoscopy (procedure)'),
  colonoscopyScreen: hcpcs(
    'G0121',
    'Colorectal cancer screening; colonoscopy on individual not meeting criteria for high risk',
  ),
  colonoscopyHighRisk: hcpcs('G0105', 'Colorectal cancer screening; colonoscopy on individual at high risk'),
  sigmoidoscopy: hcpcs('G0104', 'Colorectal cancer screening; flexible sigmoidoscopy'),
  sigmoidoscopySnomed: snomed('44441009', 'Flexible fiberoptic sigmoidoscopy (procedure)'),
  totalColectomy: snomed('26390003', 'Total colectomy (procedure)'),
  totalColectomyPcs: icd10pcs('0DTE0ZZ', 'Resection of Large Intestine, Open Approach'),
  mastectomyBoth: snomed('27865001', 'Bilateral mastectomy (procedure)'),
  mastectomyBothPcs: icd10pcs('0HTV0ZZ', 'Resection of Bilateral Breast, Open Approach'),
  mastectomyLeft: snomed('428571003', 'Mastectomy of left breast (procedure)'),
  mastectomyRight: snomed('429400009', 'Mastectomy of right breast (procedure)'),
  dialysis: snomed('302497006', 'Hemodialysis (procedure)'),
  kidneyTransplant: snomed('70536003', 'Transplant of kidney (procedure)'),
  palliativeCare: snomed('103735009', 'Palliative care (procedure)'),
  hospiceCare: snomed('385763009', 'Hospice care (regime/therapy)'),
  depressionFollowUp: snomed('385724002', 'Coping support management (procedure)'),
  psychotherapy: snomed('75516001', 'Psychotherapy (regime/therapy)'),
  depressionReferral: snomed('306226009', 'Referral to mental health counseling service (procedure)'),
  psychiatryReferral: snomed('183524004', 'Referral to psychiatry service (procedure)'),
  walker: snomed('266731002', 'Walking frame (physical object)'),
  wheelchair: snomed('58938008', 'Wheelchair, device (physical object)'),
} as const
