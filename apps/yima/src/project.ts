import { styleText } from "node:util"
import { STAGE_TITLES } from "@yima/lifecycle"
import { ask } from "./ask.ts"
import { type StepShown, stepRow } from "./checklist.ts"
import { type Command, NO, USAGE, YES } from "./command.ts"
import { shownArgs } from "./shown-args.ts"

const help = `用法:yima project [--as-of 时刻] [--known-at 时刻] [--json] CODE

在终端中显示一个项目:可即交证几户、被什么挡住、轮到谁,每一幢按楼层画成一格一户。

  --as-of     截至何时的事实(YYYY-MM-DD 为当日终了,或 RFC 3339;默认现在)
  --known-at  按何时所知(默认全部所知)
  --json      以 JSON 输出
  YIMA_URL    查询服务的地址(默认为本机运行中的一码)

退出码:0 有此项目,1 没有,2 用法有误或连不上`

const QUERY = `query Project($code: String!, $asOf: DateTime, $knownAt: DateTime) {
	project(code: $code, asOf: $asOf, knownAt: $knownAt) {
		code name enlisted developer { name }
		readiness {
			units sold ready expectedReadyOn
			conditions { id title status responsible }
			byStage { stage units }
			blocking { condition finding title responsible units }
			nextSteps { condition finding title responsible possibleNow waitsFor dueAt }
		}
		ledger { certifiedCount dates { act plannedOn actualOn } }
		buildings { code label }
	}
}`

const UNITS = `query Units($code: String!, $asOf: DateTime, $knownAt: DateTime, $after: String) {
	building(code: $code, asOf: $asOf, knownAt: $knownAt) {
		units(first: 200, after: $after) {
			pageInfo { hasNextPage endCursor }
			edges { node { code floor room stage contracts { status } readiness { ready blockingFindings { code } } } }
		}
	}
}`

interface Project {
	readonly code: string
	readonly name: string | null
	readonly enlisted: boolean
	readonly developer: { readonly name: string } | null
	readonly readiness: {
		readonly units: number
		readonly sold: number
		readonly ready: number
		readonly expectedReadyOn: string | null
		readonly conditions: readonly { readonly id: string; readonly title: string; readonly status: string; readonly responsible: string }[]
		readonly byStage: readonly { readonly stage: string; readonly units: number }[]
		readonly blocking: readonly {
			readonly condition: string | null
			readonly finding: string | null
			readonly title: string
			readonly responsible: string
			readonly units: number
		}[]
		readonly nextSteps: readonly StepShown[]
	}
	readonly ledger: {
		readonly certifiedCount: number
		readonly dates: readonly { readonly act: string; readonly plannedOn: string | null; readonly actualOn: string | null }[]
	}
	readonly buildings: readonly { readonly code: string; readonly label: string | null }[]
}

interface Flat {
	readonly code: string
	readonly floor: string | null
	readonly room: string | null
	readonly stage: string | null
	readonly contracts: readonly { readonly status: string }[]
	readonly readiness: { readonly ready: boolean; readonly blockingFindings: readonly unknown[] }
}

interface UnitsPage {
	readonly building: {
		readonly units: { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }; readonly edges: readonly { readonly node: Flat }[] }
	} | null
}

const ACTS: Readonly<Record<string, string>> = {
	COMPLETION: "竣工",
	ACCEPTANCE: "联合验收",
	MEASURED_SURVEY: "实测",
	FIRST_REGISTRATION: "首次登记",
	HANDOVER: "交房",
}

/** One unit as one cell: certified, ready, stopped by a finding, sold and not ready, unsold. */
const cell = ({ stage, contracts, readiness }: Flat): string => {
	if (stage === "CERTIFIED" || stage === "SERVED") return styleText("blue", "◆")
	if (readiness.ready) return styleText("green", "■")
	if (readiness.blockingFindings.length > 0) return styleText("red", "✗")
	return contracts.some((each) => each.status === "LIVE") ? styleText("yellow", "▣") : styleText("gray", "□")
}

