declare const brand: unique symbol

/** A string known to be well formed; only the readers of this package make one. */
export type Brand<Name extends string> = string & { readonly [brand]: Name }

/** 不动产单元代码: 28 characters. */
export type UnitCode = Brand<"UnitCode">

/** 宗地代码 or 宗海代码: the first 19. */
export type ParcelCode = Brand<"ParcelCode">

/** A 自然幢 on its parcel: the first 24. */
export type BuildingCode = Brand<"BuildingCode">

/** Told apart by their length; one lies inside another when it starts with it. */
export type Code = UnitCode | ParcelCode | BuildingCode
