import type { Service } from "@yima/lifecycle"
import { builder } from "./builder.ts"

/** 水电气暖. */
export const ServiceEnum = builder.enumType("Service", {
	values: { WATER: { value: "water" }, POWER: { value: "power" }, GAS: { value: "gas" }, HEAT: { value: "heat" } } as const satisfies Readonly<
		Record<string, { readonly value: Service }>
	>,
})