const LEGEND = `${styleText("blue", "◆")} 已交证  ${styleText("green", "■")} 可即交证  ${styleText("yellow", "▣")} 已售未齐  ${styleText("red", "✗")} 有阻断异常  ${styleText("gray", "□")} 未售`

/** A floor to a line, the highest first. */
const grid = (flats: readonly Flat[]): readonly string[] => {
	const floors = [...Map.groupBy(flats, (each) => each.floor ?? "?")].sort(([a], [b]) => Number.parseInt(b, 10) - Number.parseInt(a, 10) || (a < b ? 1 : -1))
	return floors.map(([floor, row]) => `  ${floor.padStart(4)}  ${row.map(cell).join(" ")}`)
}

const unitsOf = async (code: string, moments: object): Promise<readonly Flat[]> => {
	const found: Flat[] = []
	for (let after: string | null = null; ; ) {
		const { building }: UnitsPage = await ask(process.env, UNITS, { code, ...(after === null ? moments : {}), after })
		if (building === null) return found
		found.push(...building.units.edges.map((edge) => edge.node))
		if (!building.units.pageInfo.hasNextPage) return found
		after = building.units.pageInfo.endCursor
	}
}

const report = ({ code, name, enlisted, developer, readiness, ledger, buildings }: Project, flats: readonly (readonly Flat[])[]): string =>
	[
		`${name ?? ""} ${code}${enlisted ? ",已纳入交房即交证清单" : ",未纳入清单"}`,
		...(developer === null ? [] : [`开发企业 ${developer.name}`]),
		`共 ${readiness.units} 户,已售 ${readiness.sold} 户,可即交证 ${readiness.ready} 户,已交证 ${ledger.certifiedCount} 户${readiness.expectedReadyOn === null ? "" : `;按计划 ${readiness.expectedReadyOn} 具备条件`}`,
		readiness.byStage.map((each) => `${STAGE_TITLES[each.stage] ?? each.stage} ${each.units}`).join(",") || "尚无阶段",
		"",
		"台账(计划 / 实际)",
		...ledger.dates.map((each) => `  ${ACTS[each.act] ?? each.act}  ${each.plannedOn ?? "未填"} / ${each.actualOn ?? "未完成"}`),
		...(readiness.conditions.length === 0
			? []
			: [
					"",
					"项目条件",
					...readiness.conditions.map(
						(each) => `  ${each.status === "UNMET" ? styleText("red", "✗") : styleText("green", "✓")} ${each.id} ${each.title}  ${each.responsible}`,
					),
				]),
		...(readiness.blocking.length === 0
			? []
			: [
					"",
					"未齐的原因(户数)",
					...readiness.blocking.map(
						(each) => `  ${String(each.units).padStart(5)}  ${each.condition ?? each.finding ?? ""} ${each.title}  ${each.responsible}`,
					),
				]),
		...(readiness.nextSteps.length === 0 ? [] : ["", "下一步", ...readiness.nextSteps.map(stepRow)]),
		...buildings.flatMap((building, n) => ["", `${building.label ?? ""} ${building.code}`, ...grid(flats[n] ?? [])]),
		"",
		LEGEND,
	].join("\n")

export const project: Command = {
	help,
	run: async (args) => {
		const { positionals, json, moments } = shownArgs(args)
		const [code, ...more] = positionals
		if (code === undefined || more.length > 0) {
			console.error(help)
			return USAGE
		}
		const { project: found } = await ask<{ readonly project: Project | null }>(process.env, QUERY, { code, ...moments })
		if (found === null) {
			console.error("登记系统中没有任何事件提到这个项目")
			return NO
		}
		const flats: (readonly Flat[])[] = []
		for (const building of found.buildings) flats.push(await unitsOf(building.code, moments))
		console.log(
			json ? JSON.stringify({ ...found, buildings: found.buildings.map((each, n) => ({ ...each, units: flats[n] })) }, null, 2) : report(found, flats),
		)
		return YES
	},
}
