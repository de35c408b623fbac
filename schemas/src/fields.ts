import type { BuildingCode, ParcelCode, UnitCode } from "@yima/unit-code"
import { isBuildingCode, isParcelCode, isUnitCode, normalise, parseBuildingCode, parseParcelCode, parseUnitCode } from "@yima/unit-code"
import { Schema, SchemaTransformation } from "effect"
import { type Decimal, parseDecimal } from "./decimal.ts"
import { isBlank, type Kind } from "./identifier.ts"
import { formatMoment, isLocalDate, isPlausible, type LocalDate, type Moment, parseMoment } from "./moment.ts"
import type { ProblemCode } from "./problem.ts"
import { type Code, parseCode } from "./scope.ts"

/** The most entries that a list may have: the largest building met has 2,580 units. */
export const MOST_ENTRIES = 20_000

declare module "effect/Schema" {
	namespace Annotations {
		interface Annotations {
			/** What a field names: an identifier of a kind, or of the kind that the event's own `kind` says; and whether the type defines it. */
			readonly mention?: { readonly kind: Kind | Readonly<Record<string, Kind>>; readonly defines: boolean } | undefined
			/** The stable code of the problem that this check finds. */
			readonly problem?: ProblemCode | undefined
		}
	}
}

/** What JSON Schema can say of a check; what it says is never stricter than the check on values in normal form. */
type Shape = Readonly<Record<string, unknown>>

/** A check whose failure is a `Problem` of this code; `wrong` answers what stands after the value in the Chinese sentence, or nothing when all is well. */
export const rule = <A>(problem: ProblemCode, wrong: (value: A) => string | readonly string[] | undefined, shape: Shape) =>
	Schema.makeFilter<A>(wrong, { problem, toJsonSchema: () => shape })

/** How the generated documents call a value: its key among `$defs`, its Chinese title, what is to be known of it. */
type Named = Readonly<Record<"identifier" | "title" | "description", string> & { examples: readonly string[] }>

/** Text in several spellings, decoded to the one that `parse` answers. */
const reads = <A extends string>(problem: ProblemCode, parse: (text: string) => A | null, wrong: string, shape: Shape, named: Named) => {
	const check = rule<string>(problem, (value) => (parse(value) === value ? undefined : wrong), shape)
	const normal = SchemaTransformation.transform<string, string>({ decode: (value) => parse(value) ?? value, encode: (value) => value })
	return Schema.String.pipe(Schema.decode(normal), Schema.check(check)).annotate(named) as unknown as Schema.Codec<A, string>
}

/** Text of at least one visible and at most `most` characters, kept as sent. */
export const text = (most = 200) =>
	Schema.String.check(
		rule<string>(
			"text",
			(value) => {
				if (value.length > most) return `文字过长:共 ${value.length} 字,最多 ${most} 字`
				return isBlank(value) ? "不能为空" : undefined
			},
			{ minLength: 1, maxLength: most },
		),
	)

/** Longer free text: a reason, a remark. */
export const remark = text(2000)

export const choice = <const L extends readonly [string, ...string[]]>(...values: L) => Schema.Literals(values)

/** A struct; fields that it does not know are kept (`events.md`, values): see `keepUnknown` in decode. */
export const struct = Schema.Struct

/** `YYYY-MM-DD`. */
export const date = Schema.String.check(
	rule<string>("date", (value) => (isLocalDate(value) ? undefined : "不是日期,应为 1900 年以后的 YYYY-MM-DD"), {
		format: "date",
		pattern: "^(?:19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$",
	}),
).annotate({ identifier: "Date", title: "日期", description: "A date in China's time zone", examples: ["2023-05-31"] }) as unknown as Schema.Codec<
	LocalDate,
	string
>

const MOMENT = "不是 1900 至 2199 年间带时区的时刻(RFC 3339),例如 2023-05-31T09:30:00+08:00"

const MOMENT_SHAPE = {
	format: "date-time",
	pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})$",
}

const MOMENT_NAMED = {
	identifier: "Moment",
	title: "时刻",
	description: "RFC 3339 with seconds and offset, 1900 to 2199",
	examples: ["2023-05-31T09:30:00+08:00"],
} as const

const readMoment = (text: string): Moment | null => {
	const at = parseMoment(text)
	return at === null || !isPlausible(at) ? null : at
}

/** RFC 3339 with offset; decoded to UTC with six decimals, so that equal instants are equal texts. */
export const moment = reads(
	"moment",
	(value) => {
		const at = readMoment(value)
		return at === null ? null : formatMoment(at)
	},
	MOMENT,
	MOMENT_SHAPE,
	MOMENT_NAMED,
)

/** As `moment`, kept as sent: the envelope's, which are computed with at once. */
export const instant = Schema.String.check(rule<string>("moment", (value) => (readMoment(value) === null ? MOMENT : undefined), MOMENT_SHAPE)).annotate(
	MOMENT_NAMED,
)

/** A decimal string of at most two places, not negative. */
export const decimal = reads<Decimal>(
	"decimal",
	(value) => parseDecimal(value),
	'应为不带符号、至多两位小数的数字文本,例如 "1234.50"',
	{ pattern: "^[0-9]{1,15}(?:\\.[0-9]{1,2})?$" },
	{ identifier: "Decimal", title: "两位小数", description: "A decimal as text, at most two places; never a JSON number", examples: ["1234.50"] },
)

/** A decimal string that may be negative: a difference. */
export const difference = reads<Decimal>(
	"decimal",
	(value) => parseDecimal(value, true),
	'应为至多两位小数的数字文本,例如 "-12.30"',
	{ pattern: "^-?[0-9]{1,15}(?:\\.[0-9]{1,2})?$" },
	{ identifier: "Difference", title: "差额", description: "As Decimal, negative where less was found", examples: ["-12.30"] },
)

