import { linesOf, type Parcel } from "@yima/lifecycle"
import { type Decimal, fromHundredths, hundredths } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { isOwn } from "../own.ts"
import { fact } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { said, suspect } from "./suspect.ts"

const judge = (view: Parcel, { ruleSet }: Scene): readonly Suspicion[] => {
	const grant = linesOf(view.lines, "land.granted").at(-1)
	const { plotRatioMax, areaM2 } = (grant?.says ?? {}) as { readonly plotRatioMax?: Decimal; readonly areaM2?: Decimal }
	if (grant === undefined || plotRatioMax === undefined || areaM2 === undefined) return []
	// Several phases add up; of two verifications of the same buildings the later counts.
	const latest = new Map<string, { readonly line: (typeof verified)[number]; readonly countedM2: Decimal }>()
	const verified = linesOf(view.lines, "planning.verified").filter((line) => isOwn(view, line.from))
	for (const line of verified) {
		const { countedAreaM2 } = line.says as { readonly countedAreaM2?: Decimal }
		const phase = [...(line.says.buildings ?? [])].sort().join(" ")
		if (countedAreaM2 !== undefined) latest.set(phase, { line, countedM2: countedAreaM2 })
	}
	if (latest.size === 0) return []
	const built = [...latest.values()].reduce((total, each) => total + hundredths(each.countedM2), 0n)
	// Two hundredths multiplied: ten-thousandths.
	const permitted = hundredths(plotRatioMax) * hundredths(areaM2)
	return suspect({
		on: "",
		says: `计容面积 ${fromHundredths(built)} ㎡,超过出让条件容积率 ${plotRatioMax} × ${areaM2} ㎡ 逾 ${ruleSet.ratioTolerance}%。解除所需: 更正规划核实或出让条件`,
		parts: [
			said(grant, `容积率 ${plotRatioMax},用地 ${areaM2} ㎡`),
			...[...latest.values()].map(({ line, countedM2 }) => said(line, `规划核实 ${line.says.verificationNo} 计容 ${countedM2} ㎡`)),
			fact(built * 100n * 10_000n > permitted * (10_000n + hundredths(ruleSet.ratioTolerance)), `合计 ${fromHundredths(built)} ㎡`, [], grant.time),
		],
	})
}

export const c22: FindingRule = {
	code: "C22",
	title: "计容面积超出容积率",
	severity: "HOLD",
	kind: "contradiction",
	responsible: "自然资源和规划局",
	basis: "规划条件(城乡规划法第38条、第39条)",
	reads: ["land.granted", "planning.verified"],
	parameters: ["ratioTolerance"],
	example: "容积率 2.00、用地 10000 ㎡,核实计容 20300 ㎡。",
	parcel: judge,
}
