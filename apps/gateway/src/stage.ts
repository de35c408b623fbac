import { STAGES } from "@yima/lifecycle"
import { builder } from "./builder.ts"

export const StageEnum = builder.enumType("Stage", { values: STAGES })
