import type { SaleContract, Unit } from "@yima/lifecycle"
import { isOwn } from "../own.ts"

/** The unit's own contracts: not those of a whole building or parcel, which it inherits. */
export const ownContracts = (unit: Unit): readonly SaleContract[] => unit.contracts.filter((each) => isOwn(unit, each.from))

export const liveContracts = (unit: Unit): readonly SaleContract[] => ownContracts(unit).filter((each) => each.status === "LIVE")
