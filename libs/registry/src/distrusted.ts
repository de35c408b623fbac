/** The name under which a log is remembered that has lost what was read from it: no log has it, so that nothing is read on before somebody adopts it. */
export const distrusted = (incarnation: string): string => `${incarnation} (lost its end)`
