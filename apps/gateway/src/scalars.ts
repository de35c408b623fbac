import { formatMoment, type LocalDate, type Moment, parseDecimal, parseMoment } from "@yima/schemas"
import { GraphQLError } from "graphql"
import { builder } from "./builder.ts"

const text = (value: unknown, name: string): string => {
	if (typeof value === "string") return value
	throw new GraphQLError(`${name} 应为文本`)
}

// Codes are read where they are used: what is wrong with one is said in full, as BAD_CODE.
builder.scalarType("UnitCode", {
	description: "不动产单元代码. In: spaces, printed groups, lower case (positions 1–20) and full-width are normalised; out: 28 characters, no spaces",
	parseValue: (value) => text(value, "不动产单元代码"),
	serialize: (value) => value,
})
builder.scalarType("ParcelCode", {
	description: "宗地代码: 19 characters",
	parseValue: (value) => text(value, "宗地代码"),
	serialize: (value) => value,
})
builder.scalarType("DateTime", {
	description: "RFC 3339; out: UTC, microseconds",
	parseValue: (value): Moment => {
		const moment = parseMoment(text(value, "时刻"))
		if (moment === null) throw new GraphQLError("不是带时区的时刻(RFC 3339),例如 2023-05-31T09:30:00+08:00")
		return moment
	},
	serialize: (value) => formatMoment(value),
})
builder.scalarType("Date", {
	description: "YYYY-MM-DD",
	parseValue: (value) => text(value, "日期") as LocalDate,
	serialize: (value) => value,
})
builder.scalarType("Decimal", {
	description: "Text with two places: money in yuan, areas in m²",
	parseValue: (value) => {
		const decimal = parseDecimal(text(value, "数"), true)
		if (decimal === null) throw new GraphQLError("不是至多两位小数的数字文本")
		return decimal
	},
	serialize: (value) => value,
})
builder.scalarType("JSON", { description: "Any JSON", parseValue: (value) => value, serialize: (value) => value })
