import { endOfDayAfter, type LocalDate, type Moment, startOfDay } from "@yima/schemas"

/** 房地产开发经营管理条例 26: a contract is filed within 30 days of its signing. */
const FILING_DAYS = 30

/** By when a contract has to be filed, exclusive (D05, C41). */
export const filingDueAt = (signedOn: LocalDate): Moment => endOfDayAfter(startOfDay(signedOn), FILING_DAYS)
