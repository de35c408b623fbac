/** Hundredths as a decimal text with two places: cents as yuan, or hundredths of a square metre. */
export const centi = (hundredths: number): string => `${Math.trunc(hundredths / 100)}.${String(Math.abs(hundredths % 100)).padStart(2, "0")}`
