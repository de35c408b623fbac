declare const brand: unique symbol

/** A value of `Base` that has passed the check its name stands for. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name }