/** 容积率: a decimal string. */
export const ratio = decimal

const whole = (least: number, most: number) => {
	const message = `应为 ${least} 至 ${most} 的整数`
	const fits = (value: number) => !Number.isFinite(value) || (Number.isInteger(value) && value >= least && value <= most)
	return Schema.Number.check(
		Schema.isFinite({ problem: "integer", message }),
		rule<number>("integer", (value) => (fits(value) ? undefined : message), { type: "integer", minimum: least, maximum: most }),
	)
}

/** A count. */
export const count = whole(0, 10_000_000)
/** A term in months: a century at most, for terms are counted on a calendar. */
export const months = whole(1, 1200)
/** A term in years. */
export const years = whole(1, 1000)
/** A rank or a place in a queue, from 1. */
export const ordinal = whole(1, 10_000)
/** Floors above ground. */
export const floors = whole(1, 500)

/** 共有份额 `a/b` with 0 < a ≤ b. */
export const share = Schema.String.check(
	rule<string>(
		"share",
		(value) => {
			const [, a, b] = /^([1-9]\d{0,8})\/([1-9]\d{0,8})$/.exec(value) ?? []
			return a !== undefined && Number(a) <= Number(b) ? undefined : '不是份额,应为不大于一的分数,例如 "1/2"'
		},
		{ pattern: "^[1-9][0-9]{0,8}/[1-9][0-9]{0,8}$" },
	),
).annotate({ identifier: "Share", title: "共有份额", description: "A fraction of at most one", examples: ["1/2"] })

/** The parcel's part of a code in normal form, as JSON Schema can say it; `libs/unit-code` says it exactly. */
const PARCEL = "[0-9]{12}(?:[GJZ][BCDEFGHLNSWXY]|JA)[0-9]{5}"

const code = <A extends string>(
	is: (text: string) => text is A & string,
	parse: (text: string) => { readonly ok: boolean; readonly problems?: readonly { readonly message: string }[] },
	pattern: string,
	named: Named,
) => {
	const wrong = (value: string) => {
		if (is(value)) return undefined
		const read = parse(value)
		return read.ok ? "不是规范写法" : (read.problems ?? []).map((each) => each.message)
	}
	const normal = SchemaTransformation.transform<string, string>({ decode: (value) => (is(value) ? value : normalise(value)), encode: (value) => value })
	return Schema.String.pipe(Schema.decode(normal), Schema.check(rule("code", wrong, { pattern }))).annotate(named) as unknown as Schema.Codec<A, string>
}

/** 不动产单元代码, 28 characters, normalised. */
export const unitCode = code<UnitCode>(isUnitCode, parseUnitCode, `^${PARCEL}(?:F[0-9]{4}(?:[0-9]{4}|[a-z][0-9]{3})|W0{8}|[LQ][0-9]{8})$`, {
	identifier: "UnitCode",
	title: "不动产单元代码(28位)",
	description: "…0000 a whole building, …W00000000 bare land",
	examples: ["410811001001GB00001F00010101"],
})
/** 自然幢, 24 characters. */
export const buildingCode = code<BuildingCode>(isBuildingCode, parseBuildingCode, `^${PARCEL}F[0-9]{4}$`, {
	identifier: "BuildingCode",
	title: "自然幢代码(24位)",
	description: "The first 24 characters of its units' codes",
	examples: ["410811001001GB00001F0001"],
})
/** 宗地代码, 19 characters. */
export const parcelCode = code<ParcelCode>(isParcelCode, parseParcelCode, `^${PARCEL}$`, {
	identifier: "ParcelCode",
	title: "宗地代码(19位)",
	description: "The first 19 characters of its units' codes",
	examples: ["410811001001GB00001"],
})

/** Any scope an event can name. */
export const anyCode = reads<Code>(
	"code",
	parseCode,
	"不是宗地(19位)、幢(24位)、不动产单元代码(28位)或 project:<项目代码>",
	{ pattern: `^(?:${PARCEL}(?:F[0-9]{4}(?:[0-9]{4}|[a-z][0-9]{3})?|W0{8}|[LQ][0-9]{8})?|project:\\S{1,200})$` },
	{
		identifier: "Code",
		title: "宗地、幢、不动产单元代码,或 project:<项目代码>",
		description: "What an event can be about",
		examples: ["410811001001GB00001F00010101", "project:2301-410811-04-01-000001"],
	},
)

/** A list of at most 20,000 entries. */
export const list = <S extends Schema.Constraint>(entry: S) =>
	Schema.Array(entry).check(
		rule<readonly unknown[]>("list", (entries) => (entries.length > MOST_ENTRIES ? `共 ${entries.length} 项,最多 ${MOST_ENTRIES} 项` : undefined), {
			maxItems: MOST_ENTRIES,
		}),
	)

/** SHA-256 of a document, as hexadecimal. */
export const sha256 = Schema.String.check(
	rule<string>("sha256", (value) => (/^[0-9a-f]{64}$/.test(value) ? undefined : "应为 64 位小写十六进制"), { pattern: "^[0-9a-f]{64}$" }),
)

/** A field that *uses* an identifier: a kind, or by the event's own `kind` one of several. */
export const uses = (kind: Kind | Readonly<Record<string, Kind>>, most = 200) => text(most).annotate({ mention: { kind, defines: false } })
/** A field that the type *defines* (◆ in `events.md`). */
export const defines = (kind: Kind, most = 200) => text(most).annotate({ mention: { kind, defines: true } })
/** Labels of buildings that have no code yet: each an identifier within the project or permit that the event names. */
export const buildingLabels = (defines: boolean) => list(text().annotate({ mention: { kind: "building-label", defines } }))

export const optional = Schema.optionalKey
