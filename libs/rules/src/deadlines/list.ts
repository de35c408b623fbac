import type { DeadlineRule } from "../deadline.ts"
import { D01 } from "./d01-land-certificate.ts"
import { D02 } from "./d02-completion-filing.ts"
import { D03 } from "./d03-first-registration.ts"
import { D04 } from "./d04-transfer-registration.ts"
import { D05 } from "./d05-contract-filing.ts"
import { D06 } from "./d06-buyer-registration.ts"
import { D07 } from "./d07-priority-notice.ts"
import { D08 } from "./d08-works-start.ts"
import { D09 } from "./d09-seizure-term.ts"
import { D10 } from "./d10-account-opening.ts"
import { D11 } from "./d11-planned-handover.ts"
import { D12 } from "./d12-planned-first-registration.ts"
import { D13 } from "./d13-planned-completion.ts"

/** Every time limit, in order. */
export const DEADLINE_RULES: readonly DeadlineRule[] = [D01, D02, D03, D04, D05, D06, D07, D08, D09, D10, D11, D12, D13]
