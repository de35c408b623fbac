import { type Building, linesOf, type Project } from "@yima/lifecycle"
import { isProject } from "@yima/schemas"
import type { ConditionRule } from "../condition.ts"
import { all, fact, type Proof } from "../proof.ts"

const KINDS: Readonly<Record<string, string>> = { unpaid: "欠缴", "illegal-works": "违建", "over-ratio": "超容积率", other: "其他" }

/** The project's own holds; of a building those that were placed on it, for the project's reach it by the project. */
const isFree = ({ holds, lines }: Project | Building, isOwn: (from: string) => boolean): Proof => {
	const placed = linesOf(lines, "project.hold-placed").filter((line) => isOwn(line.from))
	const open = placed.filter((line) => holds.some((each) => each.event === line.key))
	if (open.length === 0) return fact(true, "没有未解决的历史遗留问题")
	return all(
		"历史遗留问题均已解决",
		open.map(({ key, time, says }) =>
			fact(false, `历史遗留问题 ${says.holdNo}(${KINDS[says.kind ?? "other"]})未解决`, [key], time, {
				type: "project.hold-lifted",
				title: `解决历史遗留问题 ${says.holdNo}`,
			}),
		),
	)
}

export const P9: ConditionRule = {
	id: "P9",
	title: "没有未解决的历史遗留问题",
	scope: "PROJECT",
	responsible: "自然资源和规划局",
	basis: "本系统规则",
	remedy: "解决欠缴、违建、超容积率等问题后解除标记",
	reads: ["project.hold-placed", "project.hold-lifted"],
	parameters: [],
	example: "开发企业欠缴配套费",
	after: [],
	project: (project) => isFree(project, () => true),
	building: (building) => isFree(building, (from) => !isProject(from as never)),
}
