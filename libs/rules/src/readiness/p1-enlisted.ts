import { linesOf, type Project, type Unit } from "@yima/lifecycle"
import type { ConditionRule } from "../condition.ts"
import { liveOf, termOf } from "../contract-of.ts"
import { fact, type Proof } from "../proof.ts"

/** 交房即交证 clauses that the order demands of a contract (令 3.3). */
const CLAUSES = {
	enlisted: "项目已列入清单",
	"first-registration-before-handover": "交房前办妥首次登记",
	"full-invoice": "提供全额发票",
	"stamped-application": "提供已盖章的转移登记申请表",
} as const

const isEnlisted = ({ lines, code }: Project): Proof => {
	const listing = linesOf(lines, "project.enlisted", "project.delisted")
		.filter((line) => line.from === code)
		.at(-1)
	const enlisted = { type: "project.enlisted", title: "将项目纳入交房即交证清单" } as const
	if (listing === undefined) return fact(false, "项目未列入交房即交证清单", [], null, enlisted)
	return listing.type === "project.enlisted"
		? fact(true, "项目已列入交房即交证清单", [listing.key], listing.time)
		: fact(false, "项目已移出交房即交证清单", [listing.key], listing.time, enlisted)
}

const hasClauses = (unit: Unit): Proof => {
	const live = liveOf(unit)
	if (live === null) return fact(true, "尚未出售,不查合同条款")
	const missing = Object.entries(CLAUSES).filter(([clause]) => !live.clauses.includes(clause))
	const said = termOf(unit, live, "clauses")
	const names = missing.map(([, name]) => name).join("、")
	return missing.length === 0
		? fact(true, `合同 ${live.contractNo} 载明四项条款`, [said.key], said.time)
		: fact(false, `合同 ${live.contractNo} 缺条款: ${names}`, [said.key], said.time, {
				type: "sales.contract-amended",
				title: `补充合同 ${live.contractNo} 的条款`,
				responsible: "住房保障中心",
			})
}

export const P1: ConditionRule = {
	id: "P1",
	title: "项目在交房即交证清单,合同载明条款",
	scope: "PROJECT",
	responsible: "自然资源和规划局",
	basis: "《交房即交证实施方案》三(二)、三(三)",
	remedy: "将项目纳入清单;合同缺条款的,签补充协议并变更备案",
	reads: ["project.enlisted", "project.delisted", "sales.contract-filed", "sales.contract-amended", "sales.contract-cancelled", "registration.transferred"],
	parameters: [],
	example: "项目没有列入清单就预售",
	after: [],
	project: isEnlisted,
	missing: fact(false, "未归入任何项目", [], null, { type: "project.scoped", title: "划定项目范围" }),
	unit: hasClauses,
}
