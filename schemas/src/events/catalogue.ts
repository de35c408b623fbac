import type { Schema } from "effect"
import { SealedParty, WireParty } from "../party.ts"
import { construction } from "./construction.ts"
import { finance } from "./finance.ts"
import { judicial } from "./judicial.ts"
import { land } from "./land.ts"
import { planning } from "./planning.ts"
import { project } from "./project.ts"
import { registrar } from "./registrar.ts"
import { registration } from "./registration.ts"
import { sales } from "./sales.ts"
import { survey } from "./survey.ts"
import { tax } from "./tax.ts"
import { utility } from "./utility.ts"

/** Every event type over one form of `Party`: the contract is written once and read twice, open and sealed. */
const catalogue = <P extends Schema.Top>(party: P) => ({
	...land(party),
	...project(party),
	...planning(party),
	...construction(party),
	...survey(),
	...registration(party),
	...sales(party),
	...tax(party),
	...finance(party),
	...judicial(),
	...utility(party),
	...registrar(party),
})

/** The types as departments send them. */
export const wire = catalogue(WireParty)
/** The types as the log holds them: natural persons sealed. */
export const sealed = catalogue(SealedParty)

export type TypeName = keyof typeof sealed
export type WireData = { readonly [T in TypeName]: (typeof wire)[T]["data"]["Type"] }
export type Data = { readonly [T in TypeName]: (typeof sealed)[T]["data"]["Type"] }

export const TYPE_NAMES = Object.keys(sealed) as readonly TypeName[]

/** `<family>.retracted` of any family. */
export type RetractedName = Extract<TypeName, `${string}.retracted`>
export const isRetracted = (type: TypeName): type is RetractedName => type.endsWith(".retracted")

/** The family of a type: what a sender is registered for. */
export const familyOf = (type: TypeName): string => type.slice(0, type.indexOf("."))
