import type { Moment } from "@yima/schemas"

/** The system's clock. It says when to wake up and when to give up; what is true is decided by the log's. */
export const systemNow = () => (Date.now() * 1000) as Moment
