import { FINDING_RULES, type Finding } from "@yima/rules"
import { type Expected, GROWN } from "@yima/seeds"

/** What was wrong in the demo's lives before anything was planted, and is meant to be. */
export const LIVED: readonly (Expected & { readonly says: string })[] = [
	{ code: "C05", scope: "410803012001GB00001F00030009", severity: "BLOCK", says: "城市: 第三处楼盘有一户卖了两次" },
	{ code: "C10", scope: "410811001002GB00018F00030044", severity: "HOLD", says: "一栋楼: 邻户的查封三年期满,没有续封" },
	{ code: "C34", scope: "410811001002GB00018F0003", severity: "HOLD", says: "一栋楼: 规划许可 44 套,楼盘表只报了 4 户" },
]

/** A code's score. */
export interface Row {
	readonly code: string
	readonly title: string
	readonly planted: number
	readonly found: number
	readonly missed: readonly string[]
	readonly nearMisses: number
	/** Raised where nothing was planted, or with another severity. */
	readonly false: readonly string[]
}

const nameOf = ({ code, scope, severity }: Pick<Finding, "code" | "severity"> & { readonly scope: string }): string => `${code} ${severity} ${scope}`

/** By code: what had to be raised, what was, and what should not have been. */
export const recallOf = (findings: readonly Finding[]): readonly Row[] => {
	const expected = new Set([...GROWN.flatMap((each) => each.expected), ...LIVED].map(nameOf))
	const raised = new Set(findings.map(nameOf))
	return FINDING_RULES.map(({ code, title }) => {
		const of = (names: ReadonlySet<string>) => [...names].filter((name) => name.startsWith(`${code} `))
		const planted = of(expected)
		return {
			code,
			title,
			planted: planted.length,
			found: planted.filter((name) => raised.has(name)).length,
			missed: planted.filter((name) => !raised.has(name)),
			nearMisses: GROWN.filter(({ planted: { code: its, severity } }) => its === code && severity === undefined).length,
			false: of(raised).filter((name) => !expected.has(name)),
		}
	})
}
