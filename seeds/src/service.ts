import { type Flat, numberOf, type Plan } from "./plan.ts"
import type { Department } from "./post.ts"

/** Who supplies what in the city. */
export const SERVICES: readonly { readonly service: "water" | "power" | "gas" | "heat"; readonly company: string; readonly department: Department }[] = [
	{ service: "water", company: "焦作市水务公司", department: "water" },
	{ service: "power", company: "国网焦作供电公司", department: "power" },
	{ service: "gas", company: "焦作中燃公司", department: "gas" },
	{ service: "heat", company: "焦作市热力公司", department: "heat" },
]

/** 户号: the company's own number of a flat. */
export const accountNo = (service: string, plan: Plan, flat: Flat): string => `${service[0]?.toUpperCase()}${numberOf(plan, flat)}`
