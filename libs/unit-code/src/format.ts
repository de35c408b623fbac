import type { Code } from "./code.ts"

/** As certificates print it, in groups of 6-6-7-9: `410811 001002 GB00018 F00030045`; parcels and buildings are its beginning. */
export const formatUnitCode = (code: Code): string => [code.slice(0, 6), code.slice(6, 12), code.slice(12, 19), code.slice(19)].filter(Boolean).join(" ")
